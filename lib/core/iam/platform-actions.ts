import { parseArn } from '../arn';
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

function poller(granted: readonly string[], more: Partial<PollerActions> = {}): PollerActions {
  return { required: granted.map((action) => [action]), granted, used: [], ...more };
}

/**
 * What it takes to read from a source, by its kind.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html
 */
export const POLLERS = {
  queue: poller(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], {
    used: ['sqs:ChangeMessageVisibility'],
  }),
  // The streams of a table are listed by the table, not by the stream: without it a mapping is made all the same.
  tableStream: poller(
    ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
    { required: [['dynamodb:DescribeStream'], ['dynamodb:GetRecords'], ['dynamodb:GetShardIterator']] },
  ),
  stream: poller(
    [
      'kinesis:DescribeStream',
      'kinesis:DescribeStreamSummary',
      'kinesis:GetRecords',
      'kinesis:GetShardIterator',
      'kinesis:ListShards',
    ],
    {
      // Either description does, and the older one lists the shards too.
      required: [
        ['kinesis:DescribeStream', 'kinesis:DescribeStreamSummary'],
        ['kinesis:GetRecords'],
        ['kinesis:GetShardIterator'],
      ],
      used: ['kinesis:SubscribeToShard'],
    },
  ),
  streamConsumer: poller(['kinesis:SubscribeToShard']),
} satisfies Readonly<Record<string, PollerActions>>;

/**
 * What it takes to read from a source.
 * @param arn the ARN of the queue, of the stream, of a table's stream or of a stream's consumer
 * @returns undefined for a source that no poller of ours reads
 */
export function pollerActions(arn: string): PollerActions | undefined {
  switch (serviceOf(arn)) {
    case 'sqs':
      return POLLERS.queue;
    case 'dynamodb':
      return POLLERS.tableStream;
    case 'kinesis':
      return arn.includes('/consumer/') ? POLLERS.streamConsumer : POLLERS.stream;
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

function serviceOf(arn: string): string | undefined {
  return parseArn(arn)?.service;
}
