import { type ApiRequest, grouped, mapped } from './api-request';
import { type ContextRoute, requestContext } from './request-context';

/** What an event in payload format 1.0 has besides the request. */
export interface EventV1Route extends ContextRoute {
  /** By parameter name. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The headers that the function sees. */
  readonly headers: Iterable<readonly [string, string]>;
  /** The body, as the API encodes it. */
  readonly body: { readonly body?: string; readonly isBase64Encoded: boolean };
  /** `1.0`, set only by HTTP APIs. */
  readonly version?: string;
  /** The event's `path`: for a REST API, below the stage. */
  readonly path: string;
}

/**
 * The event of a REST API, and of an HTTP API in payload format 1.0.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function eventV1(request: ApiRequest, route: EventV1Route): Record<string, unknown> {
  const { http } = request;
  const headers = grouped(route.headers);
  const query = grouped(new URLSearchParams(http.query));
  const last = (values: readonly string[]) => values.at(-1) ?? '';
  return {
    ...(route.version && { version: route.version }),
    resource: route.resource,
    path: route.path,
    httpMethod: http.method,
    headers: mapped(headers, last) ?? {},
    multiValueHeaders: headers,
    queryStringParameters: mapped(query, last) ?? null,
    multiValueQueryStringParameters: Object.keys(query).length > 0 ? query : null,
    requestContext: requestContext(request, route),
    pathParameters: Object.keys(route.parameters).length > 0 ? route.parameters : null,
    stageVariables: request.stageVariables ?? null,
    body: route.body.body ?? null,
    isBase64Encoded: route.body.isBase64Encoded,
  };
}
