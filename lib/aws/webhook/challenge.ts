import { createHash, timingSafeEqual } from 'node:crypto';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { secretField } from './verify';

/** The sender whose challenges are answered, if any. */
const sender = process.env.WEBHOOK_CHALLENGE;

/** Whether a signed body is only a verification of the endpoint. */
export function isChallenge(body: string): boolean {
  return sender === 'slack' && challengeIn(body) !== undefined;
}

/**
 * Answers a challenge: Slack's is in a signed body and is echoed; Meta's is in the query, next to a token that
 * must match the one in the secret.
 */
export async function answerToChallenge(event: APIGatewayProxyEvent, body = ''): Promise<APIGatewayProxyResult> {
  if (event.httpMethod !== 'GET') return plain(200, challengeIn(body) ?? '');
  const { 'hub.mode': mode, 'hub.verify_token': token, 'hub.challenge': challenge } = event.queryStringParameters ?? {};
  if (sender !== 'meta' || mode !== 'subscribe' || !token || !challenge) return plain(400, 'no challenge');
  return same(token, await secretField('verifyToken')) ? plain(200, challenge) : plain(403, 'wrong token');
}

function challengeIn(body: string): string | undefined {
  try {
    const { type, challenge } = JSON.parse(body) as { type?: unknown; challenge?: unknown };
    return type === 'url_verification' && typeof challenge === 'string' ? challenge : undefined;
  } catch {
    return undefined;
  }
}

/** Compares hashes of equal length, in constant time. */
function same(left: string, right: string): boolean {
  const [one, other] = [left, right].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(one!, other!);
}

function plain(statusCode: number, body: string): APIGatewayProxyResult {
  // Never as HTML: the challenge is caller-supplied text.
  return { statusCode, headers: { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' }, body };
}
