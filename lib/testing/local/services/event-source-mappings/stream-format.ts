import type { JsonRecord } from '../../kernel/json';

/** A record of a stream, as a mapping works with it. */
export interface StreamRecord {
  /** Its place in the shard. */
  readonly sequence: string;
  /** What keeps its order: records with one key are worked on one after the other. */
  readonly key: string;
  /** When it came, in milliseconds since the epoch. */
  readonly arrival: number;
  readonly event: JsonRecord;
  readonly filtered: JsonRecord;
  /** That it comes after the one that followed it. */
  readonly disorder?: string;
}

/** Where a record was read. */
export interface StreamPlace {
  /** The ARN of the source: of the stream, or of the consumer by which it is read. */
  readonly arn: string;
  /** The id of the shard. */
  readonly shard: string;
  readonly region: string;
  /** The ARN of who reads. */
  readonly reader: string;
}

/** How a service's streams are read and what their records look like. */
export interface StreamFormat {
  /** The service as the SDK signs for it. */
  readonly service: string;
  /** What its operations begin with: `Kinesis_20131202`. */
  readonly target: string;
  /** The parameter that holds the stream's ARN. */
  readonly arnParameter: string;
  /** The operation that lists shards, and where in its answer they are. */
  readonly shards: { readonly operation: string; readonly of: (answer: JsonRecord) => unknown };
  /** What failure destinations call the place of a batch. */
  readonly batchInfo: string;
  /** Two neighbours in the other order, where the stream does not keep theirs: their places stay. */
  swapped?(first: JsonRecord, second: JsonRecord): readonly [JsonRecord, JsonRecord] | undefined;
  /** A record, as a mapping works with it. */
  record(item: JsonRecord, place: StreamPlace): StreamRecord;
}
