import {
  Duration,
  RemovalPolicy,
  aws_apigatewayv2,
  aws_certificatemanager,
  aws_cognito,
  aws_dynamodb,
  aws_ec2,
  aws_iam,
  aws_kinesis,
  aws_kms,
  aws_lambda,
  aws_logs,
  aws_rds,
  aws_s3,
  aws_secretsmanager,
  aws_sns,
  aws_sqs,
  Size,
  type Stack,
} from 'aws-cdk-lib';
import {
  Alarms,
  type AlarmsProps,
  EntityTable,
  type EntityTableProps,
  EventStore,
  type EventStoreProps,
  EventHub,
  type EventHubProps,
  FileProcessor,
  type FileProcessorProps,
  HttpDatabase,
  type HttpDatabaseProps,
  PooledDatabase,
  type PooledDatabaseProps,
  Projection,
  type ProjectionProps,
  QueueWorker,
  type QueueWorkerProps,
  Saga,
  type SagaProps,
  ScheduledJob,
  type ScheduledJobProps,
  ServerlessApi,
  type ServerlessApiProps,
  ServiceFunction,
  type ServiceFunctionProps,
  StreamProcessor,
  type StreamProcessorProps,
  Subscription,
  type SubscriptionProps,
  WebhookReceiver,
  type WebhookReceiverProps,
  WorkQueue,
  type WorkQueueProps,
} from 'lintel/aws';

/** Props as somebody writes them who has no type check. */
export type Loose = Readonly<Record<string, unknown>>;

/** A construct with what it needs, and a good value for each of its props. */
export interface Sample {
  readonly make: new (scope: Stack, id: string, props: never) => unknown;
  readonly base: (stack: Stack) => Loose;
  readonly props: (stack: Stack) => Loose;
}

export const HANDLER = 'test/aws/mistakes/handler.ts';

/** Props of a table that are ours; the others are those of the L2. */
type Own =
  | 'partitionKey'
  | 'sortKey'
  | 'indexes'
  | 'timeToLive'
  | 'stream'
  | 'tableName'
  | 'deletionProtection'
  | 'replicas';

/** Props of a function that CDK reads alone. */
type Platform =
  | 'adotInstrumentation'
  | 'allowAllIpv6Outbound'
  | 'allowAllOutbound'
  | 'allowPublicSubnet'
  | 'applicationLogLevel'
  | 'applicationLogLevelV2'
  | 'codeSigningConfig'
  | 'currentVersionOptions'
  | 'durableConfig'
  | 'environmentEncryption'
  | 'events'
  | 'filesystem'
  | 'insightsVersion'
  | 'ipv6AllowedForDualStack'
  | 'onSuccess'
  | 'paramsAndSecrets'
  | 'profiling'
  | 'profilingGroup'
  | 'recursiveLoop'
  | 'runtimeManagementMode'
  | 'securityGroups'
  | 'snapStart'
  | 'systemLogLevel'
  | 'systemLogLevelV2'
  | 'tenancyConfig'
  | 'vpcSubnets';

/** A sample that has every prop: one that is new does not compile until it is here. */
/** Props of a `ServerlessApi` that are for REST APIs alone. */
type RestOnly = 'usagePlans' | 'firewall' | 'endpoint' | 'policy';

function sample<P extends object>(
  make: new (scope: Stack, id: string, props: P) => unknown,
  base: (stack: Stack) => P,
  props: (stack: Stack) => { readonly [K in keyof Required<P>]: NonNullable<P[K]> },
): Sample {
  return { make: make as Sample['make'], base: base as Sample['base'], props: props as Sample['props'] };
}

const topic = (stack: Stack) => new aws_sns.Topic(stack, 'Topic');
const secret = (stack: Stack) =>
  (stack.node.tryFindChild('Secret') as aws_secretsmanager.Secret | undefined) ??
  new aws_secretsmanager.Secret(stack, 'Secret');
const queue = (stack: Stack) =>
  new aws_sqs.Queue(stack, 'Own', {
    visibilityTimeout: Duration.minutes(5),
    deadLetterQueue: { queue: new aws_sqs.Queue(stack, 'OwnDead'), maxReceiveCount: 5 },
  });
