import { header } from '../../../kernel/call';
import type { JsonObject } from '../../../kernel/json';
import { clfTime, forwardedRestHeaders, grouped, mapped } from '../api-request';
import { type Connection, newId } from './connection';

/** What happens, and which route takes it. */
export interface SocketEvent {
  readonly eventType: 'CONNECT' | 'MESSAGE' | 'DISCONNECT';
  readonly routeKey: string;
  readonly requestId: string;
  /** The code and reason of an end. */
  readonly end?: { readonly code: number; readonly reason: string };
}

const last = (values: readonly string[]) => values.at(-1)!;

/**
 * `requestContext` of the events of a WebSocket API.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html
 */
export function socketContext(
  connection: Connection,
  { eventType, routeKey, requestId, end }: SocketEvent,
): JsonObject {
  const { request, id, connectedAt, authorizer, identity } = connection;
  const now = new Date();
  const userAgent = header(request.http, 'user-agent');
  return {
    routeKey,
    ...(authorizer && { authorizer }),
    ...(eventType === 'MESSAGE' && { messageId: newId() }),
    ...(end && { disconnectStatusCode: end.code, disconnectReason: end.reason }),
    eventType,
    extendedRequestId: requestId,
    requestTime: clfTime(now),
    messageDirection: 'IN',
    stage: request.stage,
    connectedAt,
    requestTimeEpoch: now.getTime(),
    identity: { ...identity, userAgent, sourceIp: request.http.sourceIp },
    requestId,
    domainName: request.domainName,
    connectionId: id,
    apiId: request.apiId,
  };
}

/** The headers, parameters and stage variables of the request for a connection. */
export function handshake({ request }: Connection): JsonObject {
  const headers = grouped(forwardedRestHeaders(request));
  const parameters = grouped(new URLSearchParams(request.http.query));
  const queryStringParameters = mapped(parameters, last);
  return {
    headers: mapped(headers, last) ?? {},
    multiValueHeaders: headers,
    ...(queryStringParameters && { queryStringParameters, multiValueQueryStringParameters: parameters }),
    ...(request.stageVariables && { stageVariables: request.stageVariables }),
  };
}

/** The event that a function gets. */
export function eventOf(connection: Connection, event: SocketEvent, body?: string): JsonObject {
  const { stageVariables, http, domainName } = connection.request;
  const requestContext = socketContext(connection, event);
  if (event.eventType === 'CONNECT') return { ...handshake(connection), requestContext, isBase64Encoded: false };
  const variables = stageVariables && { stageVariables };
  if (event.eventType === 'MESSAGE') return { requestContext, ...variables, body, isBase64Encoded: false };
  const headers = { Host: domainName, 'x-api-key': '', 'X-Forwarded-For': http.sourceIp, 'x-restapi': '' };
  const multiValueHeaders = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
  return { headers, multiValueHeaders, ...variables, requestContext, isBase64Encoded: false };
}
