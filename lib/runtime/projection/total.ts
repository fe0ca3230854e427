import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDbClient } from '../dynamodb-client';
import { dynamodb, variable } from '../event-store/clients';
import { fromItem } from '../event-store/items';
import { patiently, pause } from '../event-store/patience';
import { SHARDS, shardName } from './models';

/**
 * The sums of a projection's `add` for a key, over all shards.
 * @param name of the read model in `access`
 * @param options `shards` as in the projection
 * @example
 * const { revenue = 0 } = await total('REVENUE', '2026-11-29');
 */
export async function total(
  name: string,
  key: string,
  { shards = SHARDS, client: given }: { readonly shards?: number; readonly client?: DynamoDbClient } = {},
): Promise<Readonly<Record<string, number>>> {
  const client = dynamodb(given);
  const table = variable(name);
  const sums: Record<string, number> = {};
  let Keys = Array.from({ length: shards }, (_, shard) => ({ id: { S: shardName(key, shard) } }));
  for (let attempt = 1; Keys.length > 0; attempt++) {
    const command = new BatchGetItemCommand({ RequestItems: { [table]: { Keys } } });
    const { Responses, UnprocessedKeys } = await patiently(() => client.send(command));
    for (const item of Responses?.[table] ?? []) {
      for (const [field, value] of Object.entries(fromItem(item))) {
        if (typeof value === 'number') sums[field] = (sums[field] ?? 0) + value;
      }
    }
    Keys = (UnprocessedKeys?.[table]?.Keys ?? []) as typeof Keys;
    if (Keys.length > 0) await pause(attempt);
  }
  return sums;
}
