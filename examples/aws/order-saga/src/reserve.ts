import type { ActionEvent } from 'lintel/runtime';
import { together } from './ledger';
import { type Order, type OrderLine, OutOfStock } from './order';

/** Takes one line's articles out of the stock. */
export async function handler({ item, idempotencyKey }: ActionEvent<Order>): Promise<{ reservation: string }> {
  const { article, quantity } = item as OrderLine;
  const TableName = process.env.STOCK;
  const [entered, taken] = await together(
    {
      Put: {
        TableName,
        Item: { id: idempotencyKey, state: 'done', article, quantity },
        ConditionExpression: 'attribute_not_exists(id)',
      },
    },
    {
      Update: {
        TableName,
        Key: { id: article },
        UpdateExpression: 'SET available = available - :quantity',
        ConditionExpression: 'available >= :quantity',
        ExpressionAttributeValues: { ':quantity': quantity },
      },
    },
  );
  // It was reserved by an earlier attempt; what is left of the stock says nothing about it.
  if (entered === 'ConditionalCheckFailed') return { reservation: idempotencyKey };
  if (taken === 'ConditionalCheckFailed') throw new OutOfStock(`There are not ${quantity} of ${article}`);
  if (entered !== undefined) throw new Error(`The reservation met others: ${entered}, ${taken}`);
  return { reservation: idempotencyKey };
}
