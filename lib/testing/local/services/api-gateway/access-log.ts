import type { HttpResponse } from '../../kernel/call';
import type { Deployed } from '../../kernel/deployment';
import { recordOf, text } from '../../kernel/json';
import { type ApiRequest, clfTime } from './api-request';

/** Fields of an access log besides the request itself. */
export interface AccessLogEntry {
  readonly request: ApiRequest;
  /** `GET /orders/{id}`; undefined if no route matched. */
  readonly routeKey?: string;
  /** `/orders/{id}`; undefined if no resource matched. */
  readonly resourcePath?: string;
  readonly response: HttpResponse;
}

/**
 * The line that a stage writes for a request; undefined if the stage has no access log.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
export function accessLine(stages: readonly Deployed[], entry: AccessLogEntry): string | undefined {
  const stage = stages.find(({ name }) => name === entry.request.stage)?.properties;
  const format = text(recordOf(stage?.AccessLogSettings ?? stage?.AccessLogSetting).Format);
  if (format === undefined) return undefined;
  const values = valuesOf(entry);
  // An unknown or inapplicable variable is a dash, as on AWS.
  return format.replace(/\$context\.([\w.]*\w)/g, (_, name: string) => values[name] ?? '-');
}

function valuesOf({
  request,
  routeKey,
  resourcePath,
  response,
}: AccessLogEntry): Readonly<Record<string, string | undefined>> {
  const { http, requestId, stage, time } = request;
  const path = stage === '$default' ? request.path : `/${stage}${request.path}`;
  return {
    accountId: request.accountId,
    apiId: request.apiId,
    domainName: request.domainName,
    extendedRequestId: requestId,
    httpMethod: http.method,
    'identity.sourceIp': http.sourceIp,
    'identity.userAgent': http.headers.find(([name]) => name === 'user-agent')?.[1],
    path,
    protocol: 'HTTP/1.1',
    requestId,
    requestTime: clfTime(time),
    requestTimeEpoch: String(time.getTime()),
    resourcePath,
    responseLatency: String(Date.now() - time.getTime()),
    responseLength: String(Buffer.byteLength(response.body ?? '')),
    routeKey,
    stage,
    status: String(response.status),
  };
}
