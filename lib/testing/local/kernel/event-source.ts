import type { Outcome } from '../lambda/lambda-function';
import type { MappingSettings } from '../services/event-source-mappings/settings';
import type { GivenUp } from '../services/event-source-mappings/failure-record';
import type { Caller } from './caller';
import type { JsonObject } from './json';
import type { Need } from './judge';

/** Processes the records of a queue or stream: a mapping's function, or a pipe. */
export interface Consumer {
  /** For the log: its construct path. */
  readonly name: string;
  /** Who reads the source, and delivers the discarded records. */
  readonly caller: Caller;
  /** How long it may work on a batch, in seconds. */
  readonly timeout: number;
  /** Most batches at once; undefined without reserved concurrency. */
  readonly atMost?: number;
  /**
   * Works on a batch.
   * @param items the records as its source writes them
   * @param more the event's other fields
   * @throws ThrottledError when it is busy
   */
  work(items: readonly JsonObject[], more?: JsonObject): Promise<Outcome>;
  /** What a failure destination receives about discarded records. */
  failure(given: GivenUp, place: ShardPlace): JsonObject;
}

/** A shard of a stream. */
export interface ShardPlace {
  readonly shardId: string;
  /** The ARN of the stream. */
  readonly stream: string;
  /** What failure destinations call the place of a batch: `KinesisBatchInfo`. */
  readonly batchInfo: string;
}

/** A queue or stream that can be read for a function or a pipe. */
export interface EventSource {
  /** What the reader's role must be allowed to do: otherwise, as on AWS, the reader is not created. */
  readonly needs: readonly Need[];
  /** Why a reader with these settings is refused; undefined if it is accepted. */
  refusal?(consumer: Consumer, settings: MappingSettings): string | undefined;
  /** What reads it for a consumer. */
  poller(consumer: Consumer, settings: MappingSettings): Poller;
}

/** Something that reads a source and hands batches to a consumer. */
export interface Poller {
  /** Begins to read. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** What is still to be worked on: `3 messages`; undefined when nothing is. */
  pending(): Promise<string | undefined>;
}
