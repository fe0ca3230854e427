/** What a caller does to a target with its role, by the target's type. */
const ACTIONS: Readonly<Record<string, string>> = {
  'AWS::Lambda::Function': 'lambda:InvokeFunction',
  'AWS::Lambda::Alias': 'lambda:InvokeFunction',
  'AWS::Lambda::Version': 'lambda:InvokeFunction',
  'AWS::SQS::Queue': 'sqs:SendMessage',
  'AWS::SNS::Topic': 'sns:Publish',
  'AWS::S3::Bucket': 's3:PutObject',
  'AWS::StepFunctions::StateMachine': 'states:StartExecution',
  'AWS::Events::EventBus': 'events:PutEvents',
  'AWS::Kinesis::Stream': 'kinesis:PutRecord',
  'AWS::KinesisFirehose::DeliveryStream': 'firehose:PutRecord',
};

/** The permission that it takes to call or feed a target; undefined for types that no rule speaks of. */
export function writeAction(type: string): string | undefined {
  return ACTIONS[type];
}
