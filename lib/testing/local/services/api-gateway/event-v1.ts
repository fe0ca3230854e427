import { header } from '../../kernel/call';
import { type ApiRequest, clfTime, forwardedHeaders, grouped, mapped } from './api-request';

/** What an event in payload format 1.0 says beside the request. */
export interface EventV1Route {
  /** `/orders/{id}`, or `$default`. */
  readonly resource: string;
  /** The id of the resource, of a REST API; the route key, of an HTTP API. */
  readonly resourceId: string;
  /** By the name of the parameter. */
  readonly parameters: Readonly<Record<string, string>>;
  /** `requestContext.authorizer`. */
  readonly authorizer?: Readonly<Record<string, unknown>>;
  /** Further fields of `requestContext.identity`: who signed, which key was used. */
  readonly identity?: Readonly<Record<string, unknown>>;
  /** The body, as the API decides about it. */
  readonly body: { readonly body?: string; readonly isBase64Encoded: boolean };
  /** `1.0`, which only HTTP APIs say. */
  readonly version?: string;
  /** `path` of the event: below the stage, of a REST API. */
  readonly path: string;
}

/** An identity without anybody in it. */
const NOBODY = {
  accessKey: null,
  accountId: null,
  caller: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  user: null,
  userArn: null,
};

/**
 * The event of a REST API, and of an HTTP API in payload format 1.0.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function eventV1(request: ApiRequest, route: EventV1Route): Record<string, unknown> {
  const { http, stage } = request;
  const headers = grouped(forwardedHeaders(request));
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
    requestContext: {
      accountId: request.accountId,
      apiId: request.apiId,
      ...(route.authorizer && { authorizer: route.authorizer }),
      domainName: request.domainName,
      domainPrefix: request.domainName.split('.')[0],
      extendedRequestId: request.requestId,
      httpMethod: http.method,
      identity: {
        ...NOBODY,
        sourceIp: http.sourceIp,
        userAgent: header(http, 'user-agent') ?? null,
        ...route.identity,
      },
      path: stage === '$default' ? request.path : `/${stage}${request.path}`,
      protocol: 'HTTP/1.1',
      requestId: request.requestId,
      requestTime: clfTime(request.time),
      requestTimeEpoch: request.time.getTime(),
      resourceId: route.resourceId,
      resourcePath: route.resource,
      stage,
    },
    pathParameters: Object.keys(route.parameters).length > 0 ? route.parameters : null,
    stageVariables: request.stageVariables ?? null,
    body: route.body.body ?? null,
    isBase64Encoded: route.body.isBase64Encoded,
  };
}
