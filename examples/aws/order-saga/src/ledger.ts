import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';

/** The tables of the three services, read and written as plain objects. */
export const tables = DynamoDBDocumentClient.from(new DynamoDBClient({}));

type Write = NonNullable<ConstructorParameters<typeof TransactWriteCommand>[0]['TransactItems']>[number];

/**
 * Enters what was done under a key, once. An action that is repeated changes nothing; one that comes after it was undone has
 * lost the race, and must not do anything any more.
 * @returns whether it was entered now
 */
export async function enter(table: string, key: string, content: object): Promise<boolean> {
  try {
    await tables.send(
      new PutCommand({
        TableName: table,
        Item: { id: key, state: 'done', ...content },
        ConditionExpression: 'attribute_not_exists(id)',
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/**
 * Marks what was done under a key as undone, or that it never may be done. Repeated, it changes nothing.
 * @returns what had been done, where this call undid it
 */
export async function cancel(table: string, key: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const { Attributes: before } = await tables.send(
      new UpdateCommand({
        TableName: table,
        Key: { id: key },
        UpdateExpression: 'SET #state = :undone',
        ConditionExpression: 'attribute_not_exists(id) OR #state = :done',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':undone': 'undone', ':done': 'done' },
        ReturnValues: 'ALL_OLD',
      }),
    );
    return before;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}

/** Several writes, all or none. */
export async function together(...writes: readonly Write[]): Promise<readonly (string | undefined)[]> {
  try {
    await tables.send(new TransactWriteCommand({ TransactItems: [...writes] }));
    return [];
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    return error.CancellationReasons?.map(({ Code }) => Code) ?? [];
  }
}
