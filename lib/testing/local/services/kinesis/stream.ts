import { createHash } from 'node:crypto';
import { AwsError } from '../../kernel/aws-errors';
import { parseArn } from '../../../../core/arn';
import type { Clock } from '../../kernel/clock';
import { ShardThroughput } from './throughput';

/** A record of a stream. */
export interface KinesisRecord {
  /** Its increasing position in the shard. */
  readonly sequence: string;
  /** When it was put, in milliseconds since the epoch. */
  readonly arrival: number;
  readonly partitionKey: string;
  /** The bytes, in base64. */
  readonly data: string;
}

/** An ordered part of a stream. */
export interface Shard {
  /** `shardId-000000000000`. */
  readonly id: string;
  /** The first partition key hash in this shard. */
  readonly from: bigint;
  /** The last one. */
  readonly to: bigint;
  readonly records: KinesisRecord[];
  /** What it takes and gives per second. */
  readonly throughput: ShardThroughput;
}

const HASHES = 2n ** 128n;
/** The number of shards of a new on-demand stream. */
const ON_DEMAND_SHARDS = 4;
const MAX_RECORD = 1024 * 1024;
const MAX_KEY = 256;
/** Maximum bytes of the records in a response. */
const MAX_RESPONSE = 10 * 1024 * 1024;
/** The error of a call that exceeds the throughput of a shard. */
export const EXCEEDED = 'ProvisionedThroughputExceededException';

/** A Kinesis stream in memory. */
export class KinesisStream {
  /** Its shards, which never change. */
  readonly shards: readonly Shard[];
  private sequence = 0;

  /**
   * @param shards how many; undefined for an on-demand stream
   * @param retention of records, in hours
   * @param maxRecord maximum size of a record, in bytes
   * @param pollers how many mappings and pipes poll each shard
   */
  constructor(
    readonly name: string,
    readonly arn: string,
    private readonly clock: Clock,
    shards = ON_DEMAND_SHARDS,
    readonly retention = 24,
    private readonly maxRecord = MAX_RECORD,
    pollers: () => number = () => 0,
  ) {
    const size = HASHES / BigInt(shards);
    this.shards = Array.from({ length: shards }, (_, index) => ({
      id: `shardId-${String(index).padStart(12, '0')}`,
      from: size * BigInt(index),
      to: index === shards - 1 ? HASHES - 1n : size * BigInt(index + 1) - 1n,
      records: [],
      throughput: new ShardThroughput(() => clock.now(), pollers),
    }));
  }

  /**
   * Adds a record.
   * @param hashKey chooses the shard instead of the partition key
   * @throws AwsError when the record is too large or its key too long, or the shard has taken its share of the second
   */
  put(partitionKey: string, data: string, hashKey?: string): { readonly shard: string; readonly sequence: string } {
    this.check(partitionKey, data, hashKey);
    const bytes = sizeOf({ data, partitionKey });
    const hash = hashKey === undefined ? hashOf(partitionKey) : BigInt(hashKey);
    const shard = this.shards.find(({ to }) => hash <= to)!;
    if (!shard.throughput.write(bytes)) throw this.throttled(shard);
    const sequence = `4966${String(++this.sequence).padStart(52, '0')}`;
    shard.records.push({ sequence, arrival: Date.now(), partitionKey, data });
    return { shard: shard.id, sequence };
  }

  /** @throws AwsError when a record is too large, its key too long, or its hash key is none */
  check(partitionKey: string, data: string, hashKey = '0'): void {
    const invalid = (message: string) => new AwsError('ValidationException', message);
    if (partitionKey === '' || partitionKey.length > MAX_KEY) {
      throw invalid(`Value at 'partitionKey' failed to satisfy constraint: Member must have length of 1 to ${MAX_KEY}`);
    }
    if (sizeOf({ data, partitionKey }) > this.maxRecord) {
      throw invalid(`Data and partition key must be at most ${this.maxRecord} bytes`);
    }
    if (!/^(0|[1-9]\d{0,38})$/.test(hashKey)) {
      const pattern = String.raw`0|([1-9]\d{0,38})`;
      throw invalid(
        `Value '${hashKey}' at 'explicitHashKey' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern}`,
      );
    }
    if (BigInt(hashKey) >= HASHES) {
      const range = 'ExplicitHashKey must be in the range: [0, 2^128-1]';
      throw new AwsError(
        'InvalidArgumentException',
        `Invalid ExplicitHashKey. ${range}. Specified value was ${hashKey}`,
      );
    }
  }

  /** Refuses a call that exceeds the throughput of a shard. */
  throttled({ id }: Shard): AwsError {
    const account = parseArn(this.arn)?.account ?? '';
    const message = `Rate exceeded for shard ${id} in stream ${this.name} under account ${account}.`;
    return new AwsError(EXCEEDED, message);
  }

  /** How many records it has taken. */
  get count(): number {
    return this.sequence;
  }

  /** A shard by its id. */
  shard(id: string): Shard | undefined {
    return this.shards.find((one) => one.id === id);
  }

  /** The retained records of a shard after a position. */
  read(shard: Shard, after: string, limit: number): readonly KinesisRecord[] {
    const kept = shard.records.findIndex(({ arrival }) => this.clock.since(arrival) < this.retention * 3600);
    if (kept !== 0) shard.records.splice(0, kept < 0 ? shard.records.length : kept);
    const start = shard.records.findIndex(({ sequence }) => sequence > after);
    return start < 0 ? [] : withinSize(shard.records.slice(start, start + limit));
  }
}

/** The size of a record: its data with its partition key. */
export function sizeOf({ data, partitionKey }: Pick<KinesisRecord, 'data' | 'partitionKey'>): number {
  return Buffer.byteLength(data, 'base64') + Buffer.byteLength(partitionKey);
}

/** The first records that fit in a response, and at least one. */
function withinSize(records: readonly KinesisRecord[]): readonly KinesisRecord[] {
  let size = 0;
  const over = records.findIndex((one, index) => (size += sizeOf(one)) > MAX_RESPONSE && index > 0);
  return over < 0 ? records : records.slice(0, over);
}

function hashOf(key: string): bigint {
  return BigInt(`0x${createHash('md5').update(key).digest('hex')}`);
}
