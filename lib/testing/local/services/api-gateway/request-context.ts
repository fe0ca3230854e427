import { header } from '../../kernel/call';
import type { JsonObject } from '../../kernel/json';
import { type ApiRequest, clfTime } from './api-request';

/** What `requestContext` and `$context` contain besides the request. */
export interface ContextRoute {
  /** `/orders/{id}`, or `$default`. */
  readonly resource: string;
  /** The resource id of a REST API, or the route key of an HTTP API. */
  readonly resourceId: string;
  /** The authorizer's data about the caller. */
  readonly authorizer?: JsonObject;
  /** Further fields of `identity`: the signer, the API key. */
  readonly identity?: JsonObject;
}

/** An anonymous identity. */
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

/** `requestContext` of a format 1.0 event, and `$context` of a REST API's templates and mappings. */
export function requestContext(request: ApiRequest, route: ContextRoute): JsonObject {
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
