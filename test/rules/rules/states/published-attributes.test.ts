import { publishedAttributes } from '../../../../lib/rules/rules/states/published-attributes';
import { arn, describeAccepted, describeFaults, OPEN } from '../faults';
import { allow, goodQueue, goodRole, letIn, tlsOnly } from '../parts';
import { CATCH, inState, order } from './templates';

const topic = (raw: unknown) => ({
  Topic: { Type: 'AWS::SNS::Topic', Properties: { KmsMasterKeyId: 'alias/aws/sns' } },
  Raw: {
    Type: 'AWS::SNS::Subscription',
    Properties: {
      TopicArn: { Ref: 'Topic' },
      Protocol: 'sqs',
      Endpoint: { 'Fn::GetAtt': ['Questions', 'Arn'] },
      RawMessageDelivery: raw,
      RedrivePolicy: { deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:123456789012:dead' },
    },
  },
});

const base = {
  ...order,
  ...goodQueue('Questions', [letIn('sns.amazonaws.com', 'Questions', { Ref: 'Topic' })]),
  ...tlsOnly('Topic', 'Topic'),
  MachineRole: goodRole('states.amazonaws.com', [
    allow('lambda:InvokeFunction', arn('Pay')),
    allow('sns:Publish', { Ref: 'Topic' }),
  ]),
};

const publish = (count: number) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::sns:publish',
  Arguments: {
    TopicArn: { Ref: 'Topic' },
    Message: 'x',
    MessageAttributes: Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`a${index}`, { DataType: 'String', StringValue: 'x' }]),
    ),
  },
  Catch: CATCH,
  Next: 'Lines',
});

describeFaults(publishedAttributes, base, [
  {
    mistake: 'eleven attributes for a raw queue',
    change: { ...topic(true), [inState('Charge')]: publish(11) },
    message: 'publishes 11 attributes in Charge to a topic that delivers raw to a queue',
    open: { ...topic(OPEN), [inState('Charge')]: publish(11) },
  },
]);

describeAccepted(publishedAttributes, base, [
  { accepts: 'ten', change: { ...topic(true), [inState('Charge')]: publish(10) } },
  { accepts: 'eleven for one that is not raw', change: { ...topic(false), [inState('Charge')]: publish(11) } },
]);
