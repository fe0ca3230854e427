import { DynamoDBClient, ExecuteStatementCommand } from '@aws-sdk/client-dynamodb';
import {
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  PutCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';

const client = new DynamoDBClient({});
const table = DynamoDBDocumentClient.from(client);

/** Tries to change an event in every way there is. */
export async function handler({ id, version, total }: { id: string; version: number; total: number }) {
  const TableName = process.env.ORDERS!;
  const Key = { id, version };
  const data = { customer: 'dan', total };
  const Item = { ...Key, type: 'OrderPlaced', time: new Date().toISOString(), meta: {}, schema: 1, data };
  const tried = {
    update: () =>
      table.send(
        new UpdateCommand({
          TableName,
          Key,
          UpdateExpression: 'SET #d = :d',
          ExpressionAttributeNames: { '#d': 'data' },
          ExpressionAttributeValues: { ':d': data },
        }),
      ),
    delete: () => table.send(new DeleteCommand({ TableName, Key })),
    batch: () => table.send(new BatchWriteCommand({ RequestItems: { [TableName]: [{ DeleteRequest: { Key } }] } })),
    partiql: () =>
      client.send(
        new ExecuteStatementCommand({
          Statement: `DELETE FROM "${TableName}" WHERE id='${id}' AND version=${version}`,
        }),
      ),
    scan: () => table.send(new ScanCommand({ TableName })),
    put: () => table.send(new PutCommand({ TableName, Item })),
  };
  const done: Record<string, string> = {};
  for (const [what, attempt] of Object.entries(tried)) {
    done[what] = await attempt().then(
      () => 'done',
      (error: Error) => error.name,
    );
  }
  return done;
}
