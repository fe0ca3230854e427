import { ApiGatewayToLambda } from '@aws-solutions-constructs/aws-apigateway-lambda';
import { LambdaToDynamoDB } from '@aws-solutions-constructs/aws-lambda-dynamodb';
import { Aws, Fn, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
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
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { EntityTable, ServerlessApi } from 'lintel/aws';
import { ACCESS_LOG, allow, code, functionByHand, stageAlarms } from './by-hand';
import { atMost, type Result } from './measure';
import { againstByHand, compareSynthesis } from './synthesis';

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

/** The L2's own permission covers every method of the path. */
class Unpermitted extends HttpLambdaIntegration {
  protected override completeBind(): void {}
}

/** The same resources by hand, with the L2s. */
function byHand(scope: Construct): void {
  const orders = new TableV2(scope, 'Orders', {
    partitionKey: { name: 'id', type: AttributeType.STRING },
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const stackId = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  const log = new LogGroup(scope, 'AccessLog', {
    logGroupName: `/aws/vendedlogs/${Names.uniqueResourceName(scope, { separator: '-' })}/${stackId}`,
    retention: RetentionDays.ONE_MONTH,
  });
  const api = new HttpApi(scope, 'Api', { apiName: 'Stack-Api', createDefaultStage: false });
  const stage = new HttpStage(scope, 'Stage', {
    httpApi: api,
    autoDeploy: true,
    throttle: { rateLimit: 1000, burstLimit: 500 },
    accessLogSettings: {
      destination: new LogGroupLogDestination(log),
      format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
    },
  });
  stageAlarms(scope, stage);
  const jwt = new HttpJwtAuthorizer('Authorizer', authorizer.issuer, { jwtAudience: authorizer.audience });
  const routes = {
    Place: {
      method: HttpMethod.POST,
      path: '/orders',
      actions: ['PutItem', 'UpdateItem', 'ConditionCheckItem', 'BatchWriteItem'],
      sid: undefined,
    },
    Get: {
      method: HttpMethod.GET,
      path: '/orders/{id}',
      actions: ['GetItem', 'BatchGetItem', 'Query'],
      sid: 'AccessORDERS',
    },
  };
  for (const [id, { method, path, actions, sid }] of Object.entries(routes)) {
    const fn = functionByHand(scope, id, { environment: { ORDERS: orders.tableName } });
    const names = actions.map((action) => `dynamodb:${action}`);
    allow(fn, names, orders.tableArn, sid);
    const route = new HttpRoute(scope, `${id}Route`, {
      httpApi: api,
      routeKey: HttpRouteKey.with(path, method),
      integration: new Unpermitted('Integration', fn),
      authorizer: jwt,
    });
    const resourceName = `*/${method}${path.replace('{id}', '*')}`;
    fn.addPermission('Invoke', {
      scope: route,
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: Stack.of(scope).formatArn({ service: 'execute-api', resource: api.apiId, resourceName }),
    });
  }
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

/** The pattern against the same resources by hand, and against AWS Solutions Constructs. */
export function run(): Result[] {
  return [
    ...againstByHand('ServerlessApi', byPattern, byHand),
    compareSynthesis('ServerlessApi / Solutions Constructs', atMost(0.8), 1, proxyByPattern, bySolutionsConstructs),
    compareSynthesis('ServerlessApi / Solutions Constructs', atMost(0.8), 50, proxyByPattern, bySolutionsConstructs),
    compareSynthesis("... with kind: 'rest'", atMost(1), 50, restProxyByPattern, bySolutionsConstructs),
  ];
}
