import type {
  APIGatewayProxyEventV2WithJWTAuthorizer as Event,
  APIGatewayProxyStructuredResultV2 as Result,
} from 'aws-lambda';

export type { Event, Result };

export function respond(statusCode: number, body: unknown): Result {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** The caller: the subject of the verified token. */
export function callerOf(event: Event): string {
  const { sub } = event.requestContext.authorizer.jwt.claims;
  if (typeof sub !== 'string') throw new Error('the token has no subject');
  return sub;
}
