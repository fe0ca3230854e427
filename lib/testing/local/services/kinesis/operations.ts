import { AwsError } from '../../kernel/aws-errors';
import { type JsonObject, number, parseJson, recordOf, records, text } from '../../kernel/json';
import type { Call } from '../../kernel/call';
import { EXCEEDED, type KinesisStream, type Shard, sizeOf } from './stream';

const MAX_RECORDS = 10_000;
const MAX_PUT = 500;
/** Maximum bytes of all records in a request, with their partition keys. */
const MAX_PUT_BYTES = 10 * 1024 * 1024;
const ITERATORS = ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER', 'TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP'];
/** Lifetime of an iterator, in milliseconds. */
const MAX_AGE = 300_000;

/** A reader's position: after a record of a shard. */
interface Position {
  readonly stream: string;
  readonly shard: string;
  readonly after: string;
  /** In milliseconds since the epoch. */
  readonly made: number;
}

/** The operations of Kinesis on the streams of a run. */
export class KinesisOperations {
  /** @param streams the streams of the run */
  constructor(private readonly streams: readonly KinesisStream[]) {}

  /** The stream of a call, by name, ARN or iterator. */
  find({ StreamName, StreamARN, ShardIterator }: JsonObject): KinesisStream | undefined {
    const arn = text(StreamARN) ?? (ShardIterator === undefined ? undefined : positionOf(ShardIterator).stream);
    return this.streams.find((stream) => stream.name === StreamName || stream.arn === arn);
  }

  /**
   * Answers an operation; undefined for one that is not served.
   * @throws AwsError as Kinesis does
   */
  answer({ operation, input, by }: Pick<Call, 'operation' | 'input' | 'by'>): JsonObject | undefined {
    if (operation === 'ListStreams') {
      return { StreamNames: this.streams.map(({ name }) => name), HasMoreStreams: false };
    }
    if (operation === 'GetRecords') checkIterator(input.ShardIterator);
    const stream = this.existing(input);
    switch (operation) {
      case 'PutRecord': {
        const { shard, sequence } = put(stream, input);
        return { ShardId: shard, SequenceNumber: sequence };
      }
      case 'PutRecords':
        return putAll(stream, records(input.Records));
      case 'GetShardIterator':
        return { ShardIterator: iterator(firstPosition(stream, input, by)) };
      case 'GetRecords':
        return read(stream, input, by);
      case 'ListShards':
        return { Shards: stream.shards.map(describeShard) };
      case 'DescribeStream':
        return {
          StreamDescription: { ...describe(stream), Shards: stream.shards.map(describeShard), HasMoreShards: false },
        };
      case 'DescribeStreamSummary':
        return { StreamDescriptionSummary: { ...describe(stream), OpenShardCount: stream.shards.length } };
      default:
        return undefined;
    }
  }

  private existing(input: JsonObject): KinesisStream {
    const stream = this.find(input);
    if (stream) return stream;
    const said = `Stream ${text(input.StreamName ?? input.StreamARN)} not found.`;
    throw new AwsError('ResourceNotFoundException', said);
  }
}

function put(
  stream: KinesisStream,
  { PartitionKey, Data, ExplicitHashKey }: JsonObject,
): ReturnType<KinesisStream['put']> {
  return stream.put(text(PartitionKey) ?? '', text(Data) ?? '', text(ExplicitHashKey));
}

function putAll(stream: KinesisStream, entries: readonly JsonObject[]): JsonObject {
  if (entries.length === 0 || entries.length > MAX_PUT) {
    throw new AwsError('ValidationException', `'records' must have 1 to ${MAX_PUT} members`);
  }
  const size = entries.reduce(
    (sum, { PartitionKey, Data }) => sum + sizeOf({ partitionKey: text(PartitionKey) ?? '', data: text(Data) ?? '' }),
    0,
  );
  if (size > MAX_PUT_BYTES) {
    throw new AwsError('InvalidArgumentException', `Records size exceeds ${MAX_PUT_BYTES} bytes`);
  }
  // One wrong record refuses them all.
  for (const { PartitionKey, Data, ExplicitHashKey } of entries)
    stream.check(text(PartitionKey) ?? '', text(Data) ?? '', text(ExplicitHashKey));
  const Records = entries.map((entry) => {
    try {
      const { shard, sequence } = put(stream, entry);
      return { ShardId: shard, SequenceNumber: sequence };
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== EXCEEDED) throw error;
      return { ErrorCode: error.code, ErrorMessage: error.message };
    }
  });
  return { FailedRecordCount: Records.filter((one) => 'ErrorCode' in one).length, Records };
}

function firstPosition(stream: KinesisStream, input: JsonObject, by: Call['by']): Omit<Position, 'made'> {
  const shard = stream.shard(text(input.ShardId) ?? '');
  if (!shard) throw new AwsError('ResourceNotFoundException', `Shard ${text(input.ShardId)} not found.`);
  const sequence = text(input.StartingSequenceNumber) ?? '';
  checkPosition(text(input.ShardIteratorType), sequence, input.Timestamp);
  if (by === 'code' && !shard.throughput.iterate()) throw stream.throttled(shard);
  return {
    stream: stream.arn,
    shard: shard.id,
    after: startAfter(shard, text(input.ShardIteratorType) ?? '', sequence, number(input.Timestamp)),
  };
}

