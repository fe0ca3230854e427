import { Aws, Fn, Names, RemovalPolicy } from 'aws-cdk-lib';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { patternLogGroup, type PatternLogGroupProps } from '../pattern-log-group';
import type { ApiKind } from './route-key';

/**
 * The log group of an API's access log.
 *
 * Its name starts with `/aws/vendedlogs/`: for any other, log delivery adds an entry per group to a single resource
 * policy of the account, whose 5,120 characters run out after a few dozen APIs, and the next deployment fails.
 * It ends with part of the stack's id, so that a recreated stack does not collide with its predecessor's group.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
 */
export function accessLogGroup(
  scope: Construct,
  id: string,
  kept: Pick<PatternLogGroupProps, 'retention' | 'otherwise'>,
): LogGroup {
  const name = Names.uniqueResourceName(scope, { maxLength: 128, separator: '-' });
  const stackId = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  return patternLogGroup(scope, id, {
    logGroupName: `/aws/vendedlogs/${name}/${stackId}`,
    ...kept,
    removalPolicy: RemovalPolicy.RETAIN,
  });
}

/**
 * One JSON line per request: who asked for what, the outcome and how long it took. Query strings, bodies and
 * headers are left out, because they may hold secrets.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
export function accessLogFormat(kind: ApiKind): string {
  return JSON.stringify({
    requestId: '$context.requestId',
    requestTime: '$context.requestTime',
    ip: '$context.identity.sourceIp',
    userAgent: '$context.identity.userAgent',
    method: '$context.httpMethod',
    route: kind === 'http' ? '$context.routeKey' : '$context.resourcePath',
    path: '$context.path',
    protocol: '$context.protocol',
    status: '$context.status',
    responseLength: '$context.responseLength',
    latency: '$context.responseLatency',
    integrationLatency: '$context.integration.latency',
    integrationError: '$context.integration.error',
    authorizerError: '$context.authorizer.error',
    error: '$context.error.message',
  });
}
