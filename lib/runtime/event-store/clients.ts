import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDbClient } from '../dynamodb-client';

let shared: DynamoDBClient | undefined;

/** The given client, or the shared one of stores and projections without their own. */
export const dynamodb = (given?: DynamoDbClient): DynamoDBClient =>
  (given as DynamoDBClient | undefined) ?? (shared ??= new DynamoDBClient({}));

/** A variable that the construct sets. */
export function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`The variable '${name}' is not set; name the event store in 'access'`);
  return value;
}