function checkPosition(type: string | undefined, sequence: string, timestamp: unknown): void {
  if (type === undefined || !ITERATORS.includes(type)) {
    const value = type === undefined ? 'Value null' : `Value '${type}'`;
    const message = `1 validation error detected: ${value} at 'shardIteratorType' failed to satisfy constraint: Member must satisfy enum value set: [${ITERATORS.join(', ')}]`;
    throw new AwsError('ValidationException', message);
  }
  const missing =
    type.endsWith('SEQUENCE_NUMBER') && sequence === ''
      ? 'StartingSequenceNumber'
      : type === 'AT_TIMESTAMP' && timestamp === undefined
        ? 'Timestamp'
        : undefined;
  if (missing !== undefined) {
    throw new AwsError('InvalidArgumentException', `Must specify ${missing} for iterator type ${type}.`);
  }
}

function startAfter({ records: all }: Shard, type: string, sequence: string, seconds: number | undefined): string {
  const before = (index: number) => (index <= 0 ? '' : all[index - 1]!.sequence);
  switch (type) {
    case 'LATEST':
      return all.at(-1)?.sequence ?? '';
    case 'AFTER_SEQUENCE_NUMBER':
      return sequence;
    case 'AT_SEQUENCE_NUMBER':
      return before(all.findIndex((one) => one.sequence === sequence));
    case 'AT_TIMESTAMP': {
      const index = all.findIndex(({ arrival }) => arrival >= (seconds ?? 0) * 1000);
      return index < 0 ? (all.at(-1)?.sequence ?? '') : before(index);
    }
    default:
      return '';
  }
}

/** Services poll a shard once a second on AWS, and more often here: their reads are not counted one by one. */
function read(stream: KinesisStream, input: JsonObject, by: Call['by']): JsonObject {
  const limit = number(input.Limit) ?? MAX_RECORDS;
  if (limit < 1 || limit > MAX_RECORDS) {
    throw new AwsError('ValidationException', `Value '${limit}' at 'limit' must be 1 to ${MAX_RECORDS}`);
  }
  const position = positionOf(input.ShardIterator);
  const shard = stream.shard(position.shard);
  if (!shard) throw new AwsError('InvalidArgumentException', 'Invalid ShardIterator.');
  if (by === 'code' && !shard.throughput.read()) throw stream.throttled(shard);
  const found = stream.read(shard, position.after, limit);
  if (by === 'code') shard.throughput.gave(found.reduce((sum, one) => sum + sizeOf(one), 0));
  return {
    Records: found.map(({ sequence, arrival, partitionKey, data }) => ({
      SequenceNumber: sequence,
      ApproximateArrivalTimestamp: arrival / 1000,
      PartitionKey: partitionKey,
      Data: data,
    })),
    NextShardIterator: iterator({ ...position, after: found.at(-1)?.sequence ?? position.after }),
    MillisBehindLatest: 0,
  };
}

function iterator(position: Omit<Position, 'made'>): string {
  return Buffer.from(JSON.stringify({ ...position, made: Date.now() })).toString('base64');
}

/** Iterators expire after five minutes. */
function checkIterator(given: unknown): void {
  const iterator = text(given);
  if (iterator === undefined || iterator === '') {
    const rule =
      iterator === undefined ? 'Member must not be null' : 'Member must have length greater than or equal to 1';
    const value = iterator === undefined ? 'Value null' : "Value ''";
    const message = `1 validation error detected: ${value} at 'shardIterator' failed to satisfy constraint: ${rule}`;
    throw new AwsError('ValidationException', message);
  }
  const { stream, made } = positionOf(iterator);
  if (stream === '') throw new AwsError('InvalidArgumentException', 'Invalid ShardIterator.');
  if (Date.now() - made <= MAX_AGE) return;
  const message = 'Iterator expired. The iterator was created more than 300000 milliseconds ago.';
  throw new AwsError('ExpiredIteratorException', message);
}

function positionOf(value: unknown): Position {
  const { stream, shard, after, made } = recordOf(parseJson(Buffer.from(text(value) ?? '', 'base64').toString()));
  return { stream: text(stream) ?? '', shard: text(shard) ?? '', after: text(after) ?? '', made: number(made) ?? 0 };
}

function describe({ name, arn, retention: RetentionPeriodHours }: KinesisStream): JsonObject {
  return { StreamName: name, StreamARN: arn, StreamStatus: 'ACTIVE', EnhancedMonitoring: [], RetentionPeriodHours };
}

function describeShard({ id, from, to, records: all }: Shard): JsonObject {
  return {
    ShardId: id,
    HashKeyRange: { StartingHashKey: String(from), EndingHashKey: String(to) },
    SequenceNumberRange: { StartingSequenceNumber: all[0]?.sequence ?? '0' },
  };
}
