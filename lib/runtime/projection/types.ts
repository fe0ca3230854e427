import type { DynamoDbClient } from '../dynamodb-client';
import type { EventOf, EventShape, Recorded, Upcasters } from '../event-store/types';

/** A model, as handlers change it. */
export type ModelShape = object;

/**
 * What an event does to a model, by type: it changes the model in place or returns the next one; null deletes it. It is called
 * again where another write came first, so it does nothing else.
 */
export type Projections<Event extends EventShape, Model> = {
  readonly [Type in Event['type']]?: (
    model: Model,
    event: Recorded<EventOf<Event, Type>>,
    key: string,
  ) => Model | null | void | Promise<Model | null | void>;
};

/** What an event adds to the numbers of a model, by type. */
export type Additions<Event extends EventShape> = {
  readonly [Type in Event['type']]?: (
    event: Recorded<EventOf<Event, Type>>,
    key: string,
  ) => Readonly<Record<string, number>>;
};

/** How a projection keeps its read model. */
export type ProjectionOptions<Event extends EventShape, Model extends ModelShape> = {
  /** The key of the model that an event touches, or of several; none for an empty list. */
  readonly key: (event: Recorded<Event>) => string | readonly string[];
  /**
   * What each type of event does to a model. Types that are not named do nothing.
   * @default - none
   */
  readonly on?: Projections<Event, Model>;
  /**
   * What each type of event adds to a model that many aggregates share, such as the revenue of a day: no reader waits for another
   * one. Read it with `total()`.
   * @default - none
   */
  readonly add?: Additions<Event>;
  /**
   * Items over which a total is spread, from 1. A table keeps what it has: change it with a rebuild only.
   * @default 8
   */
  readonly shards?: number;
  /**
   * How data of older schemas are read: the same as the store's.
   * @default - each type has one schema, 1
   */
  readonly upcasters?: Upcasters<Event>;
  /**
   * How often a handler that throws is called for an event before its aggregate is parked.
   * @default 3
   */
  readonly attempts?: number;
  /**
   * A client with settings of its own.
   * @default - one for all, with the SDK's settings
   */
  readonly client?: DynamoDbClient;
} & (Partial<Model> extends Model ? { readonly initial?: Model } : { readonly initial: Model });

/** Why an aggregate is parked. */
export interface ParkedMark {
  /** The version that was not applied. */
  readonly version: number;
  /** `handler`: what it threw; `tampering`: a stored event was changed or deleted. */
  readonly reason: 'handler' | 'tampering';
  /** What was thrown. */
  readonly error: { readonly name: string; readonly message: string };
  /** When, in ISO 8601. */
  readonly time: string;
}

/** What is sent when an aggregate is parked. */
export interface ParkedAggregate extends ParkedMark {
  /** The projection. */
  readonly projection: string;
  /** The aggregate. */
  readonly aggregate: string;
}

/** How far an aggregate is caught up with. */
export interface CatchUpOptions {
  /**
   * Begins with the first event and an empty model, and writes the result at once. Refused where an aggregate shares its models with
   * others.
   * @default false
   */
  readonly reset?: boolean;
}

/** What came of catching up. */
export interface CaughtUp {
  /** The aggregate. */
  readonly aggregate: string;
  /** All versions up to it are applied. */
  readonly version: number;
  /** How many were applied now. */
  readonly applied: number;
  /** Why it went no further. */
  readonly parked?: ParkedMark;
}

/** What a replay asks a projection's function for. */
export interface ReplayRequest {
  /** The aggregates, and how. */
  readonly replay: CatchUpOptions & { readonly aggregates: readonly string[] };
}

/** What a replay is told. */
export interface ReplayAnswer {
  /** How many aggregates were caught up with. */
  readonly aggregates: number;
  /** How many events were applied. */
  readonly applied: number;
  /** The aggregates that could not. */
  readonly parked: readonly ParkedAggregate[];
}

/** What a mapping is told: from the lowest on, records are delivered again. */
export interface BatchAnswer {
  /** Sequence numbers. */
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** A change of an item of a table, as its stream tells it. */
export interface Change {
  /** `INSERT`, `MODIFY` or `REMOVE`. */
  readonly eventName?: string;
  /** The change itself. */
  readonly dynamodb?: {
    readonly Keys?: Record<string, { readonly S?: string; readonly N?: string }>;
    readonly NewImage?: object;
    readonly SequenceNumber?: string;
  };
}

/** A record of a mapping on a table's stream, or on a stream of Kinesis that tells of a table. */
export interface StreamRecord extends Change {
  /** What a stream of Kinesis carries: the change as JSON in base64. */
  readonly kinesis?: { readonly data: string; readonly sequenceNumber: string };
}

/** The handler of a projection's function. */
export interface ProjectionHandler {
  /** A batch of the stream. */
  (event: { readonly Records: readonly StreamRecord[] }): Promise<BatchAnswer>;
  /** What a replay asks for. */
  (event: ReplayRequest): Promise<ReplayAnswer>;
  /**
   * Brings an aggregate up to date out of the store, also one that is parked.
   * @throws Error when `reset` is refused, or a service fails
   */
  readonly catchUp: (aggregate: string, options?: CatchUpOptions) => Promise<CaughtUp>;
}
