import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type Order, OrderError } from './orders';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const TableName = process.env.ORDERS;

/** Stores a new order; it never replaces one. */
export async function insert(order: Order): Promise<void> {
  await client.send(new PutCommand({ TableName, Item: order, ConditionExpression: 'attribute_not_exists(id)' }));
}

export async function find(id: string): Promise<Order | undefined> {
  const { Item } = await client.send(new GetCommand({ TableName, Key: { id }, ConsistentRead: true }));
  return Item as Order | undefined;
}

/** The latest orders of a customer, the newest first. */
export async function listOf(customerId: string, limit: number): Promise<Order[]> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName,
      IndexName: 'byCustomer',
      KeyConditionExpression: 'customerId = :customerId',
      ExpressionAttributeValues: { ':customerId': customerId },
      ScanIndexForward: false,
      Limit: limit,
    }),
  );
  return Items as Order[];
}

/**
 * Stores the new status of an order, unless its status has changed since it was read.
 * @throws OrderError when it has
 */
export async function changeStatus(order: Order, before: Order['status']): Promise<void> {
  try {
    await client.send(
      new UpdateCommand({
        TableName,
        Key: { id: order.id },
        UpdateExpression: 'SET #status = :after',
        ConditionExpression: '#status = :before',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':after': order.status, ':before': before },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    throw new OrderError('conflict', ['the order has changed meanwhile; read it again']);
  }
}
