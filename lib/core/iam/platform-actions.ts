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
  // Beside what it asks of the stream itself.
  streamConsumer: poller(['kinesis:SubscribeToShard'], { used: ['kinesis:DescribeStreamConsumer'] }),
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

/** The stream of a consumer with enhanced fan-out; undefined for the ARN of anything else. */
export function streamOfConsumer(arn: string): string | undefined {
  return /^(arn:[^:]+:kinesis:[^/]*:stream\/[^/]+)\/consumer\//.exec(arn)?.[1];
}

/** How a target is called; a state machine that is called and waited for takes another action. */
export interface CallOptions {
  /** @default false */
  readonly synchronous?: boolean;
}

/** What it takes to hand something to a target: the action without which it is refused, and those that are granted. */
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
 * What it takes to hand something to a target, by its kind: what our blocks grant, what SAM's roles have, what rules and
 * the local run ask for.
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
 * What it takes to hand something to a target: an event, a message, a record that failed.
 * @param arn the ARN of the target
 * @returns undefined for a target that nothing of ours speaks of
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

/** What a caller's policy must name: any version of a function, the objects of a bucket, and otherwise the target itself. */
export function calledResources(arn: string): readonly string[] {
  if (serviceOf(arn) === 's3') return [`${arn}/*`];
  return /:function:[^:]+$/.test(arn) ? [arn, `${arn}:*`] : [arn];
}

function serviceOf(arn: string): string | undefined {
  return parseArn(arn)?.service;
}
