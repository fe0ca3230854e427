import { parseArn } from '../arn';
/**
 * The actions of a poller (an event source mapping, a pipe) with its role, by the service of its source.
 *
 * `required` are those without which the service refuses to start; alternatives share one entry. `granted` are those
 * that AWS documents: our blocks grant them, and the local run requires them.
 */
export interface PollerActions {
  /** Refused without these; one action of each entry is enough. */
  readonly required: readonly (readonly string[])[];
  /** What the provider's page asks for. */
  readonly granted: readonly string[];
  /** What it also does if allowed. */
  readonly used: readonly string[];
}

function poller(granted: readonly string[], more: Partial<PollerActions> = {}): PollerActions {
  return { required: granted.map((action) => [action]), granted, used: [], ...more };
}

/**
 * The actions needed to read from a source, by its kind.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html
 */
export const POLLERS = {
  queue: poller(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], {
    used: ['sqs:ChangeMessageVisibility'],
  }),
  // Streams are listed on the table, not the stream: the mapping is created even without this action.
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
      // Either describe action will do; the older one lists the shards too.
      required: [
        ['kinesis:DescribeStream', 'kinesis:DescribeStreamSummary'],
        ['kinesis:GetRecords'],
        ['kinesis:GetShardIterator'],
      ],
      used: ['kinesis:SubscribeToShard'],
    },
  ),
  // In addition to the actions on the stream itself.
  streamConsumer: poller(['kinesis:SubscribeToShard'], { used: ['kinesis:DescribeStreamConsumer'] }),
} satisfies Readonly<Record<string, PollerActions>>;

/**
 * The actions needed to read from a source.
 * @param arn the ARN of the queue, of the stream, of a table's stream or of a stream's consumer
 * @returns undefined for a source that none of our pollers reads
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

/** The stream of a consumer with enhanced fan-out; undefined for the ARN of anything else. */
export function streamOfConsumer(arn: string): string | undefined {
  return /^(arn:[^:]+:kinesis:[^/]*:stream\/[^/]+)\/consumer\//.exec(arn)?.[1];
}

/** How a target is called; a synchronous call of a state machine needs a different action. */
export interface CallOptions {
  /** @default false */
  readonly synchronous?: boolean;
}

/** The actions needed to deliver to a target: the one without which it is refused, and the one to grant. */
export interface CallActions {
  /** Refused without this. */
  readonly required: string;
  /** What the provider's page asks for. */
  readonly granted: readonly string[];
}

function only(action: string): CallActions {
  return { required: action, granted: [action] };
}

/**
 * The actions needed to deliver to a target, by its kind: what our blocks grant, what SAM's roles have, what rules and
 * the local run require.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export const CALLS = {
  apiDestination: only('events:InvokeApiDestination'),
  bucket: { required: 's3:PutObject', granted: ['s3:PutObject', 's3:ListBucket'] },
  bus: only('events:PutEvents'),
  deliveryStream: { required: 'firehose:PutRecord', granted: ['firehose:PutRecord', 'firehose:PutRecordBatch'] },
  function: only('lambda:InvokeFunction'),
  queue: only('sqs:SendMessage'),
  stateMachine: only('states:StartExecution'),
  stream: { required: 'kinesis:PutRecord', granted: ['kinesis:PutRecord', 'kinesis:PutRecords'] },
  topic: only('sns:Publish'),
  waitedStateMachine: only('states:StartSyncExecution'),
} satisfies Readonly<Record<string, CallActions>>;

/**
 * The actions needed to deliver an event, a message or a failed record to a target.
 * @param arn the ARN of the target
 * @returns undefined for an unknown target
 */
export function callActions(arn: string, { synchronous = false }: CallOptions = {}): CallActions | undefined {
  switch (serviceOf(arn)) {
    case 'lambda':
      return CALLS.function;
    case 'sqs':
      return CALLS.queue;
    case 'sns':
      return CALLS.topic;
    case 's3':
      return CALLS.bucket;
    case 'states':
      return synchronous ? CALLS.waitedStateMachine : CALLS.stateMachine;
    case 'events':
      return arn.includes(':api-destination/') ? CALLS.apiDestination : CALLS.bus;
    case 'kinesis':
      return CALLS.stream;
    case 'firehose':
      return CALLS.deliveryStream;
    default:
      return undefined;
  }
}

/** What a caller's policy must name: any version of a function, a bucket's objects, otherwise the target itself. */
export function calledResources(arn: string): readonly string[] {
  if (serviceOf(arn) === 's3') return [`${arn}/*`];
  return /:function:[^:]+$/.test(arn) ? [arn, `${arn}:*`] : [arn];
}

function serviceOf(arn: string): string | undefined {
  return parseArn(arn)?.service;
}
