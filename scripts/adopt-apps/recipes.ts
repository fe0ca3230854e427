import type { Step } from './rewrite';

/** How our constructs are taken into a public app. */
export interface Recipe {
  /** As its `package.json` names it. */
  readonly app: string;
  /** Where it is published. */
  readonly home: string;
  /** Its program, as `cdk.json` runs it. */
  readonly program: string;
  /** What is imported of `lintel/aws`. */
  readonly imports: string;
  readonly steps: readonly Step[];
}

const products = 'lib/serverless-typescript-demo-stack.ts';

/** A function of the products API: its table stays the one it is, of version 1. */
const route = (construct: string, entry: string, access: string): Step => ({
  file: products,
  at: { construct },
  becomes: `new ServiceFunction(this, '${construct}', {
      entry: 'src/api/${entry}.ts',
      memorySize: 256,
      environment: envVariables,
      access: { TABLE_NAME: EntityTable.adopt(productsTable).${access} },
    })`,
});

const gateway = 'lib/gateway.ts';
const MAPPING =
  'GatewaySendUnsentMessagesDynamoDBEventSourceServerlessAsyncMessagingGatewayStackGatewayConnections630820F2ADDB2C3E';

export const RECIPES: readonly Recipe[] = [
  {
    app: 'serverless-typescript-demo',
    home: 'https://github.com/aws-samples/serverless-typescript-demo',
    program: 'bin/serverless-typescript-demo.ts',
    imports: 'EntityTable, ServiceFunction',
    steps: [
      route('GetProductsFunction', 'get-products', 'read({ scan: true })'),
      route('GetProductFunction', 'get-product', 'read()'),
      route('PutProductFunction', 'put-product', 'write()'),
      route('DeleteProductsFunction', 'delete-product', 'delete()'),
      { file: products, at: { statement: 'productsTable.grant' }, becomes: '', times: 4 },
    ],
  },
  {
    app: 'serverless-async-messaging-gateway',
    home: 'https://github.com/aws-samples/serverless-async-messaging-gateway',
    program: 'bin/serverless-async-messaging-gateway.ts',
    imports: 'Access, EntityTable, ServiceFunction, StreamProcessor, WorkQueue',
    steps: [
      {
        file: gateway,
        at: { construct: 'MessagesQueue' },
        becomes: `new WorkQueue(this, 'MessagesQueue', { fifo: true, deadLetterQueue: messagesDLQ, maxAttempts: 3 })`,
      },
      {
        file: gateway,
        at: { construct: 'SendUnsentMessages' },
        becomes: `new ServiceFunction(this, 'SendUnsentMessages', {
      entry: 'lib/gateway.SendUnsentMessages.mjs',
      timeout: cdk.Duration.seconds(30),
      role,
      logGroup: sendUnsentMessagesLogGroup,
      environment: { POWERTOOLS_SERVICE_NAME: 'send-unsent-messages' },
      access: {
        MESSAGES_TABLE: EntityTable.adopt(messagesTable).readWrite().and(EntityTable.adopt(messagesTable).delete()),
        MESSAGES_QUEUE_URL: Access.queue(messagesQueue).send(),
      },
    })`,
      },
      { file: gateway, at: { statement: 'messagesTable.grantReadWriteData(lambdaFn)' }, becomes: '' },
      { file: gateway, at: { statement: 'messagesQueue.grantSendMessages(lambdaFn)' }, becomes: '' },
      {
        file: gateway,
        at: { statement: 'lambdaFn.addEventSource' },
        // Lambda refuses a second mapping of one source and function, and a deployment makes new ones first: it keeps its id.
        becomes: `const unsent = new StreamProcessor(this, 'Unsent', {
      handler: lambdaFn,
      source: connectionsTable,
      startingPosition: lambda.StartingPosition.LATEST,
      filters: [{ eventName: ['INSERT', 'MODIFY'] }],
    });
    (unsent.mapping.node.defaultChild as lambda.CfnEventSourceMapping).overrideLogicalId(
      '${MAPPING}',
    );`,
      },
    ],
  },
];
