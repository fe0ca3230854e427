import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { env } from 'lintel/runtime';

export interface Note {
  readonly owner: string;
  readonly id: string;
  readonly text: string;
}

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const TableName = env('NOTES');

/** Stores a new note; never replaces an existing one. */
export async function insert(note: Note): Promise<void> {
  await client.send(new PutCommand({ TableName, Item: note, ConditionExpression: 'attribute_not_exists(id)' }));
}

export async function find(owner: string, id: string): Promise<Note | undefined> {
  const { Item } = await client.send(new GetCommand({ TableName, Key: { owner, id } }));
  return Item as Note | undefined;
}
