import { type App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUserPoolAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as deployment from 'aws-cdk-lib/aws-s3-deployment';
import { LambdaDestination, SqsDestination as QueueDestination } from 'aws-cdk-lib/aws-s3-notifications';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke as InvokeOnSchedule } from 'aws-cdk-lib/aws-scheduler-targets';
import * as sns from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription, SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';

/**
 * Stacks as a careful team writes them with the platform's own constructs: logs, tracing, dead letters, TLS, recovery.
 * Every rule must be quiet about them, CDK's own helpers aside.
 */
export function goodApp(app: App): void {
  const { table, jobs } = work(new Stack(app, 'Work'));
  const bus = messages(new Stack(app, 'Messages'));
  apis(new Stack(app, 'Apis'));
  files(new Stack(app, 'Files'));
  workflows(new Stack(app, 'Workflows'), table, jobs, bus);
  data(new Stack(app, 'Data'));
}

function fn(stack: Stack, id: string, props: Partial<lambda.FunctionProps> = {}): lambda.Function {
  return new lambda.Function(stack, id, {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => {}'),
    timeout: Duration.seconds(10),
    tracing: lambda.Tracing.ACTIVE,
    logGroup: new logs.LogGroup(stack, `${id}Logs`, { retention: logs.RetentionDays.ONE_MONTH }),
    ...props,
  });
}

function deadLetters(stack: Stack, id = 'DeadLetters'): sqs.Queue {
  const dead = new sqs.Queue(stack, id, { enforceSSL: true, retentionPeriod: Duration.days(14) });
  const messages = dead.metricApproximateNumberOfMessagesVisible();
  messages.createAlarm(stack, `${id}Watch`, { threshold: 1, evaluationPeriods: 1 });
  return dead;
}

function queue(stack: Stack, id: string, dead: sqs.Queue): sqs.Queue {
  return new sqs.Queue(stack, id, {
    enforceSSL: true,
    visibilityTimeout: Duration.seconds(60),
    deadLetterQueue: { queue: dead, maxReceiveCount: 5 },
  });
}

function work(stack: Stack): { table: dynamodb.TableV2; jobs: sqs.Queue } {
  const jobs = queue(stack, 'Jobs', deadLetters(stack));
  const worker = fn(stack, 'Worker');
  worker.addEventSource(new sources.SqsEventSource(jobs, { reportBatchItemFailures: true, maxConcurrency: 10 }));
  const { currentVersion: version } = fn(stack, 'Warm');
  const warm = new lambda.Alias(stack, 'Live', { aliasName: 'live', version, provisionedConcurrentExecutions: 2 });
  warm.addEventSource(
    new sources.SqsEventSource(queue(stack, 'Rush', deadLetters(stack, 'LateRush')), { reportBatchItemFailures: true }),
  );
  const table = new dynamodb.TableV2(stack, 'Table', {
    partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    dynamoStream: dynamodb.StreamViewType.NEW_IMAGE,
  });
  table.grantReadWriteData(worker);
  fn(stack, 'Projection').addEventSource(
    new sources.DynamoEventSource(table, {
      startingPosition: lambda.StartingPosition.TRIM_HORIZON,
      retryAttempts: 5,
      reportBatchItemFailures: true,
      onFailure: new sources.SqsDlq(deadLetters(stack, 'SkippedRecords')),
    }),
  );
  return { table, jobs };
}

function messages(stack: Stack): events.EventBus {
  const dead = deadLetters(stack);
  const bus = new events.EventBus(stack, 'Bus');
  const handler = fn(stack, 'Handler', { deadLetterQueue: dead });
  new events.Rule(stack, 'OrderPlaced', {
    eventBus: bus,
    eventPattern: { source: ['shop'] },
    targets: [new targets.LambdaFunction(handler, { deadLetterQueue: dead, retryAttempts: 3 })],
  });
  bus.grantPutEventsTo(handler);
  const job = fn(stack, 'Job', { onFailure: new SqsDestination(dead) });
  new scheduler.Schedule(stack, 'Nightly', {
    schedule: scheduler.ScheduleExpression.cron({ minute: '0', hour: '3' }),
    target: new InvokeOnSchedule(job, { deadLetterQueue: dead }),
  });
  new events.Rule(stack, 'Often', {
    schedule: events.Schedule.rate(Duration.minutes(5)),
    targets: [new targets.LambdaFunction(job, { deadLetterQueue: dead })],
  });
  const key = new kms.Key(stack, 'Key', { enableKeyRotation: true });
  const topic = new sns.Topic(stack, 'News', { masterKey: key, enforceSSL: true });
  topic.addSubscription(new SqsSubscription(queue(stack, 'Inbox', dead), { deadLetterQueue: dead }));
  topic.addSubscription(
    new LambdaSubscription(fn(stack, 'OnNews', { deadLetterQueue: dead }), { deadLetterQueue: dead }),
  );
  return bus;
}