const userPool = (stack: Stack) => {
  const pool = new aws_cognito.UserPool(stack, 'Users');
  return { userPool: pool, clients: [pool.addClient('Web')], scopes: ['orders/read'] };
};
const domain = (stack: Stack) => ({
  name: 'api.example.com',
  certificate: aws_certificatemanager.Certificate.fromCertificateArn(
    stack,
    'Certificate',
    'arn:aws:acm:eu-west-1:111122223333:certificate/x',
  ),
});
const vpc = (stack: Stack) =>
  (stack.node.tryFindChild('Network') as aws_ec2.IVpc | undefined) ??
  aws_ec2.Vpc.fromVpcAttributes(stack, 'Network', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: ['eu-west-1a', 'eu-west-1b'],
    isolatedSubnetIds: ['subnet-1', 'subnet-2'],
  });
const hub = (stack: Stack) => (stack.node.tryFindChild('Hub') as EventHub | undefined) ?? new EventHub(stack, 'Hub');
const batch = { size: 100, window: Duration.seconds(5) };
const throttle = { rate: 10, burst: 5 };

/** A projection is made by its store, whose path would stand in its messages. */
class Projected extends Projection {
  constructor(scope: Stack, id: string, props: ProjectionProps) {
    const { table, commands, source } = new EventStore(scope, `${id}Store`);
    const failures = new aws_s3.Bucket(scope, `${id}Failures`);
    const lister = new ServiceFunction(scope, `${id}Lister`, { entry: HANDLER });
    super(scope, id, props, { tables: { events: table, commands, source }, failures, lister });
  }
}

