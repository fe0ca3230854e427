import { header } from '../../kernel/call';
import type { JsonRecord } from '../../kernel/json';
import { type ApiRequest, clfTime } from './api-request';

/** What `requestContext` and `$context` say beside the request. */
export interface ContextRoute {
  /** `/orders/{id}`, or `$default`. */
  readonly resource: string;
  /** The id of the resource, of a REST API; the route key, of an HTTP API. */
  readonly resourceId: string;
  /** What the authorizer knows of the caller. */
  readonly authorizer?: JsonRecord;
  /** Further fields of `identity`: who signed, which key was used. */
  readonly identity?: JsonRecord;
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

/** `requestContext` of an event in format 1.0, and `$context` of the templates and mappings of a REST API. */
export function requestContext(request: ApiRequest, route: ContextRoute): JsonRecord {
  const { http } = request;
  return {
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
    path: request.fullPath,
    protocol: 'HTTP/1.1',
    requestId: request.requestId,
    requestTime: clfTime(request.time),
    requestTimeEpoch: request.time.getTime(),
    resourceId: route.resourceId,
    resourcePath: route.resource,
    stage: request.stage,
  };
}
