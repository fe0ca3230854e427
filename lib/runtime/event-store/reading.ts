import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Item } from './items';
import { patiently, pause } from './patience';

/** How often to look again for a missing version: a query may see part of a transaction. */
const LOOKS = 6;

/** A version is missing although a later one exists: it was deleted. */
export class MissingVersion extends Error {
  override readonly name = 'MissingVersion';

  constructor(
    readonly id: string,
    readonly version: number,
  ) {
    super(`Event ${version} of '${id}' is missing, but there are later ones`);
  }
}

/**
 * The events of an aggregate after a version, page by page, each version once and in order.
 * @param to the last version to read; by default all
 * @throws MissingVersion
 */
export async function* eventsAfter(
  client: DynamoDBClient,
  table: string,
  id: string,
  after: number,
  to?: number,
): AsyncGenerator<readonly Item[]> {
  let version = after;
  for (let looks = 0; ;) {
    const { items, more } = await pageAfter(client, table, id, version, to);
    const gap = items.findIndex((item, index) => Number(item.version?.N) !== version + index + 1);
    const whole = gap < 0 ? items : items.slice(0, gap);
    if (whole.length > 0) {
      version += whole.length;
      looks = 0;
      yield whole;
    }
    if (gap >= 0) {
      if (++looks === LOOKS) throw new MissingVersion(id, version + 1);
      await pause(looks + 1);
    } else if (!more) return;
  }
}

async function pageAfter(client: DynamoDBClient, TableName: string, id: string, after: number, to?: number) {
  const command = new QueryCommand({
    TableName,
    KeyConditionExpression:
      to === undefined ? 'id = :id AND #version > :after' : 'id = :id AND #version BETWEEN :after AND :to',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: {
      ':id': { S: id },
      ':after': { N: String(to === undefined ? after : after + 1) },
      ...(to !== undefined && { ':to': { N: String(to) } }),
    },
    ConsistentRead: true,
  });
  const { Items = [], LastEvaluatedKey } = await patiently(() => client.send(command));
  return { items: Items, more: LastEvaluatedKey !== undefined };
}

/** The version of the last event; 0 if there is none. */
export async function latestVersion(client: DynamoDBClient, TableName: string, id: string): Promise<number> {
  const command = new QueryCommand({
    TableName,
    KeyConditionExpression: 'id = :id',
    ExpressionAttributeValues: { ':id': { S: id } },
    ScanIndexForward: false,
    Limit: 1,
    ConsistentRead: true,
  });
  const { Items = [] } = await patiently(() => client.send(command));
  return Number(Items[0]?.version?.N ?? 0);
}
