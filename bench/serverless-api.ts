import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ApiGatewayToLambda } from '@aws-solutions-constructs/aws-apigateway-lambda';
import { LambdaToDynamoDB } from '@aws-solutions-constructs/aws-lambda-dynamodb';
import { App, Aws, Duration, Fn, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { EntityTable, ServerlessApi } from 'lintel/aws';
import { atMost, type Goal, inTurns, type Result, timed } from './measure';

const code = Code.fromInline('exports.handler = async () => ({ statusCode: 200 });');
const authorizer = { issuer: 'https://login.example.com', audience: ['shop'] };

/** A table, an API and two functions, by the pattern. */
function byPattern(stack: Stack): void {
  const orders = new EntityTable(stack, 'Orders', { partitionKey: 'id' });
  new ServerlessApi(stack, 'Api', {
    authorizer,
    routes: {
      'POST /orders': { code, access: { ORDERS: orders.write() } },
      'GET /orders/{id}': { code, access: { ORDERS: orders.read() } },
    },
  });
}

/** What a line of the access log holds. */
const LOGGED = {
  requestId: '$context.requestId',
  requestTime: '$context.requestTime',
  ip: '$context.identity.sourceIp',
  userAgent: '$context.identity.userAgent',
  method: '$context.httpMethod',
  route: '$context.routeKey',
  path: '$context.path',
  protocol: '$context.protocol',
  status: '$context.status',
  responseLength: '$context.responseLength',
  latency: '$context.responseLatency',
  integrationLatency: '$context.integration.latency',
  integrationError: '$context.integration.error',
  authorizerError: '$context.authorizer.error',
  error: '$context.error.message',
};

/** The same resources by hand, with the L2s. */
function byHand(stack: Stack): void {
  const orders = new TableV2(stack, 'Orders', {
    partitionKey: { name: 'id', type: AttributeType.STRING },
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const stackId = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  const log = new LogGroup(stack, 'AccessLog', {
    logGroupName: `/aws/vendedlogs/${Names.uniqueResourceName(stack, { separator: '-' })}/${stackId}`,
    retention: RetentionDays.ONE_MONTH,
  });
  const api = new HttpApi(stack, 'Api', { createDefaultStage: false });
  new HttpStage(stack, 'Stage', {
    httpApi: api,
    autoDeploy: true,
    throttle: { rateLimit: 1000, burstLimit: 500 },
    accessLogSettings: {
      destination: new LogGroupLogDestination(log),
      format: AccessLogFormat.custom(JSON.stringify(LOGGED)),
    },
  });
  const jwt = new HttpJwtAuthorizer('Authorizer', authorizer.issuer, { jwtAudience: authorizer.audience });
  const routes = {
    Place: {
      method: HttpMethod.POST,
      path: '/orders',
      actions: ['PutItem', 'UpdateItem', 'ConditionCheckItem', 'BatchWriteItem'],
    },
    Get: { method: HttpMethod.GET, path: '/orders/{id}', actions: ['GetItem', 'BatchGetItem', 'Query'] },
  };
  for (const [id, { method, path: route, actions }] of Object.entries(routes)) {
    const fn = functionByHand(stack, id, { ORDERS: orders.tableName });
    const names = actions.map((action) => `dynamodb:${action}`);
    fn.addToRolePolicy(new PolicyStatement({ actions: names, resources: [orders.tableArn] }));
    new HttpRoute(stack, `${id}Route`, {
      httpApi: api,
      routeKey: HttpRouteKey.with(route, method),
      integration: new HttpLambdaIntegration('Integration', fn),
      authorizer: jwt,
    });
  }
}

function functionByHand(stack: Stack, id: string, environment: Record<string, string>): Function {
  const logGroup = new LogGroup(stack, `${id}Logs`, {
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const allow = (actions: string[], resource: string) =>
    new PolicyDocument({ statements: [new PolicyStatement({ actions, resources: [resource] })] });
  const role = new Role(stack, `${id}Role`, {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: {
      Logs: allow(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn),
      Tracing: allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*'),
    },
  });
  return new Function(stack, id, {
    code,
    role,
    logGroup,
    environment,
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    loggingFormat: LoggingFormat.JSON,
    timeout: Duration.seconds(10),
    memorySize: 512,
    tracing: Tracing.ACTIVE,
  });
}

/** A function for every request and its table, by the pattern with its defaults. */
function proxyByPattern(stack: Stack): void {
  const orders = new EntityTable(stack, 'Orders', { partitionKey: 'id' });
  const handler = { code, access: { ORDERS: orders.readWrite() } };
  new ServerlessApi(stack, 'Api', { authorizer: 'iam', routes: { $default: handler } });
}

/** The same with a REST API, which is what AWS Solutions Constructs make. */
function restProxyByPattern(stack: Stack): void {
  const orders = new EntityTable(stack, 'Orders', { partitionKey: 'id' });
  const handler = { code, access: { ORDERS: orders.readWrite() } };
  const routes = { 'ANY /{proxy+}': handler, 'ANY /': handler };
  new ServerlessApi(stack, 'Api', { kind: 'rest', authorizer: 'iam', routes });
}

function bySolutionsConstructs(stack: Stack): void {
  const { lambdaFunction } = new ApiGatewayToLambda(stack, 'Api', {
    lambdaFunctionProps: { code, handler: 'index.handler', runtime: Runtime.NODEJS_24_X },
  });
  new LambdaToDynamoDB(stack, 'Orders', {
    existingLambdaObj: lambdaFunction,
    dynamoTableProps: { partitionKey: { name: 'id', type: AttributeType.STRING } },
  });
}

/** Milliseconds to construct and synthesize an app with so many stacks. */
function synthesize(stacks: number, build: (stack: Stack) => void): number {
  const outdir = mkdtempSync(path.join(tmpdir(), 'bench-'));
  try {
    return timed(() => {
      const app = new App({ outdir, builtinCloudFormationValidation: false });
      for (let index = 0; index < stacks; index++) build(new Stack(app, `Stack${index}`));
      app.synth();
    });
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** Types of the resources of one stack, so that like is compared with like. */
function typesOf(build: (stack: Stack) => void): string[] {
  const app = new App({ builtinCloudFormationValidation: false });
  build(new Stack(app, 'Stack'));
  const { Resources } = app.synth().getStackByName('Stack').template as { Resources: Record<string, { Type: string }> };
  return Object.values(Resources)
    .map(({ Type }) => Type)
    .sort();
}

type Build = (stack: Stack) => void;

function compare(name: string, goal: Goal, stacks: number, ours: Build, theirs: Build): Result {
  const rounds = stacks === 1 ? 61 : 5;
  const times = inTurns(
    rounds,
    () => synthesize(stacks, ours),
    () => synthesize(stacks, theirs),
  );
  return { name: `${name}, ${stacks === 1 ? '1 stack' : `${stacks} stacks`}`, ...times, goal };
}

/** The pattern against the same resources by hand, and against AWS Solutions Constructs. */
export function run(): Result[] {
  const [ours, theirs] = [typesOf(byPattern), typesOf(byHand)];
  if (ours.join() !== theirs.join()) throw new Error(`not the same resources: ${ours.join()} and ${theirs.join()}`);
  return [
    compare('ServerlessApi / by hand', atMost(1.1), 1, byPattern, byHand),
    compare('ServerlessApi / by hand', atMost(1.1), 50, byPattern, byHand),
    compare('ServerlessApi / Solutions Constructs', atMost(0.8), 1, proxyByPattern, bySolutionsConstructs),
    compare('ServerlessApi / Solutions Constructs', atMost(0.8), 50, proxyByPattern, bySolutionsConstructs),
    compare("... with kind: 'rest'", atMost(1), 50, restProxyByPattern, bySolutionsConstructs),
  ];
}
