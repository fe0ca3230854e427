import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { type Item, toItem } from '../event-store/items';
import { conditionFailed, patiently, pause } from '../event-store/patience';
import { MissingVersion } from '../event-store/reading';
import type { DynamoDbClient } from '../dynamodb-client';
import type { EventShape, Recorded, Upcasters } from '../event-store/types';
import { type Advance, COLLISIONS, park, tampered } from './advance';
import type { Checkpoints } from './checkpoints';
import { Fault, guarded, Tampering } from './fault';
import { handlerOf } from './handler';
import { pagesAfter } from './pages';
import { ReplayRefused } from './replay-refused';
import type { CaughtUp, ParkedMark, ProjectionHandler } from './types';
import { type ProjectionContext, projectionContext } from './context';

/** A read model in the team's own database or index. */
export interface ReadModelElsewhere<Event extends EventShape> {
  /** The version up to which an aggregate's events are in the model; 0 before the first. Read it from where `apply` writes. */
  readonly version: (aggregate: string) => Promise<number>;
  /**
   * Applies events of one aggregate, in order, and records `version`, that of the last one, all in one transaction and only if the
   * recorded version is still `after`. Events that the model ignores advance the version too.
   * @returns false if someone else came first: then nothing is changed, and it is called again with what is missing
   */
  readonly apply: (
    events: readonly Recorded<Event>[],
    position: { readonly aggregate: string; readonly after: number; readonly version: number },
  ) => Promise<boolean>;
  /**
   * Whether an error of `apply` means that the model will never accept these events, such as a value that no column can hold: their aggregate
   * is parked, and the batch continues. Other errors are service failures: the batch is retried.
   * @default - no error does
   */
  readonly refuses?: (error: unknown) => boolean;
  /**
   * The store's upcasters.
   * @default - each type has one schema, 1
   */
  readonly upcasters?: Upcasters<Event>;
  /**
   * A client with its own settings.
   * @default - a shared one, with the SDK's settings
   */
  readonly client?: DynamoDbClient;
}

/**
 * Handler of a function that maintains a read model outside of DynamoDB. As in `projection()`, a record is only a notification, and each
 * version is applied once and in order; the version is stored with the model, in its own transactions.
 * @example
 * export const handler = projectionInto<OrderEvent>({ version: (order) => versionOf(order), apply: inOneTransaction });
 */
export function projectionInto<Event extends EventShape>(model: ReadModelElsewhere<Event>): ProjectionHandler {
  return handlerOf(() => {
    const context = projectionContext(model);
    return {
      id: context.checkpoints.projection,
      advance: (aggregate, how) => advance(context, model, aggregate, how),
      tampered: (aggregate, change) => tampered(context, aggregate, change),
    };
  });
}

async function advance<Event extends EventShape>(
  context: ProjectionContext<Event>,
  model: ReadModelElsewhere<Event>,
  aggregate: string,
  { events, repair = false, reset = false }: Advance,
): Promise<CaughtUp> {
  if (reset) throw new ReplayRefused(aggregate, 'is in a model that the helper cannot empty');
  const pass = new Pass(context, model, aggregate);
  for (let collisions = 0; ;) {
    try {
      const before = await context.checkpoints.read(aggregate);
      const { version = 0, parked } = before;
      if (parked && !repair) return { aggregate, version, applied: pass.applied, parked };
      const fault = await pass.all(events);
      const at = pass.version;
      // Only the mark is stored with the checkpoints; the version is up to the model.
      if (fault) await park(context, aggregate, before, fault);
      else if (parked) await release(context.checkpoints, aggregate, version, parked);
      return { aggregate, version: at, applied: pass.applied, ...(fault && { parked: fault.mark }) };
    } catch (error) {
      if (!(error instanceof Overtaken || conditionFailed(error)) || ++collisions === COLLISIONS) throw error;
      await pause(Math.min(collisions, 4));
    }
  }
}

/** Removes the mark of a parked aggregate, but not one set since. */
async function release(
  { client, table, projection }: Checkpoints,
  aggregate: string,
  version: number,
  { time }: ParkedMark,
): Promise<void> {
  const put = new PutItemCommand({
    TableName: table,
    Item: toItem({ projection, aggregate, version }),
    ConditionExpression: '#parked.#time = :time',
    ExpressionAttributeNames: { '#parked': 'parked', '#time': 'time' },
    ExpressionAttributeValues: { ':time': { S: time } },
  });
  await patiently(() => client.send(put));
}

/** Someone else has applied events of the aggregate. */
class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

/** Applies what the model lacks of an aggregate. */
class Pass<Event extends EventShape> {
  applied = 0;
  version = 0;

  constructor(
    private readonly context: ProjectionContext<Event>,
    private readonly model: ReadModelElsewhere<Event>,
    private readonly aggregate: string,
  ) {}

  /** @throws Overtaken, and whatever the services throw */
  async all(events?: ReadonlyMap<number, Item>): Promise<Fault | undefined> {
    this.version = await this.model.version(this.aggregate);
    try {
      for await (const page of pagesAfter(this.context, this.aggregate, this.version, events)) await this.page(page);
      return undefined;
    } catch (error) {
      if (error instanceof MissingVersion) return new Fault(error.version, new Tampering(error.message), 'tampering');
      if (error instanceof Fault) return error;
      throw error;
    }
  }

  private async page(items: readonly Item[]): Promise<void> {
    const { codec } = this.context;
    const ring = codec.ring();
    const parts = await Promise.all(items.map((item) => codec.fetch(item, ring)));
    const read: Recorded<Event>[] = [];
    for (const [index, item] of items.entries()) {
      try {
        read.push(await guarded(Number(item.version?.N), () => codec.decode(item, parts[index]!)));
      } catch (fault) {
        await this.apply(read);
        throw fault;
      }
    }
    await this.apply(read);
  }

  private async apply(events: readonly Recorded<Event>[]): Promise<void> {
    const [first, last] = [events[0], events.at(-1)];
    if (!first || !last) return;
    const { aggregate, version: after } = this;
    try {
      const done = await this.model.apply(events, { aggregate, after, version: last.version });
      if (!done) throw new Overtaken(aggregate);
    } catch (error) {
      if (error instanceof Overtaken || !this.model.refuses?.(error)) throw error;
      if (events.length === 1) throw new Fault(first.version, error);
      // Apply them one by one to find the culprit; those before it are applied.
      for (const event of events) await this.apply([event]);
      return;
    }
    this.version = last.version;
    this.applied += events.length;
  }
}
