import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { projection, type ProjectionHandler, type ReplayRequest } from 'lintel/runtime';
import { applied, NONE, type OrderEvent, type OrderView } from './orders';

const dynamodb = new DynamoDBClient({});
const projected = projection<OrderEvent, OrderView>({
  key: ({ id }) => id,
  initial: NONE,
  on: {
    OrderPlaced: (order, event) => applied(order, event),
    LineAdded: (order, event) => applied(order, event),
  },
});

/** A replay of an aggregate that the test has put a gate before fails as where a service is down. */
export async function handler(event: Parameters<ProjectionHandler>[0] | ReplayRequest): Promise<unknown> {
  if (!('replay' in event)) return projected(event as Parameters<ProjectionHandler>[0]);
  const command = new GetItemCommand({ TableName: process.env.MODEL, Key: { id: { S: 'gate' } } });
  const { Item } = await dynamodb.send(command);
  if (event.replay.aggregates.includes(Item?.before?.S ?? '')) throw new Error('a service is down');
  return projected(event);
}
