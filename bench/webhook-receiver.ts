import { Aws, Fn, Names, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { Function } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { WebhookReceiver } from 'lintel/aws';
import { ACCESS_LOG, allow, code, functionByHand, workerByHand } from './by-hand';
import type { Result } from './measure';
import { againstByHand } from './synthesis';

const header = 'X-Signature';
const limit = 256 * 1024;

/** The secret that the sender signs with, which is there already. */
function secretIn(scope: Construct) {
  return Secret.fromSecretNameV2(scope, 'Secret', 'webhooks');
}

/** With the variant that has a function before the queue, for which the L2s have an integration. */
function byPattern(stack: Stack): void {
  const signature = { header, secret: secretIn(stack) };
  new WebhookReceiver(stack, 'Payments', { handler: { code }, signature, verify: 'before-queue' });
}

function byHand(scope: Construct): void {
  const { queue } = workerByHand(scope, { maxMessageSizeBytes: limit });
  const secret = secretIn(scope);
  const scheme = JSON.stringify({
    header,
    algorithm: 'sha256',
    encoding: 'hex',
    secretEncoding: 'text',
    payload: '{body}',
  });
  const gate = functionByHand(scope, 'Gate', {
    environment: {
      NODE_OPTIONS: '--enable-source-maps',
      WEBHOOK_SCHEME: scheme,
      WEBHOOK_LIMIT: String(limit),
      WEBHOOK_QUEUE: queue.queueUrl,
      WEBHOOK_SECRET: secret.secretArn,
    },
  });
  allow(gate, ['sqs:SendMessage'], queue.queueArn);
  allow(gate, ['secretsmanager:GetSecretValue'], `${secret.secretArn}-??????`);
  apiByHand(scope, gate);
}

function apiByHand(scope: Construct, gate: Function): void {
  const stackId = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  const log = new LogGroup(scope, 'AccessLog', {
    logGroupName: `/aws/vendedlogs/${Names.uniqueResourceName(scope, { separator: '-' })}/${stackId}`,
    retention: RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const api = new RestApi(scope, 'Api', {
    restApiName: 'Stack-Payments',
    endpointTypes: [EndpointType.REGIONAL],
    cloudWatchRole: false,
    deployOptions: {
      stageName: 'live',
      tracingEnabled: true,
      loggingLevel: MethodLoggingLevel.ERROR,
      throttlingRateLimit: 100,
      throttlingBurstLimit: 200,
      accessLogDestination: new LogGroupLogDestination(log),
      accessLogFormat: AccessLogFormat.custom(JSON.stringify({ ...ACCESS_LOG, route: '$context.resourcePath' })),
    },
  });
  api.root.addMethod('POST', new LambdaIntegration(gate, { allowTestInvoke: false }), {
    requestParameters: { [`method.request.header.${header}`]: false },
    requestValidator: api.addRequestValidator('Validator', {
      validateRequestParameters: true,
      validateRequestBody: true,
    }),
  });
}

/** The pattern against the same resources by hand. */
export function run(): Result[] {
  return againstByHand('WebhookReceiver', byPattern, byHand);
}
