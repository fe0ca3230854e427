import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { EventStore } from 'lintel/runtime';
import type { Customer } from './by-customer';
import { type Order, type OrderCommand, type OrderEvent, ORDERS } from './order';

const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const orders = new EventStore<OrderEvent, Order, OrderCommand>('ORDERS', ORDERS);

/**
 * Forgets a customer: without the key nobody reads name and e-mail again, wherever events were copied to. Then it tells the
 * orders, so that models drop what they had copied out of them.
 */
export async function handler({ customer }: { readonly customer: string }): Promise<{ orders: number }> {
  const { Item } = await table.send(new GetCommand({ TableName: process.env.CUSTOMERS, Key: { id: customer } }));
  await orders.forget(customer);
  const ids = Object.keys((Item as Customer | undefined)?.orders ?? {});
  for (const id of ids) await orders.decide(id, { id: `forget-${id}`, type: 'forget' });
  return { orders: ids.length };
}
