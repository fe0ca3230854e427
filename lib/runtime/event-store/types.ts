import type { DynamoDbClient } from '../dynamodb-client';

/** What each event of a team's own union has. */
export interface EventShape {
  /** What happened, in the past tense: `OrderPlaced`. */
  readonly type: string;
  /** What is known of it: anything that DynamoDB can keep. */
  readonly data: object;
}

/** The event of a type, out of the union. */
export type EventOf<Event extends EventShape, Type extends Event['type']> = Extract<Event, Record<'type', Type>>;

/** An event as it was stored. Fields of a subject that was forgotten are undefined. */
export type Recorded<Event extends EventShape> = Event & {
  /** The aggregate. */
  readonly id: string;
  /** Its place in the aggregate, from 1. */
  readonly version: number;
  /** When it was appended, in ISO 8601. */
  readonly time: string;
  /** What was said of it at the append, beside the ids of the append and of its command. */
  readonly meta: Readonly<Record<string, unknown>>;
  /** The version of its type's schema at the append; `data` is of the newest. */
  readonly schema: number;
};

/**
 * For each type, what makes data of schema 1 such of schema 2, of 2 such of 3, and so on. A type's schema is the number of its
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
   * @default - the state stays `initial`, and `load()` is for its events
   */
  readonly reducer?: (state: State, event: Recorded<Event>) => State;
  /**
   * What a command makes happen in a state. Pure; what it throws refuses the command, and nothing is stored.
   * @default - `decide()` is refused
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
   * A snapshot of the state is kept whenever `decide()` has read so many events. Another `schema` leaves older ones aside: raise it
   * with each change of the reducer. A state that no item holds is not kept. The construct needs `snapshots` too.
   * @default - none
   */
  readonly snapshots?: { readonly every: number; readonly schema: number };
  /**
   * Days for which command ids are known, at least.
   * @default 30
   */
  readonly remember?: number;
  /**
   * A client with settings of its own.
   * @default - one for all stores, with the SDK's settings
   */
  readonly client?: DynamoDbClient;
}

/** An aggregate as it is now. */
export interface Loaded<Event extends EventShape, State> {
  /** The aggregate. */
  readonly id: string;
  /** Of its last event; 0 where there is none. */
  readonly version: number;
  /** What its events fold into. */
  readonly state: State;
  /** The events after the snapshot; all where there is none. */
  readonly events: readonly Recorded<Event>[];
}

/** What an append stored. */
export interface Appended<Event extends EventShape> {
  /** The aggregate. */
  readonly id: string;
  /** Version of the first event; one more than `to` where there was none to store. */
  readonly from: number;
  /** Version of the last event. */
  readonly to: number;
  /** The events. */
  readonly events: readonly Recorded<Event>[];
  /** True where the command was known, and this is what came of it the first time. */
  readonly repeated: boolean;
}

/** What is stored beside events. */
export interface AppendOptions {
  /**
   * The id of the command: a second append with it stores nothing, and returns what the first one stored.
   * @default - none
   */
  readonly command?: string;
  /**
   * What is to be known of the events beside their data, such as who sent the command.
   * @default - nothing
   */
  readonly meta?: Readonly<Record<string, unknown>>;
}
