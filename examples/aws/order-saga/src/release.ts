import type { CompensationEvent } from 'lintel/runtime';
import { together } from './ledger';
import type { Order, OrderLine } from './order';

/** Puts one line's articles back, where they were taken. */
export async function handler({ item, actionKey }: CompensationEvent<Order>): Promise<void> {
  const { article, quantity } = item as OrderLine;
  const TableName = process.env.STOCK;
  const mark = { ':undone': 'undone', ':done': 'done' };
  const undo = {
    TableName,
    Key: { id: actionKey },
    UpdateExpression: 'SET #state = :undone',
    ExpressionAttributeNames: { '#state': 'state' },
  };
  const [marked, restored] = await together(
    { Update: { ...undo, ConditionExpression: '#state = :done', ExpressionAttributeValues: mark } },
    {
      Update: {
        TableName,
        Key: { id: article },
        UpdateExpression: 'SET available = available + :quantity',
        ExpressionAttributeValues: { ':quantity': quantity },
      },
    },
  );
  if (marked === undefined) return;
  if (marked !== 'ConditionalCheckFailed') throw new Error(`The release met others: ${marked}, ${restored}`);
  // Nothing was reserved, or it is released already. No late reservation may come any more.
  await together({ Update: { ...undo, ExpressionAttributeValues: { ':undone': 'undone' } } });
}
