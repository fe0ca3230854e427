import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Customer } from './by-customer';
import { handle } from './http';

const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));

/** A customer with orders, as the read model has it: some moments late. */
export const handler = handle(async ({ pathParameters }) => {
  const { Item } = await table.send(
    new GetCommand({ TableName: process.env.CUSTOMERS, Key: { id: pathParameters!.id } }),
  );
  if (!Item) return { status: 404, body: {} };
  const { id, name, orders } = Item as Customer & { readonly id: string };
  return { status: 200, body: { id, name, orders } };
});
