import { publishedAttributes } from '../../../../lib/rules/rules/states/published-attributes';
import { arn, changed, describeAccepted, describeFaults, judgeAll, modelOf, OPEN } from '../faults';
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

const batch = (PublishBatchRequestEntries: unknown) => ({
  ...publish(0),
  Resource: 'arn:aws:states:::aws-sdk:sns:publishBatch',
  Arguments: { TopicArn: { Ref: 'Topic' }, PublishBatchRequestEntries },
});

describeFaults(publishedAttributes, base, [
  {
    mistake: 'eleven attributes for a raw queue',
    change: { ...topic(true), [inState('Charge')]: publish(11) },
    message: 'publishes 11 attributes in Charge to a topic that delivers raw to a queue',
    open: { ...topic(OPEN), [inState('Charge')]: publish(11) },
  },
  {
    mistake: 'a message of a batch with eleven',
    change: { ...topic(true), [inState('Charge')]: batch([publish(1), publish(11)].map(({ Arguments }) => Arguments)) },
    message: 'publishes 11 attributes in Charge to a topic that delivers raw to a queue',
    open: { ...topic(true), [inState('Charge')]: batch('{% $states.input.messages %}') },
  },
]);

test('attributes that an expression makes are not taken for none', () => {
  const { Arguments, ...state } = publish(0);
  const Charge = { ...state, Arguments: { ...Arguments, MessageAttributes: '{% $states.input.attributes %}' } };
  const { findings, unknown } = judgeAll(modelOf(changed(base, { ...topic(true), [inState('Charge')]: Charge })), [
    publishedAttributes,
  ]);
  expect({ findings, unknown }).toEqual({
    findings: [],
    unknown: [expect.stringContaining('how many attributes Charge publishes is known only when it runs')],
  });
});

describeAccepted(publishedAttributes, base, [
  { accepts: 'ten', change: { ...topic(true), [inState('Charge')]: publish(10) } },
  { accepts: 'eleven for one that is not raw', change: { ...topic(false), [inState('Charge')]: publish(11) } },
]);
