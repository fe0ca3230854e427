import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

/** Puts an item, once. */
export async function enter(TableName: string, Item: Readonly<Record<string, unknown>>): Promise<void> {
  const ConditionExpression = 'attribute_not_exists(id)';
  await unlessRefused(() => client.send(new PutCommand({ TableName, Item, ConditionExpression })));
}

/**
 * Sets attributes of an item that may be there already.
 * @returns the item as it is now
 */
export async function set(TableName: string, id: string, values: Readonly<Record<string, unknown>>) {
  const names = Object.keys(values);
  const { Attributes = {} } = await client.send(
    new UpdateCommand({
      TableName,
      Key: { id },
      UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: Object.fromEntries(names.map((name) => [`:${name}`, values[name]])),
      ReturnValues: 'ALL_NEW',
    }),
  );
  return Attributes as Readonly<Record<string, unknown>>;
}

/**
 * Takes some of what there is.
 * @returns whether there was enough
 */
export async function take(TableName: string, id: string, quantity: number): Promise<boolean> {
  return unlessRefused(() =>
    client.send(
      new UpdateCommand({
        TableName,
        Key: { id },
        UpdateExpression: 'SET available = available - :quantity',
        ConditionExpression: 'available >= :quantity',
        ExpressionAttributeValues: { ':quantity': quantity },
      }),
    ),
  );
}

async function unlessRefused(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