function apis(stack: Stack): void {
  const accessLogs = new logs.LogGroup(stack, 'AccessLogs', { retention: logs.RetentionDays.ONE_MONTH });
  const users = new cognito.UserPool(stack, 'Users', { deletionProtection: true });
  const authorizer = new HttpUserPoolAuthorizer('Users', users, { userPoolClients: [users.addClient('Web')] });
  const http = new apigatewayv2.HttpApi(stack, 'Http', { createDefaultStage: false });
  const integration = new HttpLambdaIntegration('Place', fn(stack, 'Place'));
  http.addRoutes({ path: '/orders', methods: [apigatewayv2.HttpMethod.POST], integration, authorizer });
  new apigatewayv2.HttpStage(stack, 'HttpStage', {
    httpApi: http,
    autoDeploy: true,
    throttle: { rateLimit: 10, burstLimit: 5 },
    accessLogSettings: {
      destination: new apigatewayv2.LogGroupLogDestination(accessLogs),
      format: apigateway.AccessLogFormat.jsonWithStandardFields(),
    },
  });
  const rest = new apigateway.LambdaRestApi(stack, 'Rest', {
    handler: fn(stack, 'Show'),
    proxy: false,
    defaultMethodOptions: { authorizationType: apigateway.AuthorizationType.IAM },
    deployOptions: {
      throttlingRateLimit: 10,
      accessLogDestination: new apigateway.LogGroupLogDestination(accessLogs),
      accessLogFormat: apigateway.AccessLogFormat.jsonWithStandardFields(),
      tracingEnabled: true,
    },
  });
  rest.root.addResource('orders').addMethod('GET');
  const live = new lambda.Alias(stack, 'Live', {
    aliasName: 'live',
    version: fn(stack, 'Warm').currentVersion,
    provisionedConcurrentExecutions: 2,
  });
  live.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM });
}

function files(stack: Stack): void {
  const dead = deadLetters(stack);
  const bucket = new s3.Bucket(stack, 'Files', {
    enforceSSL: true,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    autoDeleteObjects: true,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const importer = fn(stack, 'Importer', { deadLetterQueue: dead });
  bucket.addEventNotification(s3.EventType.OBJECT_CREATED, new LambdaDestination(importer), { prefix: 'in/' });
  bucket.grantRead(importer);
  bucket.addEventNotification(s3.EventType.OBJECT_REMOVED, new QueueDestination(queue(stack, 'Removed', dead)));
  new deployment.BucketDeployment(stack, 'Seed', {
    sources: [deployment.Source.data('a.txt', 'a')],
    destinationBucket: bucket,
  });
}

function workflows(stack: Stack, table: dynamodb.TableV2, jobs: sqs.Queue, bus: events.EventBus): void {
  const pay = fn(stack, 'Pay');
  const entry = { detail: sfn.TaskInput.fromObject({}), detailType: 'Paid', source: 'billing', eventBus: bus };
  const steps = new tasks.LambdaInvoke(stack, 'PayStep', { lambdaFunction: pay })
    .next(new tasks.DynamoPutItem(stack, 'Store', { table, item: { id: tasks.DynamoAttributeValue.fromString('a') } }))
    .next(new tasks.SqsSendMessage(stack, 'Send', { queue: jobs, messageBody: sfn.TaskInput.fromText('a') }))
    .next(new tasks.EventBridgePutEvents(stack, 'Publish', { entries: [entry] }));
  const machine = new sfn.StateMachine(stack, 'Order', {
    tracingEnabled: true,
    definitionBody: sfn.DefinitionBody.fromChainable(steps),
  });
  machine.grantStartExecution(pay);
  new events.Rule(stack, 'Start', {
    eventPattern: { source: ['shop'] },
    targets: [new targets.SfnStateMachine(machine, { deadLetterQueue: deadLetters(stack) })],
  });
  new sfn.StateMachine(stack, 'Quick', {
    stateMachineType: sfn.StateMachineType.EXPRESS,
    queryLanguage: sfn.QueryLanguage.JSONATA,
    tracingEnabled: true,
    logs: {
      destination: new logs.LogGroup(stack, 'QuickLogs', { retention: logs.RetentionDays.ONE_WEEK }),
      level: sfn.LogLevel.ERROR,
    },
    definitionBody: sfn.DefinitionBody.fromChainable(
      tasks.LambdaInvoke.jsonata(stack, 'Ask', { lambdaFunction: pay, outputs: '{% $states.result.Payload %}' }),
    ),
  });
}

function data(stack: Stack): void {
  const skipped = deadLetters(stack, 'Skipped');
  const clicks = new kinesis.Stream(stack, 'Clicks', { encryption: kinesis.StreamEncryption.MANAGED });
  fn(stack, 'Count').addEventSource(
    new sources.KinesisEventSource(clicks, {
      startingPosition: lambda.StartingPosition.TRIM_HORIZON,
      retryAttempts: 3,
      bisectBatchOnError: true,
      onFailure: new sources.SqsDlq(skipped),
    }),
  );
  new cloudwatch.Alarm(stack, 'SkippedAlarm', {
    metric: skipped.metricApproximateNumberOfMessagesVisible(),
    threshold: 0,
    evaluationPeriods: 1,
  });
  const vpc = new ec2.Vpc(stack, 'Network', { natGateways: 0 });
  const vpcSubnets = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };
  const cluster = new rds.DatabaseCluster(stack, 'Reports', {
    engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_16_6 }),
    writer: rds.ClusterInstance.serverlessV2('Writer'),
    vpc,
    vpcSubnets,
    storageEncrypted: true,
    deletionProtection: true,
  });
  cluster.addRotationSingleUser();
  cluster.addProxy('Proxy', { vpc, secrets: [cluster.secret!], requireTLS: true, iamAuth: true });
  cluster.secret!.grantRead(fn(stack, 'Query', { vpc, vpcSubnets }));
}
