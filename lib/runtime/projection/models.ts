import { createHash, randomUUID } from 'node:crypto';
import { type DynamoDBClient, GetItemCommand, type TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { EventShape, Recorded } from '../event-store/types';
import { bytesOf, fromItem, type Item, toItem } from '../event-store/items';
import { patiently } from '../event-store/patience';
import { ITEM_BYTES, TRANSACTION_BYTES, TRANSACTION_ITEMS } from '../limits';
import type { ProjectionOptions } from './types';

/** One of a transaction's items is the checkpoint. */
const MOST_MODELS = TRANSACTION_ITEMS - 1;
/** Less than a transaction takes: totals and keys come on top. */
const MOST_TRANSACTION_BYTES = 0.75 * TRANSACTION_BYTES;

/** Default number of items over which a total is spread. */
export const SHARDS = 8;

/** A model about to be written. */
interface Draft {
  /** The write it was read from. */
  readonly lock: string | undefined;
  /** The attributes; undefined if there is no model. */
  readonly content: object | undefined;
  /** The item to write. */
  readonly item?: Item;
}

/** What some events of one aggregate do to models, until that is written. */
export class Models<Event extends EventShape, Model extends object> {
  private drafts = new Map<string, Draft>();
  private totals = new Map<string, Record<string, number>>();

  constructor(
    private readonly client: DynamoDBClient,
    private readonly table: string,
    private readonly options: ProjectionOptions<Event, Model>,
  ) {}

  /** Reads what an event touches, so that `apply` needs no services except those of the team's handlers. */
  async fetch({ type }: Recorded<Event>, keys: readonly string[]): Promise<ReadonlyMap<string, Draft>> {
    if (!this.options.on?.[type as Event['type']]) return new Map();
    const missing = keys.filter((key) => !this.drafts.has(key));
    const read = await Promise.all(missing.map(async (key) => [key, await this.read(key)] as const));
    return new Map(read);
  }

  /** Starts a model over, whatever exists. */
  async clear(key: string): Promise<void> {
    const { lock } = await this.read(key);
    this.drafts.set(key, { lock, content: undefined });
  }

  /**
   * Applies an event.
   * @returns false if the transaction would grow too large: write it first
   * @throws whatever the handler throws, and Error for a model that does not fit into an item
   */
  async apply(event: Recorded<Event>, keys: readonly string[], read: ReadonlyMap<string, Draft>): Promise<boolean> {
    const drafts = new Map(this.drafts);
    const totals = new Map(this.totals);
    const type = event.type as Event['type'];
    const [change, add] = [this.options.on?.[type], this.options.add?.[type]];
    for (const key of keys) {
      if (change) {
        const { lock, content } = drafts.get(key) ?? read.get(key)!;
        const model = copyOf(content ?? this.options.initial) as Model;
        const next = await change(model, event as never, key);
        const result = next === null ? undefined : (next ?? model);
        drafts.set(key, { lock, content: result, ...(result && { item: itemOf(key, result) }) });
      }
      if (add) {
        const id = shardOf(key, event.id, this.options.shards ?? SHARDS);
        const sums = { ...totals.get(id) };
        for (const [name, amount] of Object.entries(add(event as never, key))) {
          if (!Number.isFinite(amount)) throw new TypeError(`'${name}' adds ${amount} to '${key}'`);
          sums[name] = (sums[name] ?? 0) + amount;
        }
        totals.set(id, sums);
      }
    }
    if (!fits(drafts, totals)) {
      if (this.empty) throw new RangeError(`Event ${event.version} touches more models than one transaction can write`);
      return false;
    }
    [this.drafts, this.totals] = [drafts, totals];
    return true;
  }

  get empty(): boolean {
    return this.drafts.size + this.totals.size === 0;
  }

  /** The writes, each on condition that the model is unchanged since it was read. */
  writes(): TransactWriteItem[] {
    const TableName = this.table;
    const changed = [...this.drafts].map(([key, { lock, item }]): TransactWriteItem => {
      const condition = lockedBy(lock);
      if (item) return { Put: { TableName, Item: item, ...condition } };
      // A missing model need not be deleted, but must not be created meanwhile.
      return { Delete: { TableName, Key: { id: { S: key } }, ...condition } };
    });
    const added = [...this.totals].map(([id, sums]): TransactWriteItem => {
      const entries = Object.entries(sums);
      return {
        Update: {
          TableName,
          Key: { id: { S: id } },
          UpdateExpression: `ADD ${entries.map((_, index) => `#n${index} :n${index}`).join(', ')}`,
          ExpressionAttributeNames: Object.fromEntries(entries.map(([name], index) => [`#n${index}`, name])),
          ExpressionAttributeValues: Object.fromEntries(
            entries.map(([, amount], index) => [`:n${index}`, { N: String(amount) }]),
          ),
        },
      };
    });
    return [
      ...changed,
      ...added.filter(({ Update }) => Object.keys(Update?.ExpressionAttributeNames ?? {}).length > 0),
    ];
  }

  private async read(key: string): Promise<Draft> {
    const command = new GetItemCommand({ TableName: this.table, Key: { id: { S: key } }, ConsistentRead: true });
    const { Item } = await patiently(() => this.client.send(command));
    if (!Item) return { lock: undefined, content: undefined };
    const { id: _, _v: lock, ...content } = fromItem(Item);
    return { lock: lock as string, content };
  }
}

/** The item of a total: the shard that an aggregate writes to. */
export function shardOf(key: string, aggregate: string, shards: number): string {
  const number = createHash('sha256').update(aggregate).digest().readUInt32BE(0);
  return shardName(key, number % shards);
}

export const shardName = (key: string, shard: number): string => `${key}#${shard}`;

function itemOf(id: string, content: object): Item {
  const item = toItem({ ...content, id, _v: randomUUID() });
  const bytes = bytesOf(item);
  if (bytes > ITEM_BYTES)
    throw new RangeError(`The model '${id}' has ${bytes} bytes, but an item at most ${ITEM_BYTES}`);
  return item;
}

function lockedBy(lock: string | undefined) {
  if (lock === undefined) return { ConditionExpression: 'attribute_not_exists(#v)', ExpressionAttributeNames: LOCK };
  const ExpressionAttributeValues = { ':v': { S: lock } };
  return { ConditionExpression: '#v = :v', ExpressionAttributeNames: LOCK, ExpressionAttributeValues };
}

/** A copy that a handler may change. */
const copyOf = (content: object | undefined): object => (content ? structuredClone(content) : {});

const LOCK = { '#v': '_v' };

function fits(drafts: ReadonlyMap<string, Draft>, totals: ReadonlyMap<string, object>): boolean {
  if (drafts.size + totals.size > MOST_MODELS) return false;
  // Most transactions have a model or two; only many can be too large.
  if ((drafts.size + 1) * ITEM_BYTES < MOST_TRANSACTION_BYTES) return true;
  let bytes = 0;
  for (const { item } of drafts.values()) bytes += item ? bytesOf(item) : 0;
  return bytes < MOST_TRANSACTION_BYTES;
}
