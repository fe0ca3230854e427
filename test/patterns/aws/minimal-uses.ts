import type { Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  EntityTable,
  EventHub,
  EventStore,
  FileProcessor,
  HttpDatabase,
  PooledDatabase,
  QueueWorker,
  Saga,
  ScheduledJob,
  ServerlessApi,
  ServiceFunction,
  StreamProcessor,
  WebhookReceiver,
  WorkQueue,
} from 'lintel/aws';

/** The team’s network, which it has from elsewhere. */
const network = (stack: Stack) =>
  Vpc.fromVpcAttributes(stack, 'Network', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: ['eu-west-1a', 'eu-west-1b'],
    privateSubnetIds: ['subnet-1', 'subnet-2'],
  });

/** One `new` statement with the required props and nothing else, as the design names them. */
export const MINIMAL: Readonly<Record<string, (stack: Stack, handler: string) => unknown>> = {
  ServiceFunction: (stack, handler) => new ServiceFunction(stack, 'F', { entry: handler }),
  EntityTable: (stack) => new EntityTable(stack, 'T', { partitionKey: 'id' }),
  WorkQueue: (stack) => new WorkQueue(stack, 'Jobs'),
  'ServerlessApi (http)': (stack, handler) =>
    new ServerlessApi(stack, 'Api', { authorizer: 'none', routes: { 'GET /': handler } }),
  'ServerlessApi (rest)': (stack, handler) =>
    new ServerlessApi(stack, 'Api', { kind: 'rest', authorizer: 'iam', routes: { 'GET /': handler } }),
  QueueWorker: (stack, handler) => new QueueWorker(stack, 'Ingest', { handler }),
  StreamProcessor: (stack, handler) => new StreamProcessor(stack, 'Clicks', { handler }),
  ScheduledJob: (stack, handler) => new ScheduledJob(stack, 'Nightly', { handler, schedule: 'rate(1 day)' }),
  Saga: (stack, handler) =>
    new Saga(stack, 'Order', { steps: [{ name: 'charge', action: handler, compensation: handler }] }),
  'Saga on a durable function': (stack, handler) => {
    const steps = [{ name: 'charge', action: handler, compensation: handler }];
    const saga = new Saga(stack, 'Order', { engine: 'durable-function', steps });
    const access = { ORDER: saga.start().and(saga.answer()) };
    new ServiceFunction(stack, 'Place', { entry: handler, access });
  },
  'Saga that leaves what is large': (stack, handler) => {
    const step = { name: 'charge', action: handler, compensation: handler };
    const steps = [{ each: '{% $input.lines %}', maxItems: 5000, distributed: true, step }];
    const saga = new Saga(stack, 'Order', { claimCheck: true, steps });
    const access = { ORDER: saga.start().and(saga.answer()) };
    new ServiceFunction(stack, 'Place', { entry: handler, access });
  },
  'Saga on a durable function that leaves what is large': (stack, handler) => {
    const step = { name: 'charge', action: handler, compensation: handler };
    const steps = [{ each: '{% $input.lines %}', maxItems: 5000, distributed: true, step }];
    const saga = new Saga(stack, 'Order', { engine: 'durable-function', claimCheck: true, steps });
    const access = { ORDER: saga.start().and(saga.answer()) };
    new ServiceFunction(stack, 'Place', { entry: handler, access });
  },
  EventStore: (stack) => new EventStore(stack, 'Orders'),
  'EventStore that projects into a PooledDatabase': (stack, handler) => {
    const vpc = network(stack);
    const database = new PooledDatabase(stack, 'Reports', { vpc, engine: 'postgres' });
    const readModel = database.connect('projector');
    new EventStore(stack, 'Orders').project('Report', { handler: { entry: handler, vpc }, readModel });
  },
  'EventStore that projects, replays and publishes': (stack, handler) => {
    const orders = new EventStore(stack, 'Orders', { exports: Bucket.fromBucketName(stack, 'Exports', 'exports') });
    const REPLAY = orders.replay(orders.project('ByCustomer', { handler }));
    new ServiceFunction(stack, 'Operate', { entry: handler, access: { REPLAY } });
    orders.publishTo(new EventBus(stack, 'Bus'), { source: 'shop.orders' });
  },
  EventHub: (stack) => new EventHub(stack, 'Shop'),
  'EventHub with schemas and subscriptions': (stack, handler) => {
    const hub = new EventHub(stack, 'Shop', {
      events: { OrderPlaced: { type: 'object' } },
      validate: true,
      register: true,
    });
    const access = { HUB: hub.publish({ source: 'shop.orders', types: ['OrderPlaced'] }) };
    new ServiceFunction(stack, 'Place', { entry: handler, access });
    hub.subscribe('Billing', { types: ['OrderPlaced'], handler });
    hub.subscribe('Search', { source: 'shop.orders', handler, buffer: 'none' });
  },
  'PooledDatabase (postgres)': (stack) =>
    new PooledDatabase(stack, 'Reports', { vpc: network(stack), engine: 'postgres' }),
  'PooledDatabase (mysql)': (stack) => new PooledDatabase(stack, 'Reports', { vpc: network(stack), engine: 'mysql' }),
  'PooledDatabase with a connection': (stack, handler) => {
    const vpc = network(stack);
    const access = { DB: new PooledDatabase(stack, 'Reports', { vpc, engine: 'postgres' }).connect('reporter') };
    new ServiceFunction(stack, 'Monthly', { entry: handler, vpc, access });
  },
  'HttpDatabase (dsql)': (stack, handler) => {
    const access = { DB: new HttpDatabase(stack, 'Orders', { kind: 'dsql' }).connect('app_user') };
    new ServiceFunction(stack, 'Place', { entry: handler, access });
  },
  FileProcessor: (stack, handler) => new FileProcessor(stack, 'Imports', { handler }),
  WebhookReceiver: (stack, handler) =>
    new WebhookReceiver(stack, 'Payments', {
      handler,
      signature: { header: 'X-Signature', secret: Secret.fromSecretNameV2(stack, 'Secret', 'payments') },
    }),
};

/** The name of a use as a file has it: `saga-on-a-durable-function`. */
export const fileNameOf = (use: string): string =>
  `${use
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')}.json`;

/** Where the templates of the last release are kept. */
export const RELEASE = 'test/release/aws';
