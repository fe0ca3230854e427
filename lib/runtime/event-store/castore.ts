import { type DynamoDBClient, paginateScan, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDbClient } from '../dynamodb-client';
import { dynamodb, variable } from './clients';
import { Codec } from './codec';
import { fromItem, type Item } from './items';
import { conditionFailed, patiently, reasonsOf } from './patience';
import { codecStores, writingOf } from './settings';
import type { EventShape, Recorded } from './types';

/** What to import. */
export interface CastoreImport {
  /** The table of Castore's DynamoDB adapter, for one event store or several. */
  readonly from: string;
  /**
   * In a table for several event stores, the one to import; its name is removed from ids.
   * @default - the table is for a single event store
   */
  readonly eventStoreId?: string;
  /**
   * Which part of the table, to split the work.
   * @default - all of it
   */
  readonly segment?: { readonly number: number; readonly of: number };
  /** @default - one with the SDK's settings */
  readonly client?: DynamoDbClient;
}

/**
 * Imports the events of Castore's DynamoDB adapter: each aggregate in order, with its versions and times, as schema 1;
 * personal fields are encrypted. Existing events are skipped, so it can be called again. No one may append to the old store
 * meanwhile.
 * @param name of the new store in `access`
 * @returns how many aggregates and events now exist
 * @throws Error when a different event exists, a version is missing, even the first, or `eventStoreId` is missing
 */
export async function importCastore(
  name: string,
  { from, client: given, eventStoreId, segment }: CastoreImport,
): Promise<{ aggregates: number; events: number }> {
  const client = dynamodb(given);
  const target = new Target(client, name);
  const found = { aggregates: 0, events: 0 };
  const pages = paginateScan(
    { client },
    {
      TableName: from,
      // All of them: an aggregate without its first event must not be skipped.
      ProjectionExpression: 'aggregateId, eventStoreId',
      ...(segment && { Segment: segment.number, TotalSegments: segment.of }),
    },
  );
  let last: string | undefined;
  for await (const { Items = [] } of pages) {
    for (const item of Items) {
      const id = item.aggregateId?.S ?? '';
      // Items of one aggregate are adjacent.
      if (id === last || !belongs(id, eventStoreId)) continue;
      last = id;
      const several = item.eventStoreId?.S;
      if (eventStoreId === undefined && several !== undefined) {
        throw new Error(`'${from}' is a table of several event stores; say which: eventStoreId: '${several}'`);
      }
      found.aggregates += 1;
      for await (const event of itemsOf(client, from, id)) {
        await target.put(eventOf(event, eventStoreId));
        found.events += 1;
      }
    }
  }
  return found;
}

/** In a table for several stores, ids start with the store's. */
const belongs = (id: string, storeId: string | undefined): boolean =>
  storeId === undefined || id.startsWith(`${storeId}#`);

/** The events of a Castore aggregate, in order. */
async function* itemsOf(client: DynamoDBClient, TableName: string, aggregate: string): AsyncGenerator<CastoreItem> {
  let version = 0;
  for (let start: Item | undefined; ;) {
    const query = new QueryCommand({
      TableName,
      KeyConditionExpression: 'aggregateId = :id',
      ExpressionAttributeValues: { ':id': { S: aggregate } },
      ConsistentRead: true,
      ExclusiveStartKey: start,
    });
    const { Items = [], LastEvaluatedKey } = await patiently(() => client.send(query));
    for (const item of Items) {
      if (Number(item.version?.N) !== ++version) throw new Error(`Event ${version} of '${aggregate}' is missing`);
      yield fromItem(item) as unknown as CastoreItem;
    }
    if (!LastEvaluatedKey) return;
    start = LastEvaluatedKey;
  }
}

interface CastoreItem {
  readonly aggregateId: string;
  readonly version: number;
  readonly type: string;
  readonly timestamp: string;
  readonly payload?: unknown;
  readonly metadata?: object;
}

/** A payload may be anything, but data are an object. */
function eventOf({ aggregateId, version, type, timestamp, payload = {}, metadata }: CastoreItem, storeId?: string) {
  const id = storeId === undefined ? aggregateId : aggregateId.slice(storeId.length + 1);
  const data = typeof payload === 'object' && payload !== null && !Array.isArray(payload) ? payload : { payload };
  return { id, version, type, time: timestamp, data, meta: { ...metadata, append: 'castore' }, schema: 1 };
}

/** The store to write to. */
class Target {
  private readonly codec: Codec<EventShape>;

  constructor(
    private readonly client: DynamoDBClient,
    private readonly name: string,
  ) {
    this.codec = new Codec(client, codecStores(name));
  }

  async put(event: Recorded<EventShape>): Promise<void> {
    const TableName = variable(this.name);
    const command = new PutItemCommand({
      TableName,
      Item: await this.codec.encode(event, this.codec.ring(), writingOf(this.name)),
      ConditionExpression: 'attribute_not_exists(id)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      await patiently(() => this.client.send(command));
    } catch (error) {
      if (!conditionFailed(error)) throw error;
      const there = fromItem(reasonsOf(error)[0]?.Item ?? {});
      if (there.type === event.type && there.time === event.time) return;
      throw new Error(`Event ${event.version} of '${event.id}' is a different one in ${TableName}`, { cause: error });
    }
  }
}
