import { type DynamoDBClient, paginateScan, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDbClient } from '../dynamodb-client';
import { dynamodb, variable } from './clients';
import { Codec } from './codec';
import { fromItem, type Item } from './items';
import { conditionFailed, patiently, reasonsOf } from './patience';
import { placesOf, writingOf } from './settings';
import type { EventShape, Recorded } from './types';

/** What is brought over. */
export interface CastoreImport {
  /** The table of Castore's DynamoDB adapter, of one event store or of several. */
  readonly from: string;
  /**
   * Of a table of the adapter for several event stores, which of them; ids lose its name.
   * @default - the table is of the adapter for one event store
   */
  readonly eventStoreId?: string;
  /**
   * Which part of the table, so that several can share the work.
   * @default - all of it
   */
  readonly segment?: { readonly number: number; readonly of: number };
  /** @default - one with the SDK's settings */
  readonly client?: DynamoDbClient;
}

/**
 * Brings the events of Castore's DynamoDB adapter over: each aggregate in order, with its versions and times, of schema 1; what
 * is personal is encrypted. What is there already is passed by, so that it can be called again. Nobody may append to the old store
 * meanwhile.
 * @param name of the new store in `access`
 * @returns how many aggregates and events are there now
 * @throws Error where another event is there, a version is missing, also the first, or `eventStoreId` is not given and needed
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
      // All of them: an aggregate without its first event must not be passed by.
      ProjectionExpression: 'aggregateId, eventStoreId',
      ...(segment && { Segment: segment.number, TotalSegments: segment.of }),
    },
  );
  let last: string | undefined;
  for await (const { Items = [] } of pages) {
    for (const item of Items) {
      const id = item.aggregateId?.S ?? '';
      // Items of one aggregate follow on each other.
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

/** In a table of several stores, ids begin with the store's. */
const belongs = (id: string, storeId: string | undefined): boolean =>
  storeId === undefined || id.startsWith(`${storeId}#`);

/** The events of an aggregate of Castore's, in order. */
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

/** A payload may be anything, data are an object. */
function eventOf({ aggregateId, version, type, timestamp, payload = {}, metadata }: CastoreItem, storeId?: string) {
  const id = storeId === undefined ? aggregateId : aggregateId.slice(storeId.length + 1);
  const data = typeof payload === 'object' && payload !== null && !Array.isArray(payload) ? payload : { payload };
  return { id, version, type, time: timestamp, data, meta: { ...metadata, append: 'castore' }, schema: 1 };
}

/** The store that is written to. */
class Target {
  private readonly codec: Codec<EventShape>;

  constructor(
    private readonly client: DynamoDBClient,
    private readonly name: string,
  ) {
    this.codec = new Codec(client, placesOf(name));
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
      throw new Error(`Event ${event.version} of '${event.id}' is another one in ${TableName}`, { cause: error });
    }
  }
}
