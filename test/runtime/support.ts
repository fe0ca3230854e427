import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import {
  CreateTableCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  paginateQuery,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { startDynamoDb } from '../../lib/testing/engines/dynamodb';
import { errorResponse } from '../../lib/testing/local/kernel/aws-errors';
import { EngineCalls } from '../../lib/testing/local/services/dynamodb/engine-calls';
import { errorOf, Faults } from '../../lib/testing/local/services/dynamodb/faults';
import type { Program } from '../../lib/testing/engines/program';

/** Tables of a store and a projection of their own, on an engine that the tests of a file share. */
export interface Tables {
  readonly events: string;
  readonly commands: string;
  readonly snapshots: string;
  readonly keys: string;
  readonly checkpoints: string;
  readonly model: string;
}

const KEYS = {
  events: ['id:S', 'version:N'],
  commands: ['id:S'],
  snapshots: ['id:S'],
  keys: ['id:S'],
  checkpoints: ['aggregate:S', 'projection:S'],
  model: ['id:S'],
} as const;

let engine: Program | undefined;
const servers: Server[] = [];
const engines: EngineCalls[] = [];
const clients: DynamoDBClient[] = [];
/** What was sent to the queue of the parked. */
export const parked: { projection: string; aggregate: string; version: number; reason: string; error: object }[] = [];
/** What is in buckets, by path. */
export const objects = new Map<string, string>();

let invoked: (event: unknown) => Promise<unknown> = () => Promise.reject(new Error('no function'));

/** What a function that is invoked does. */
export function functionDoes(handler: (event: never) => Promise<unknown>): void {
  invoked = handler as typeof invoked;
}

/** Starts DynamoDB, a queue that keeps what it is sent, and buckets. */
export async function startWorld(): Promise<void> {
  engine = await startDynamoDb();
  const services = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      if (request.headers['x-amz-target'] === 'AmazonSQS.SendMessage') {
        const { MessageBody } = JSON.parse(body) as { MessageBody: string };
        parked.push(JSON.parse(MessageBody) as (typeof parked)[number]);
        const MD5OfMessageBody = createHash('md5').update(MessageBody).digest('hex');
        response.setHeader('content-type', 'application/x-amz-json-1.0');
        return response.end(JSON.stringify({ MessageId: randomUUID(), MD5OfMessageBody }));
      }
      const path = request.url!.split('?')[0]!;
      if (path.endsWith('/invocations')) {
        return invoked(JSON.parse(body)).then(
          (answer) => response.end(JSON.stringify(answer)),
          ({ message }: Error) => {
            response.setHeader('x-amz-function-error', 'Unhandled');
            response.end(JSON.stringify({ errorMessage: message }));
          },
        );
      }
      if (request.method === 'PUT') objects.set(path, body);
      const found = objects.get(path);
      if (found === undefined) response.statusCode = 404;
      return response.end(found ?? '<Error><Code>NoSuchKey</Code></Error>');
    });
  });
  servers.push(services);
  const url = await listening(services);
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${engine.port}`,
    AWS_ENDPOINT_URL_SQS: url,
    AWS_ENDPOINT_URL_S3: url,
    AWS_ENDPOINT_URL_LAMBDA: url,
  });
}

export async function stopWorld(): Promise<void> {
  for (const client of clients) client.destroy();
  for (const calls of engines) calls.close();
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  await engine?.stop();
}

/** The address of an engine on which some calls are cancelled, throttled, or done without an answer. */
export async function faultyEngine(share: number, seed: number): Promise<string> {
  const faults = new Faults(share, seed);
  const calls = new EngineCalls(engine!.port);
  engines.push(calls);
  const server = createServer((request, response) => {
    void bodyOf(request).then(async (body) => {
      const target = request.headers['x-amz-target'] as string;
      const operation = target.split('.')[1]!;
      const fault = faults.next(operation);
      const done = fault === undefined || fault === 'lost' ? await calls.pass(target, Buffer.from(body)) : undefined;
      const answer =
        fault === undefined
          ? done!
          : errorResponse('json', errorOf(fault, operation, JSON.parse(body) as Record<string, unknown>));
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' }).end(answer.body);
    });
  });
  servers.push(server);
  return listening(server);
}

/** A client of the engine. */
export function clientOf(config: DynamoDBClientConfig = {}): DynamoDBClient {
  const client = new DynamoDBClient(config);
  clients.push(client);
  return client;
}

let shared: DynamoDBClient | undefined;
const plain = (): DynamoDBClient => (shared ??= clientOf());

/** New tables, which the variables of `ORDERS` and of a projection name from now on. */
export async function newTables(): Promise<Tables> {
  const prefix = randomUUID().slice(0, 8);
  const client = plain();
  const made = Object.entries(KEYS).map(async ([name, keys]) => {
    const attributes = keys.map((key) => key.split(':') as [string, 'S' | 'N']);
    const TableName = `${prefix}-${name}`;
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: attributes.map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
        KeySchema: attributes.map(([AttributeName], index) => ({
          AttributeName,
          KeyType: index === 0 ? 'HASH' : 'RANGE',
        })),
      }),
    );
    return [name, TableName] as const;
  });
  const tables = Object.fromEntries(await Promise.all(made)) as unknown as Tables;
  Object.assign(process.env, {
    ORDERS: tables.events,
    ORDERS_COMMANDS: tables.commands,
    ORDERS_SNAPSHOTS: tables.snapshots,
    ORDERS_KEYS: tables.keys,
    PROJECTION: 'Views',
    EVENTS: tables.events,
    EVENTS_KEYS: tables.keys,
    CHECKPOINTS: tables.checkpoints,
    MODEL: tables.model,
    PARKED: `${process.env.AWS_ENDPOINT_URL_SQS}/123456789012/parked`,
  });
  return tables;
}

/** All items of a table, by the first attribute given. */
export async function itemsOf(table: string): Promise<Record<string, unknown>[]> {
  const { Items = [] } = await plain().send(new ScanCommand({ TableName: table, ConsistentRead: true }));
  return Items.map((item) => unmarshall(item));
}

/** Records of a stream for the events of an aggregate, as Lambda has them. */
export async function recordsOf(table: string, id: string): Promise<StreamRecord[]> {
  const query = {
    TableName: table,
    KeyConditionExpression: 'id = :id',
    ExpressionAttributeValues: { ':id': { S: id } },
    ConsistentRead: true,
  };
  const records: StreamRecord[] = [];
  for await (const { Items = [] } of paginateQuery({ client: plain() }, query)) records.push(...Items.map(recordOf));
  return records;
}

export type StreamRecord = {
  eventName: string;
  dynamodb: { Keys: Record<string, { S?: string; N?: string }>; NewImage: object; SequenceNumber: string };
};

let sequence = 0;

function recordOf(item: object): StreamRecord {
  const image = JSON.parse(
    JSON.stringify(item, (_, value: unknown) => (value instanceof Uint8Array ? bytes(value) : value)),
  ) as Record<string, { S?: string; N?: string }>;
  const Keys = { id: image.id!, version: image.version! };
  return { eventName: 'INSERT', dynamodb: { Keys, NewImage: image, SequenceNumber: String(++sequence) } };
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

const bytes = (value: Uint8Array): string => Buffer.from(value).toString('base64');

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
