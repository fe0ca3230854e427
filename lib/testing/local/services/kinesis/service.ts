import { POLLERS } from '../../../../core/iam/platform-actions';
import { jsonResponse } from '../../kernel/aws-errors';
import { type JsonObject, number, recordOf, text } from '../../kernel/json';
import { knownLater } from '../../kernel/known-later';
import { KinesisOperations } from './operations';
import { KinesisStream } from './stream';
import type { Deployed } from '../../kernel/deployment';
import type { EventSource } from '../../kernel/event-source';
import type { LocalContext, LocalService } from '../../kernel/service';
import { needsOn, streamSource } from '../event-source-mappings/stream-source';
import { KINESIS_STREAM } from './stream-format';
import { kinesisRetention } from '../../../../core/facts/streams';

const STREAM = 'AWS::Kinesis::Stream';
const CONSUMER = 'AWS::Kinesis::StreamConsumer';
/** More than any account has: its quota is 20,000 unless it is raised. */
const MOST_SHARDS = 100_000;

const SERVED =
  /^(PutRecords?|GetRecords|GetShardIterator|ListShards|ListStreams|DescribeStream|DescribeStreamSummary)$/;

/** Amazon Kinesis Data Streams: the streams of the templates, in this process. */
export function kinesis(context: LocalContext): LocalService {
  const streams: KinesisStream[] = [];
  const make = ({ name, arn, properties }: Deployed): void => {
    const { ShardCount, RetentionPeriodHours, MaxRecordSizeInKiB } = properties;
    const maxRecord = number(MaxRecordSizeInKiB);
    const bytes = maxRecord === undefined ? undefined : maxRecord * 1024;
    const { clock } = context;
    const pollers = () => pollersOf(context, arn);
    const given = number(ShardCount);
    const shards = given === undefined || isShardCount(given) ? given : 1;
    streams.push(new KinesisStream(name, arn, clock, shards, number(RetentionPeriodHours), bytes, pollers));
  };
  context.deployment.ofType(STREAM).forEach(make);
  const operations = new KinesisOperations(streams);

  /** A stream or one of its consumers: readers do not compete here, so both are read the same way. */
  const eventSource = (arn: string): EventSource | undefined => {
    const consumer = context.deployment.withArn(arn, CONSUMER);
    const stream = consumer ? text(consumer.properties.StreamARN) : arn;
    const own = streams.find((one) => one.arn === stream);
    if (stream === undefined || own === undefined) return undefined;
    const subscribing = consumer ? needsOn(arn, POLLERS.streamConsumer.granted) : [];
    const needs = [...needsOn(stream, POLLERS.stream.granted), ...subscribing];
    return streamSource(context, KINESIS_STREAM, needs, stream, () => own.count);
  };

  async function begin(): Promise<void> {
    for (const { displayName: resource, type, given } of context.deployment.ofType(STREAM)) {
      const faults = streamFaults(given).map((fault) => `AWS refuses to create it: ${fault}`);
      for (const reason of [...faults, ...knownLater(given, ['ShardCount'])])
        context.unsupported({ resource, type, reason });
    }
  }

  return {
    begin,
    resourceTypes: [STREAM, CONSUMER, 'AWS::Kinesis::ResourcePolicy'],
    make: (one) => (one.type === STREAM ? make(one) : undefined),
    api: {
      signingNames: ['kinesis'],
      protocol: 'json',
      denial: {
        code: 'AccessDeniedException',
        status: 400,
        key: { code: 'KMSAccessDeniedException', status: 400 },
      },
      needs: ({ operation, input }) => {
        if (!SERVED.test(operation)) return undefined;
        const resource =
          operations.find(input)?.arn ??
          text(input.StreamARN) ??
          context.arn('kinesis', `stream/${text(input.StreamName) ?? '*'}`);
        return [{ action: `kinesis:${operation}`, resource: operation === 'ListStreams' ? '*' : resource }];
      },
      handle: async (call) => jsonResponse(operations.answer(call)),
    },
    eventSource,
  };
}

/** How many mappings and pipes share the reads of a stream: those without enhanced fan-out. */
function pollersOf({ deployment }: LocalContext, arn: string): number {
  const mappings = deployment
    .ofType('AWS::Lambda::EventSourceMapping')
    .filter(({ properties }) => properties.EventSourceArn === arn && properties.Enabled !== false);
  return (
    mappings.length +
    deployment
      .ofType('AWS::Pipes::Pipe')
      .filter(({ properties }) => properties.Source === arn && properties.DesiredState !== 'STOPPED').length
  );
}

function isShardCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= MOST_SHARDS;
}

/**
 * Why Kinesis refuses to create a stream.
 * @param properties with null for what is not known
 * @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CreateStream.html
 */
function streamFaults(properties: JsonObject): readonly string[] {
  const { ShardCount, StreamModeDetails, RetentionPeriodHours } = properties;
  const mode = text(recordOf(StreamModeDetails).StreamMode);
  const shards = number(ShardCount);
  const hours = number(RetentionPeriodHours);
  const { min, max } = kinesisRetention.value;
  return [
    ...(mode === 'ON_DEMAND' && ShardCount !== undefined ? ['ShardCount is for the mode PROVISIONED'] : []),
    ...(mode === 'PROVISIONED' && ShardCount === undefined ? ['the mode PROVISIONED requires ShardCount'] : []),
    ...(shards !== undefined && !isShardCount(shards)
      ? [`ShardCount is a whole number from 1 to the quota of the account, got ${shards}`]
      : []),
    ...(hours !== undefined && (hours < min || hours > max)
      ? [`RetentionPeriodHours is from ${min} to ${max}, got ${hours}`]
      : []),
  ];
}
