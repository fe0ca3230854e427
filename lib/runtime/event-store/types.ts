import type { DynamoDbClient } from '../dynamodb-client';

/** The shape of each event in a team's own union. */
export interface EventShape {
  /** What happened, in the past tense: `OrderPlaced`. */
  readonly type: string;
  /** Its data: anything that DynamoDB can store. */
  readonly data: object;
}

/** The event of a type, out of the union. */
export type EventOf<Event extends EventShape, Type extends Event['type']> = Extract<Event, Record<'type', Type>>;

/** A stored event. Fields of a forgotten subject are undefined. */
export type Recorded<Event extends EventShape> = Event & {
  /** The aggregate. */
  readonly id: string;
  /** Its position in the aggregate, from 1. */
  readonly version: number;
  /** When it was appended, in ISO 8601. */
  readonly time: string;
  /** Metadata given at append, besides the ids of the append and its command. */
  readonly meta: Readonly<Record<string, unknown>>;
  /** Schema version of its type at append; `data` is in the newest. */
  readonly schema: number;
};

/**
 * For each type, functions that turn data of schema 1 into schema 2, 2 into 3, and so on. A type's schema version is the number of its
 * upcasters plus one.
 * @example
 * new EventStore<OrderEvent>('ORDERS', { upcasters: { OrderPlaced: [(data) => ({ ...data, currency: 'EUR' })] } });
 */
export type Upcasters<Event extends EventShape> = {
  readonly [Type in Event['type']]?: readonly ((data: Readonly<Record<string, unknown>>) => object)[];
};

/** How an event store is used in a handler. */
export interface EventStoreOptions<Event extends EventShape, State, Command> {
  /**
   * The state before the first event.
   * @default undefined
   */
  readonly initial?: State;
  /**
   * Folds an event into the state. Pure: the same state and event give the same result.
   * @default - the state stays `initial`, and `load()` only returns events
   */
  readonly reducer?: (state: State, event: Recorded<Event>) => State;
  /**
   * Decides which events a command causes in a state. Pure; an error refuses the command, and nothing is stored.
   * @default - `decide()` cannot be used
   */
  readonly decide?: (state: State, command: Command) => Event | readonly Event[];
  /**
   * How data of older schemas are read.
   * @default - each type has one schema, 1
   */
  readonly upcasters?: Upcasters<Event>;
  /**
   * Who the personal fields of an event are about. The construct says which fields are personal.
   * @default - the aggregate
   */
  readonly subject?: (event: Event, id: string) => string;
  /**
   * Stores a snapshot whenever `decide()` has read this many events. A new `schema` invalidates older ones: raise it
   * with each change to the reducer. A state that does not fit into an item is not stored. The construct needs `snapshots` too.
   * @default - none
   */
  readonly snapshots?: { readonly every: number; readonly schema: number };
  /**
   * Minimum number of days for which command ids are remembered.
   * @default 30
   */
  readonly remember?: number;
  /**
   * A client with its own settings.
   * @default - one for all stores, with the SDK's settings
   */
  readonly client?: DynamoDbClient;
}

/** The current state of an aggregate. */
export interface Loaded<Event extends EventShape, State> {
  /** The aggregate. */
  readonly id: string;
  /** Version of its last event; 0 if there is none. */
  readonly version: number;
  /** The fold of its events. */
  readonly state: State;
  /** The events after the snapshot; all if there is none. */
  readonly events: readonly Recorded<Event>[];
}

/** What an append stored. */
export interface Appended<Event extends EventShape> {
  /** The aggregate. */
  readonly id: string;
  /** Version of the first event; one more than `to` if there was nothing to store. */
  readonly from: number;
  /** Version of the last event. */
  readonly to: number;
  /** The events. */
  readonly events: readonly Recorded<Event>[];
  /** True if the command was known, and this is its result from the first time. */
  readonly repeated: boolean;
}

/** What to store along with events. */
export interface AppendOptions {
  /**
   * The id of the command: a second append with it stores nothing, and returns what the first one stored.
   * @default - none
   */
  readonly command?: string;
  /**
   * Metadata of the events besides their data, such as who sent the command.
   * @default - nothing
   */
  readonly meta?: Readonly<Record<string, unknown>>;
}
