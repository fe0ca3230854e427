/**
 * What a poller (a mapping of Lambda, a pipe) does with the role that it is given, by the service of its source.
 *
 * `required` are those without which the service refuses to start; where it takes one of several, they are one entry.
 * `granted` are those that the provider's page asks for: our blocks grant them, and the local run asks for them.
 */
export interface PollerActions {
  /** Refused without these; one of each entry is enough. */
  readonly required: readonly (readonly string[])[];
  /** What the provider's page asks for. */
  readonly granted: readonly string[];
  /** What it may do besides, if it may. */
  readonly used: readonly string[];
}

const QUEUE = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
const TABLE = ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'];
const STREAM = [
  'kinesis:DescribeStream',
  'kinesis:DescribeStreamSummary',
  'kinesis:GetRecords',
  'kinesis:GetShardIterator',
  'kinesis:ListShards',
];
const CONSUMER = ['kinesis:SubscribeToShard'];

/**
 * What it takes to read from a source.
 * @param arn the ARN of the queue, of the stream, of a table's stream or of a stream's consumer
 * @returns undefined for a source that no poller of ours reads
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html
 */
export function pollerActions(arn: string): PollerActions | undefined {
  switch (serviceOf(arn)) {
    case 'sqs':
      return { required: each(QUEUE), granted: QUEUE, used: ['sqs:ChangeMessageVisibility'] };
    case 'dynamodb':
      return { required: each(TABLE.slice(0, 3)), granted: TABLE, used: [] };
    case 'kinesis': {
      if (arn.includes('/consumer/')) return { required: each(CONSUMER), granted: CONSUMER, used: [] };
      const [describe, summary, get, iterate] = STREAM as [string, string, string, string];
      // Lambda takes either of the two descriptions, and lists the shards by the older one where it must.
      return { required: [[describe, summary], [get], [iterate]], granted: STREAM, used: CONSUMER };
    }
    default:
      return undefined;
  }
}

/** How a target is called; a state machine that is called and waited for takes another action. */
export interface CallOptions {
  /** @default false */
  readonly synchronous?: boolean;
}

/**
 * What it takes to hand something to a target: an event, a message, a record that failed.
 * @param arn the ARN of the target
 * @returns undefined for a target that nothing of ours speaks of
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export function callActions(
  arn: string,
  { synchronous = false }: CallOptions = {},
): { readonly required: string; readonly granted: readonly string[] } | undefined {
  const service = serviceOf(arn);
  const only = (action: string) => ({ required: action, granted: [action] });
  switch (service) {
    case 'lambda':
      return only('lambda:InvokeFunction');
    case 'sqs':
      return only('sqs:SendMessage');
    case 'sns':
      return only('sns:Publish');
    case 's3':
      return { required: 's3:PutObject', granted: ['s3:PutObject', 's3:ListBucket'] };
    case 'states':
      return only(synchronous ? 'states:StartSyncExecution' : 'states:StartExecution');
    case 'events':
      return arn.includes(':api-destination/') ? only('events:InvokeApiDestination') : only('events:PutEvents');
    case 'kinesis':
      return { required: 'kinesis:PutRecord', granted: ['kinesis:PutRecord', 'kinesis:PutRecords'] };
    case 'firehose':
      return { required: 'firehose:PutRecord', granted: ['firehose:PutRecord', 'firehose:PutRecordBatch'] };
    default:
      return undefined;
  }
}

/** What a caller's policy must name: any version of a function, the objects of a bucket, and otherwise the target itself. */
export function calledResources(arn: string): readonly string[] {
  if (serviceOf(arn) === 's3') return [`${arn}/*`];
  return /:function:[^:]+$/.test(arn) ? [arn, `${arn}:*`] : [arn];
}

function each(actions: readonly string[]): readonly (readonly string[])[] {
  return actions.map((action) => [action]);
}

function serviceOf(arn: string): string | undefined {
  return arn.split(':')[2];
}
