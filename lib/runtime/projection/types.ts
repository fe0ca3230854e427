import type { DynamoDbClient } from '../dynamodb-client';
import type { EventOf, EventShape, Recorded, Upcasters } from '../event-store/types';

/** A model, as changed by handlers. */
export type ModelShape = object;

/**
 * What an event does to a model, by type: changes the model in place or returns the next one; null deletes it. It is called
 * again if another write came first, so it must have no side effects.
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

/** Options of a projection. */
export type ProjectionOptions<Event extends EventShape, Model extends ModelShape> = {
  /** The key of the model that an event touches, or several keys; none for an empty list. */
  readonly key: (event: Recorded<Event>) => string | readonly string[];
  /**
   * What each type of event does to a model. Other types do nothing.
   * @default - none
   */
  readonly on?: Projections<Event, Model>;
  /**
   * What each type of event adds to a model that many aggregates share, such as a day's revenue, without contention between
   * them. Read it with `total()`.
   * @default - none
   */
  readonly add?: Additions<Event>;
  /**
   * Items over which a total is spread, from 1. Existing totals are not redistributed: change it only with a rebuild.
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
   * A client with its own settings.
   * @default - a shared one, with the SDK's settings
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

/** The message sent when an aggregate is parked. */
export interface ParkedAggregate extends ParkedMark {
  /** The projection. */
  readonly projection: string;
  /** The aggregate. */
  readonly aggregate: string;
}

/** How to catch up with an aggregate. */
export interface CatchUpOptions {
  /**
   * Starts over with the first event and an empty model, and writes the result at once. Refused if an aggregate shares its models with
   * others.
   * @default false
   */
  readonly reset?: boolean;
}

/** Result of catching up. */
export interface CaughtUp {
  /** The aggregate. */
  readonly aggregate: string;
  /** All versions up to this one are applied. */
  readonly version: number;
  /** Number of events applied now. */
  readonly applied: number;
  /** Why it stopped. */
  readonly parked?: ParkedMark;
}

/** What a replay requests from a projection's function. */
export interface ReplayRequest {
  /** The aggregates, and how. */
  readonly replay: CatchUpOptions & { readonly aggregates: readonly string[] };
}

/** The answer to a replay. */
export interface ReplayAnswer {
  /** Number of aggregates caught up. */
  readonly aggregates: number;
  /** Number of events applied. */
  readonly applied: number;
  /** Aggregates that could not be caught up. */
  readonly parked: readonly ParkedAggregate[];
}

/** The answer to a mapping: records are delivered again from the lowest on. */
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
