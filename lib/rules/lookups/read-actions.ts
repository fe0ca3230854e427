const TABLE_STREAM = ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'];

const READ: Readonly<Record<string, readonly string[]>> = {
  'AWS::SQS::Queue': ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
  'AWS::DynamoDB::Table': TABLE_STREAM,
  'AWS::DynamoDB::GlobalTable': TABLE_STREAM,
  'AWS::Kinesis::Stream': ['kinesis:GetRecords', 'kinesis:GetShardIterator'],
  'AWS::Kinesis::StreamConsumer': ['kinesis:SubscribeToShard'],
};

/** What a poller (a mapping, a pipe) must be allowed to do with its source; undefined for a source it does not poll. */
export function readActions(type: string): readonly string[] | undefined {
  return READ[type];
}
