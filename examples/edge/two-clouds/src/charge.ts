import { ConditionalCheckFailedException, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { publisher, subscriber } from 'lintel/runtime';
import type { Events } from '../events';

const db = new DynamoDBClient({});
const payments = publisher<Events>('HUB', { source: 'shop.payments' });

export const handler = subscriber<Events>({
  on: {
    async OrderPlaced({ orderId, total }, event) {
      if (total > 100_000) throw new Error(`${orderId} is more than any card has`);
      const Item = { id: { S: orderId }, total: { N: String(total) } };
      await db
        .send(
          new PutItemCommand({
            TableName: process.env.PAYMENTS,
            Item,
            ConditionExpression: 'attribute_not_exists(id)',
          }),
        )
        .catch((error: unknown) => {
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
        });
      await payments.publish({ type: 'PaymentTaken', id: orderId, data: { orderId } }, { cause: event });
    },
  },
});
