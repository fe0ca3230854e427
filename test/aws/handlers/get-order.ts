import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { tableName } from './settings';

const client = new DynamoDBClient({});

export const handler = async ({ id }: { readonly id: string }) =>
  client.send(new GetCommand({ TableName: tableName(), Key: { id } }));
