import type { JsonObject } from '../../kernel/json';

/** A record of a stream, as a mapping works with it. */
export interface StreamRecord {
  /** Its sequence number in the shard. */
  readonly sequence: string;
  /** Its ordering key: records with the same key are processed one after the other. */
  readonly key: string;
  /** Its arrival time, in milliseconds since the epoch. */
  readonly arrival: number;
  readonly event: JsonObject;
  readonly filtered: JsonObject;
  /** Whether it was swapped with its successor. */
  readonly disorder?: string;
}

/** Where a record was read from. */
export interface StreamPlace {
  /** The ARN of the source: the stream, or the consumer that reads it. */
  readonly arn: string;
  /** The id of the shard. */
  readonly shard: string;
  readonly region: string;
  /** The ARN of the reader. */
  readonly reader: string;
}

/** How to read a service's streams, and the format of their records. */
export interface StreamFormat {
  /** The service's signing name. */
  readonly service: string;
  /** The prefix of its operations: `Kinesis_20131202`. */
  readonly target: string;
  /** The parameter that holds the stream's ARN. */
  readonly arnParameter: string;
  /** The operation that lists shards, and their place in its answer. */
  readonly shards: { readonly operation: string; readonly of: (answer: JsonObject) => unknown };
  /** The name of a batch's position in failure records. */
  readonly batchInfo: string;
  /** Swaps two neighbours if the stream is unordered; they keep their sequence numbers. */
  swapped?(first: JsonObject, second: JsonObject): readonly [JsonObject, JsonObject] | undefined;
  /** A record, as a mapping works with it. */
  record(item: JsonObject, place: StreamPlace): StreamRecord;
}
