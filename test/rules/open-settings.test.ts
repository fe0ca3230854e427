import { readTemplate } from '../../lib/core/model/read-template';
import { judge } from '../../lib/rules/judge';
import { RULES } from '../../lib/rules/rules/registry';

/** A template without the setting that the rule needs to know beside its own, and its default would be a mistake. */
test.each([
  ['ExpressLogs', 'AWS::StepFunctions::StateMachine', 'StateMachineType: !Ref Open'],
  ['FifoSettings', 'AWS::SQS::Queue', 'QueueName: jobs.fifo, FifoQueue: !Ref Open'],
  ['FunctionUrlPermission', 'AWS::Lambda::Url', 'TargetFunctionArn: f, AuthType: !Ref Open'],
  ['SnapStartSupported', 'AWS::Lambda::Function', 'Runtime: nodejs22.x, SnapStart: { ApplyOn: !Ref Open }'],
  ['KeyRotation', 'AWS::KMS::Key', 'KeySpec: !Ref Open'],
  ['BucketPublic', 'AWS::S3::Bucket', 'AccessControl: !Ref Open'],
  ['BucketPublic', 'AWS::S3::Bucket', 'PublicAccessBlockConfiguration: { BlockPublicAcls: !Ref Open }'],
  [
    'MappingPartialBatch',
    'AWS::Lambda::EventSourceMapping',
    "EventSourceArn: 'arn:aws:sqs:eu-west-1:111111111111:q', BatchSize: !Ref Open",
  ],
  [
    'CorsCredentials',
    'AWS::ApiGatewayV2::Api',
    "CorsConfiguration: { AllowOrigins: ['*'], AllowCredentials: !Ref Open }",
  ],
  [
    'QueueRedriveType',
    'AWS::SQS::Queue',
    'FifoQueue: !Ref Open, RedrivePolicy: { deadLetterTargetArn: !GetAtt Dead.Arn }',
  ],
  [
    'QueueDeadLetterRetention',
    'AWS::SQS::Queue',
    'FifoQueue: !Ref Open, RedrivePolicy: { deadLetterTargetArn: !GetAtt Dead.Arn }',
  ],
])('%s does not take a setting of %s for its default where it is open: %s', (id, type, properties) => {
  const model = readTemplate(`
Parameters: { Open: { Type: String } }
Resources:
  Subject: { Type: ${type}, Properties: { ${properties} } }
  Dead: { Type: AWS::SQS::Queue, Properties: { MessageRetentionPeriod: 60 } }
`);
  const { findings, unknown, failures } = judge(model, { rules: RULES.filter((rule) => rule.id === id) });
  expect([findings.map(({ message }) => message), failures]).toEqual([[], []]);
  expect(unknown.map(({ message }) => message)).toEqual(["parameter 'Open' has no default"]);
});
