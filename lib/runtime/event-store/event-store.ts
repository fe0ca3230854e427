import { randomUUID } from 'node:crypto';
import { DeleteItemCommand, type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { storeBy } from './by-writer';
import { dynamodb, variable } from './clients';
import { Codec } from './codec';
import { ConcurrencyError } from './concurrency-error';
import { fromItem, type Item, toItem } from './items';
import type { KeyRing } from './key-ring';
import { patiently, pause } from './patience';
import { eventsAfter, latestVersion } from './reading';
import { Snapshots } from './snapshots';
import { codecStores, writingOf } from './settings';
import { refuseTooMany, store } from './transaction';
import type { Appended, AppendOptions, EventShape, EventStoreOptions, Loaded, Recorded } from './types';

const DECISIONS = 10;
const DAY_SECONDS = 24 * 60 * 60;
/** Number of aggregates whose last known version is cached. */
const REMEMBERED = 1000;

/** An aggregate with what `decide()` needs to store a snapshot of it. */
interface Folded<Event extends EventShape, State> extends Loaded<Event, State> {
  readonly ring: KeyRing;
  readonly subjects: readonly string[];
}

/**
 * The event store of a name in `access`: append-only, each version of an aggregate exactly once.
 * @example
 * const orders = new EventStore<OrderEvent, Order, OrderCommand>('ORDERS', { initial: { lines: [] }, reducer, decide });
 * await orders.decide(orderId, { id: requestId, type: 'Ship' });
 */
export class EventStore<
  Event extends EventShape,
  State = undefined,
  Command extends { readonly id: string } = { readonly id: string },
> {
  /** Events are never deleted, so a version once seen remains. */
  private readonly seen = new Map<string, number>();

  /**
   * @param name in `access`, and so of the variables
   * @param options how to interpret the team's events
   */
  constructor(
    private readonly name: string,
    private readonly options: EventStoreOptions<Event, State, Command> = {},
  ) {}

  /**
   * Folds the events of an aggregate, starting from its snapshot if there is one. A consistent read; an aggregate without events has
   * version 0 and the initial state.
   * @throws Error when a version is missing, or an event's schema is unknown
   */
  async load(id: string): Promise<Loaded<Event, State>> {
    const { ring: _, subjects: __, ...loaded } = await this.fold(id);
    return loaded;
  }

  /**
   * Stores events after a version, all or nothing.
   * @param expectedVersion version of the last event the decision was based on; 0 for a new aggregate
   * @throws ConcurrencyError when the aggregate has another version
   * @throws RangeError when there are more than 99 events, or more bytes than fit into an item or a transaction
   */
  async append(
    id: string,
    expectedVersion: number,
    events: readonly Event[],
    options: AppendOptions = {},
  ): Promise<Appended<Event>> {
    // A version not yet reached would leave a gap, which no condition on the new events detects.
    if (expectedVersion > 0 && (this.seen.get(id) ?? 0) < expectedVersion) {
      const actual = await latestVersion(this.client, this.tables.events, id);
      if (actual !== expectedVersion) {
        const known = options.command === undefined ? undefined : await this.known(id, options.command);
        if (known) return known;
        throw new ConcurrencyError(id, expectedVersion, actual);
      }
    }
    return this.write(id, expectedVersion, events, options);
  }

  /**
   * Loads, decides and appends; retries if someone else appended first. A command whose id is known stores nothing, and
   * returns what it stored the first time.
   * @throws Error whatever the decider throws
   * @throws ConcurrencyError when others came first ten times
   */
  async decide(id: string, command: Command, { meta }: Pick<AppendOptions, 'meta'> = {}): Promise<Appended<Event>> {
    const { decide } = this.options;
    if (!decide) throw new Error(`'decide' of the options of the event store '${this.name}' is missing`);
    for (let attempt = 1; ; attempt++) {
      const loaded = await this.fold(id);
      await this.keepSnapshot(loaded);
      try {
        const events = [decide(loaded.state, command)].flat() as Event[];
        return await this.write(id, loaded.version, events, { command: command.id, meta });
      } catch (error) {
        const again = error instanceof ConcurrencyError && attempt < DECISIONS;
        // The decider may refuse to do twice what was already done.
        const known = again ? undefined : await this.known(id, command.id);
        if (known) return known;
        if (!again) throw error;
        await pause(attempt);
      }
    }
  }

  /**
   * Deletes a subject's key: anything encrypted with it is undefined from now on, wherever it was copied. Needs
   * `forget()` in `access`.
   */
  async forget(subject: string): Promise<void> {
    const TableName = variable(`${this.name}_KEYS`);
    await patiently(() => this.client.send(new DeleteItemCommand({ TableName, Key: { id: { S: subject } } })));
  }

  private get client(): DynamoDBClient {
    return dynamodb(this.options.client);
  }

  private get tables(): { readonly events: string; readonly commands: string | undefined } {
    return { events: variable(this.name), commands: process.env[`${this.name}_COMMANDS`] };
  }

  private get codec(): Codec<Event> {
    return new Codec(this.client, codecStores(this.name), this.options.upcasters);
  }

  private get snapshots(): Snapshots<State> | undefined {
    const table = process.env[`${this.name}_SNAPSHOTS`];
    const { snapshots } = this.options;
    return snapshots && table !== undefined ? new Snapshots(this.client, table, snapshots.schema) : undefined;
  }

  private async fold(id: string): Promise<Folded<Event, State>> {
    const { codec } = this;
    const { initial, reducer = (state: State) => state } = this.options;
    const ring = codec.ring();
    const snapshot = await this.snapshots?.read(id, ring);
    const subjects = new Set(snapshot?.subjects);
    let { version, state } = snapshot ?? { version: 0, state: initial as State };
    const events: Recorded<Event>[] = [];
    for await (const page of eventsAfter(this.client, this.tables.events, id, version)) {
      for (const { subject } of page) if (subject?.S !== undefined) subjects.add(subject.S);
      for (const event of await Promise.all(page.map((item) => codec.read(item, ring)))) {
        state = reducer(state, event);
        version = event.version;
        events.push(event);
      }
    }
    this.see(id, version);
    return { id, version, state, events, ring, subjects: [...subjects] };
  }

  private async keepSnapshot({ id, version, state, subjects, events, ring }: Folded<Event, State>): Promise<void> {
    const { snapshots } = this.options;
    if (snapshots && events.length >= snapshots.every)
      await this.snapshots?.write(id, { version, state, subjects }, ring);
  }

  private async write(
    id: string,
    after: number,
    events: readonly Event[],
    { command, meta }: AppendOptions,
  ): Promise<Appended<Event>> {
    const { codec, tables } = this;
    const recorded = this.record(id, after, events, { ...meta, append: randomUUID(), ...(command && { command }) });
    const [from, to] = [after + 1, after + recorded.length];
    const ring = codec.ring();
    const writing = writingOf(this.name, this.options.subject);
    const items = await Promise.all(recorded.map((event) => codec.encode(event, ring, writing)));
    const remembered = command === undefined ? undefined : this.commandItem(command, { aggregate: id, from, to });
    const plan = { events: items, command: remembered };
    refuseTooMany(plan);
    const writer = process.env[`${this.name}_WRITER`];
    const outcome = await (writer === undefined ? store(this.client, tables, plan) : storeBy(writer, plan));
    if ('known' in outcome) return this.first(id, outcome.known);
    if ('conflict' in outcome) {
      throw new ConcurrencyError(id, after, await latestVersion(this.client, tables.events, id));
    }
    this.see(id, to);
    return { id, from, to, events: recorded, repeated: false };
  }

  private record(id: string, after: number, events: readonly Event[], meta: object): Recorded<Event>[] {
    const time = new Date().toISOString();
    const { codec } = this;
    return events.map(
      (event, index) =>
        ({
          ...event,
          id,
          version: after + 1 + index,
          time,
          meta,
          schema: codec.schemaOf(event.type),
        }) as unknown as Recorded<Event>,
    );
  }

  private commandItem(id: string, written: object): Item {
    const expires = Math.ceil(Date.now() / 1000) + (this.options.remember ?? 30) * DAY_SECONDS;
    return toItem({ id, ...written, expires });
  }

  /** The result of a command the first time; undefined if it is new. */
  private async known(id: string, command: string): Promise<Appended<Event> | undefined> {
    const { commands: TableName } = this.tables;
    if (TableName === undefined) return undefined;
    const get = new GetItemCommand({ TableName, Key: { id: { S: command } }, ConsistentRead: true });
    const { Item } = await patiently(() => this.client.send(get));
    return Item && this.first(id, Item);
  }

  private async first(id: string, item: Item): Promise<Appended<Event>> {
    const { codec } = this;
    const {
      id: command,
      aggregate,
      from,
      to,
    } = fromItem(item) as Record<string, string> & { from: number; to: number };
    if (aggregate !== id) throw new Error(`The command '${command}' was for '${aggregate}', and is now for '${id}'`);
    const ring = codec.ring();
    const events: Recorded<Event>[] = [];
    if (to < from) return { id, from, to, events, repeated: true };
    for await (const page of eventsAfter(this.client, this.tables.events, id, from - 1, to)) {
      events.push(...(await Promise.all(page.map((item) => codec.read(item, ring)))));
    }
    return { id, from, to, events, repeated: true };
  }

  private see(id: string, version: number): void {
    if (this.seen.size >= REMEMBERED) this.seen.clear();
    if (version > (this.seen.get(id) ?? 0)) this.seen.set(id, version);
  }
}