export const SAMPLES: Readonly<Record<string, Sample>> = {
  QueueWorker: sample<QueueWorkerProps>(
    QueueWorker,
    () => ({ handler: HANDLER }),
    (stack) => ({
      handler: { entry: HANDLER },
      batch,
      maxConcurrency: 5,
      pollers: { min: 2, max: 4 },
      maxAttempts: 5,
      fifo: true,
      filters: [{ body: { kind: ['a'] } }],
      queue: queue(stack),
      encryptionKey: new aws_kms.Key(stack, 'Key'),
      retention: Duration.days(7),
      delay: Duration.seconds(10),
      maxMessageSize: Size.kibibytes(64),
      contentBasedDeduplication: true,
      highThroughput: true,
      alarmTopic: topic(stack),
      alarms: { errorRate: { threshold: 5, periods: 2 }, age: Duration.hours(1), throttles: { off: 'bursts' } },
    }),
  ),
  StreamProcessor: sample<StreamProcessorProps>(
    StreamProcessor,
    () => ({ handler: HANDLER }),
    (stack) => ({
      handler: { entry: HANDLER },
      source: new aws_kinesis.Stream(stack, 'Stream'),
      retention: Duration.days(2),
      encryptionKey: new aws_kms.Key(stack, 'Key'),
      enhancedFanOut: true,
      batch,
      parallelization: 2,
      maxAttempts: 5,
      maxAge: Duration.hours(1),
      filters: [{ data: { kind: ['a'] } }],
      tumblingWindow: Duration.minutes(1),
      failures: queue(stack),
      startingPosition: aws_lambda.StartingPosition.LATEST,
      alarmTopic: topic(stack),
      alarms: { errorRate: 5, age: Duration.minutes(10), duration: { threshold: 90, periods: 2 } },
    }),
  ),
  ScheduledJob: sample<ScheduledJobProps>(
    ScheduledJob,
    () => ({ handler: HANDLER, schedule: 'rate(1 day)' }),
    (stack) => ({
      handler: { entry: HANDLER },
      schedule: 'cron(0 3 * * ? *)',
      timeZone: 'Europe/Berlin',
      flexibleWindow: Duration.minutes(5),
      input: { kind: 'nightly' },
      overlap: true,
      enabled: true,
      alarmTopic: topic(stack),
      alarms: { errorRate: { off: 'tried again' }, deadLetters: 5 },
    }),
  ),
  FileProcessor: sample<FileProcessorProps>(
    FileProcessor,
    () => ({ handler: HANDLER }),
    (stack) => ({
      handler: { entry: HANDLER },
      bucket: new aws_s3.Bucket(stack, 'Own'),
      on: ['created', 'deleted'],
      encryptionKey: new aws_kms.Key(stack, 'Key'),
      lifecycle: { old: { prefix: 'in/', expireAfter: Duration.days(90), infrequentAccessAfter: Duration.days(30) } },
      prefix: 'in/',
      suffix: '.csv',
      outputPrefix: 'out/',
      via: 'event-bridge',
      imported: 'enabled',
      batch,
      maxConcurrency: 5,
      maxAttempts: 5,
      alarmTopic: topic(stack),
      alarms: { errorRate: 5, age: Duration.hours(1) },
    }),
  ),
  WebhookReceiver: sample<WebhookReceiverProps>(
    WebhookReceiver,
    (stack) => ({ handler: HANDLER, signature: { header: 'X-Sig', secret: secret(stack) } }),
    (stack) => ({
      handler: { entry: HANDLER },
      signature: {
        header: 'X-Sig',
        secret: secret(stack),
        field: 'key',
        tolerance: Duration.minutes(5),
        url: 'https://hooks.example.com/x',
        algorithm: 'sha256',
        encoding: 'hex',
        secretEncoding: 'text',
        timestampHeader: 'X-Time',
        idHeader: 'X-Id',
        payload: '{id}.{timestamp}.{url}.{body}',
      },
      headers: ['X-Event'],
      verify: 'worker',
      challenge: 'slack',
      path: '/stripe',
      api: new WebhookReceiver(stack, 'Other', {
        handler: HANDLER,
        signature: { header: 'X-Sig', secret: new aws_secretsmanager.Secret(stack, 'OtherSecret') },
      }).api,
      domain: domain(stack),
      allowFrom: ['192.0.2.0/24'],
      maxRequestSize: Size.kibibytes(64),
      contentTypes: ['application/json'],
      throttle,
      batch,
      maxConcurrency: 5,
      maxAttempts: 5,
      alarmTopic: topic(stack),
      alarms: { errorRate: 5, age: Duration.hours(1) },
    }),
  ),
  ServerlessApi: sample<Omit<ServerlessApiProps, RestOnly>>(
    ServerlessApi,
    () => ({ authorizer: 'none', routes: { 'GET /x': HANDLER } }),
    (stack) => ({
      authorizer: { issuer: 'https://login.example.com', audience: ['shop'] },
      routes: {
        'GET /x': HANDLER,
        'GET /y': { entry: HANDLER, authorizer: 'none' },
        'GET /z': { handler: HANDLER, authorizer: userPool(stack) },
      },
      kind: 'http',
      api: aws_apigatewayv2.HttpApi.fromHttpApiAttributes(stack, 'Existing', { httpApiId: 'a1b2c3' }),
      stage: { name: 'prod' },
      cors: {
        origins: ['https://shop.example.com'],
        methods: ['GET'],
        headers: ['content-type'],
        exposedHeaders: ['etag'],
        credentials: true,
        maxAge: Duration.hours(1),
      },
      throttle,
      domain: domain(stack),
      stageVariables: { tenant: 'acme' },
      accessLogRetention: aws_logs.RetentionDays.ONE_WEEK,
      alarmTopic: topic(stack),
      alarms: { errorRate: 5, latency: Duration.seconds(1) },
    }),
  ),
  'ServerlessApi of kind rest': sample<Pick<ServerlessApiProps, 'routes' | RestOnly>>(
    ServerlessApi as never,
    () => ({ authorizer: 'none', kind: 'rest', routes: { 'GET /x': HANDLER } }),
    (stack) => ({
      endpoint: {
        vpcEndpoints: [
          aws_ec2.InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(stack, 'Endpoint', {
            vpcEndpointId: 'vpce-1',
            port: 443,
          }),
        ],
      },
      policy: new aws_iam.PolicyDocument({
        statements: [
          new aws_iam.PolicyStatement({
            actions: ['execute-api:Invoke'],
            resources: ['execute-api:/*'],
            principals: [new aws_iam.AnyPrincipal()],
          }),
        ],
      }),
      routes: {
        'GET /x': {
          entry: HANDLER,
          apiKey: false,
          cors: { origins: ['https://shop.example.com'] },
          validate: { body: { type: 'object' }, query: ['page'], headers: ['if-match'] },
        },
        'GET /y': HANDLER,
      },
      firewall: 'arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/shop/a1b2',
      usagePlans: { free: { keys: ['acme'], throttle, quota: { limit: 100, period: 'day' } } },
    }),
  ),
  Saga: sample<SagaProps>(
    Saga,
    () => ({ steps: [{ name: 'charge', action: HANDLER, compensation: HANDLER }] }),
    (stack) => ({
      steps: [
        {
          name: 'charge',
          action: HANDLER,
          compensation: HANDLER,
          timeout: Duration.seconds(5),
        },
        {
          parallel: [
            { name: 'a', action: HANDLER },
            { name: 'b', action: HANDLER },
          ],
        },
      ],
      engine: 'step-functions',
      timeout: Duration.hours(1),
      undoFailed: true,
      claimCheck: new aws_s3.Bucket(stack, 'Claims'),
      logRetention: aws_logs.RetentionDays.ONE_WEEK,
      alarmTopic: topic(stack),
      alarms: { deadLetters: 5, timeouts: { periods: 2 } },
    }),
  ),
  PooledDatabase: sample<Omit<PooledDatabaseProps, 'cluster' | 'administrator' | 'maxConnections'>>(
    PooledDatabase,
    (stack) => ({ vpc: vpc(stack), engine: 'postgres' }),
    (stack) => ({
      vpc: vpc(stack),
      engine: 'postgres',
      version: '17.7',
      capacity: { min: 2, max: 8 },
      readers: 1,
      migrations: {
        directory: 'test/aws/database/migrations',
        timeout: Duration.minutes(5),
        snapshot: true,
      },
      routes: ['s3', 'rds'],
      users: { app_user: { read: ['orders'], write: ['billing.invoices'] } },
      databaseName: 'shop',
      vpcSubnets: { subnetType: aws_ec2.SubnetType.PRIVATE_ISOLATED },
      maxConnectionsPercent: 80,
      encryptionKey: new aws_kms.Key(stack, 'Key'),
      backupRetention: Duration.days(14),
      insights: 'standard',
      logRetention: aws_logs.RetentionDays.ONE_WEEK,
      removalPolicy: RemovalPolicy.RETAIN,
      alarmTopic: topic(stack),
      alarms: { pinned: 5, borrowing: Duration.seconds(1) },
    }),
  ),
  'PooledDatabase of the team’s cluster': sample<
    Pick<
      PooledDatabaseProps,
      'vpc' | 'engine' | 'cluster' | 'databaseName' | 'administrator' | 'maxConnections' | 'maxConnectionsPercent'
    >
  >(
    PooledDatabase,
    (stack) => ({ vpc: vpc(stack), engine: 'postgres' }),
    (stack) => ({
      vpc: vpc(stack),
      engine: 'postgres',
      cluster: aws_rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Team', {
        clusterIdentifier: 'team',
        securityGroups: [aws_ec2.SecurityGroup.fromSecurityGroupId(stack, 'TeamGroup', 'sg-0123456789abcdef0')],
      }),
      administrator: { secret: secret(stack), dataApi: true },
      maxConnections: 500,
      databaseName: 'shop',
      maxConnectionsPercent: 50,
    }),
  ),
  HttpDatabase: sample<Pick<HttpDatabaseProps, 'kind' | 'secret' | 'url'>>(
    HttpDatabase,
    (stack) => ({ kind: 'turso', secret: secret(stack), url: 'https://orders-acme.turso.io' }),
    (stack) => ({ kind: 'turso', secret: secret(stack), url: 'https://orders-acme.turso.io' }),
  ),
  EventStore: sample<Omit<EventStoreProps, 'encryption' | 'replicas' | 'writeRegion'>>(
    EventStore,
    () => ({}),
    (stack) => ({
      snapshots: true,
      stream: 'table',
      writer: 'caller',
      personal: { OrderPlaced: ['name', 'email'] },
      claimCheck: new aws_s3.Bucket(stack, 'Payloads'),
      exports: new aws_s3.Bucket(stack, 'Exports'),
      removalPolicy: RemovalPolicy.RETAIN,
      alarmTopic: topic(stack),
      alarms: { throttles: 5 },
    }),
  ),
  'EventStore.project': sample<ProjectionProps>(
    Projected,
    () => ({ handler: HANDLER }),
    (stack) => ({
      handler: { entry: HANDLER },
      eventTypes: ['OrderPlaced'],
      readModel: new EntityTable(stack, 'Model', { partitionKey: 'id' }),
      batch,
      maxAttempts: 5,
      replayConcurrency: 20,
      alarms: { age: Duration.minutes(10), expiring: 25, tampering: { off: 'no' } },
    }),
  ),
  EventHub: sample<EventHubProps>(
    EventHub,
    () => ({}),
    (stack) => ({
      archive: Duration.days(30),
      events: { OrderPlaced: { type: 'object' } },
      maxEntrySize: Size.kibibytes(512),
      validate: true,
      register: true,
      claimCheck: new aws_s3.Bucket(stack, 'Claims'),
      encryptionKey: new aws_kms.Key(stack, 'Key'),
      alarmTopic: topic(stack),
      alarms: { errorRate: 5, lostEvents: 5 },
    }),
  ),
  Subscription: sample<SubscriptionProps>(
    Subscription,
    (stack) => ({ hub: hub(stack), types: ['OrderPlaced'], handler: HANDLER }),
    (stack) => ({
      hub: hub(stack),
      handler: { entry: HANDLER },
      source: ['shop.orders'],
      types: ['OrderPlaced'],
      detail: { data: { kind: ['a'] } },
      maxHops: 10,
      everything: true,
      buffer: 'queue',
      maxAttempts: 5,
      replays: 'skip',
      batch,
      maxConcurrency: 5,
      alarmTopic: topic(stack),
      alarms: { errorRate: 5, lostEvents: 5 },
    }),
  ),
  WorkQueue: sample<WorkQueueProps>(
    WorkQueue,
    () => ({}),
    (stack) => ({
      consumer: new ServiceFunction(stack, 'Consumer', { entry: HANDLER }),
      batchWindow: Duration.seconds(5),
      visibilityTimeout: Duration.minutes(5),
      maxAttempts: 5,
      fifo: true,
      contentBasedDeduplication: true,
      retentionPeriod: Duration.days(4),
      deadLetterQueue: new aws_sqs.Queue(stack, 'Failed', { fifo: true, retentionPeriod: Duration.days(14) }),
      encryptionMasterKey: new aws_kms.Key(stack, 'Key'),
      delay: Duration.seconds(10),
      maxMessageSize: Size.kibibytes(64),
      highThroughput: true,
      queueName: 'orders',
    }),
  ),
  Alarms: sample<AlarmsProps>(
    Alarms,
    () => ({}),
    (stack) => ({ topic: topic(stack), settings: { errorRate: 5, age: Duration.minutes(5) } }),
  ),
  EntityTable: sample<Pick<EntityTableProps, Own>>(
    EntityTable as never,
    () => ({ partitionKey: 'id' }),
    () => ({
      partitionKey: { name: 'id', type: aws_dynamodb.AttributeType.STRING },
      sortKey: 'at',
      indexes: {
        byName: 'name',
        byOwner: {
          partitionKey: 'owner',
          sortKey: 'at',
          attributes: ['x'],
        },
      },
      timeToLive: 'expiresAt',
      stream: aws_dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
      tableName: 'orders',
      deletionProtection: true,
      replicas: [
        'eu-central-1',
        {
          region: 'eu-west-2',
          deletionProtection: false,
          pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 7 },
          contributorInsightsSpecification: { enabled: true },
        },
      ],
    }),
  ),
  ServiceFunction: sample<Omit<ServiceFunctionProps, Platform>>(
    ServiceFunction,
    () => ({ entry: HANDLER }),
    (stack) => ({
      entry: HANDLER,
      bundling: {
        external: ['canvas'],
        format: 'esm',
        alias: { a: './b.ts' },
        loader: { '.sql': 'text' },
        define: { BUILD: '"1"' },
        sdk: true,
        nodeModules: ['sharp'],
        plugins: 'test/aws/mistakes/plugins.mjs',
        pluginsKey: '1',
      },
      code: aws_lambda.Code.fromInline('exports.handler = async () => {}'),
      handler: 'index.handler',
      runtime: aws_lambda.Runtime.NODEJS_24_X,
      access: { TABLE: new EntityTable(stack, 'Table', { partitionKey: 'id' }).read() },
      secrets: { KEY: secret(stack) },
      reservedConcurrency: 5,
      warm: 1,
      onFailure: queue(stack),
      role: new aws_iam.Role(stack, 'Role', { assumedBy: new aws_iam.ServicePrincipal('lambda.amazonaws.com') }),
      logRetention: aws_logs.RetentionDays.ONE_WEEK,
      logGroup: new aws_logs.LogGroup(stack, 'Logs'),
      description: 'Places orders',
      timeout: Duration.seconds(5),
      environment: { STAGE: 'prod' },
      functionName: 'place-order',
      memorySize: 512,
      ephemeralStorageSize: Size.mebibytes(512),
      vpc: new aws_ec2.Vpc(stack, 'Vpc'),
      layers: [aws_lambda.LayerVersion.fromLayerVersionArn(stack, 'Layer', 'arn:aws:lambda:eu-west-1:1:layer:x:1')],
      architecture: aws_lambda.Architecture.X86_64,
      tracing: aws_lambda.Tracing.ACTIVE,
      loggingFormat: aws_lambda.LoggingFormat.JSON,
      maxEventAge: Duration.hours(1),
      retryAttempts: 1,
    }),
  ),
};
