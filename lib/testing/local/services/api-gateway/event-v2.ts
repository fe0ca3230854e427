import { header } from '../../kernel/call';
import { type ApiRequest, clfTime, forwardedHeaders, joined } from './api-request';
import { decode } from './route-match';

/** What an event has besides the request. */
export interface EventRoute {
  /** `GET /orders/{id}`, or `$default`. */
  readonly routeKey: string;
  /** By parameter name. */
  readonly parameters: Readonly<Record<string, string>>;
  /** `requestContext.authorizer`. */
  readonly authorizer?: Readonly<Record<string, unknown>>;
}

/** Bodies of these types are text; all others are base64, including forms and bodies without a type. */
const TEXT_TYPES = /^(text\/[^;]*|application\/(json|javascript|xml))\s*(;|$)/i;

/**
 * The event of an HTTP API in payload format 2.0.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function eventV2(request: ApiRequest, route: EventRoute): Record<string, unknown> {
  const { http, stageVariables } = request;
  const headers = joined(forwardedHeaders(request).filter(([name]) => name !== 'cookie'));
  const cookies = http.headers
    .filter(([name]) => name === 'cookie')
    .flatMap(([, value]) => value.split(/;\s*/).filter((cookie) => cookie !== ''));
  const query = joined(new URLSearchParams(http.query));
  const path = rawPath(request);
  const { body, isBase64Encoded } = bodyOf(request);
  return {
    version: '2.0',
    routeKey: route.routeKey,
    rawPath: path,
    rawQueryString: http.query,
    ...(cookies.length > 0 && { cookies }),
    headers: Object.fromEntries(headers),
    ...(query.size > 0 && { queryStringParameters: Object.fromEntries(query) }),
    requestContext: {
      accountId: request.accountId,
      apiId: request.apiId,
      ...(route.authorizer && { authorizer: route.authorizer }),
      domainName: request.domainName,
      domainPrefix: request.domainName.split('.')[0],
      http: {
        method: http.method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp: http.sourceIp,
        userAgent: header(http, 'user-agent') ?? '',
      },
      requestId: request.requestId,
      routeKey: route.routeKey,
      stage: request.stage,
      time: clfTime(request.time),
      timeEpoch: request.time.getTime(),
    },
    ...(Object.keys(route.parameters).length > 0 && { pathParameters: route.parameters }),
    ...(stageVariables && { stageVariables }),
    body,
    isBase64Encoded,
  };
}

/** The event's body: text as it is, anything else in base64. */
export function bodyOf({ http }: ApiRequest): { readonly body?: string; readonly isBase64Encoded: boolean } {
  if (http.body.length === 0) return { isBase64Encoded: false };
  const isText = TEXT_TYPES.test(header(http, 'content-type') ?? '');
  return { body: http.body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
}

/** The whole path, decoded; an encoded question mark ends it. */
export function rawPath({ fullPath }: ApiRequest): string {
  return decode(fullPath).split('?')[0]!;
}
