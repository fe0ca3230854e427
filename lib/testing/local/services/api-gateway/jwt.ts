import { createPublicKey, createVerify, type JsonWebKey, type KeyObject } from 'node:crypto';
import { isRecord, type JsonObject, parseJson, recordOf, records, text, texts } from '../../kernel/json';
import type { KeySet } from '../../kernel/tokens';

/** What a token must satisfy. */
export interface TokenRules {
  /** The required issuer. */
  readonly issuer: string;
  /**
   * The accepted audiences, any of which will do.
   * @default - any
   */
  readonly audience?: readonly string[];
  /** The scopes, of which it needs one; if empty, none is needed. */
  readonly scopes: readonly string[];
}

/** The verdict on a token: its claims, or why it is refused. */
export type TokenVerdict =
  | { readonly claims: JsonObject; readonly scopes: readonly string[] | null }
  | { readonly refused: 'invalid_token' | 'insufficient_scope'; readonly description: string };

/** Algorithms that API Gateway accepts: RSA only. */
const DIGESTS: Readonly<Record<string, string>> = { RS256: 'RSA-SHA256', RS384: 'RSA-SHA384', RS512: 'RSA-SHA512' };

/**
 * Verifies a JSON Web Token like the JWT authorizer of an HTTP API.
 * @param keysOf the key set of an issuer
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export async function verifyToken(
  token: string,
  rules: TokenRules,
  keysOf: (issuer: string) => Promise<readonly JsonObject[]>,
): Promise<TokenVerdict> {
  const invalid = (description: string): TokenVerdict => ({ refused: 'invalid_token', description });
  const [head = '', payload = '', signature = '', ...more] = token.split('.');
  const header = recordOf(parseJson(Buffer.from(head, 'base64url').toString()));
  const claims = parseJson(Buffer.from(payload, 'base64url').toString());
  if (more.length > 0 || !isRecord(claims)) return invalid('the token is malformed');
  const digest = DIGESTS[text(header.alg) ?? ''];
  if (digest === undefined) return invalid('the token has an unsupported signing algorithm');
  if (claims.iss !== rules.issuer) return invalid('the token does not have a valid issuer');
  const key = keyOf(await keysOf(rules.issuer), text(header.kid));
  const signed = createVerify(digest).update(`${head}.${payload}`);
  if (!key || !signed.verify(key, signature, 'base64url')) return invalid('the token does not have a valid signature');
  const now = Date.now() / 1000;
  if (typeof claims.exp !== 'number' || claims.exp <= now) return invalid('the token has expired');
  if (typeof claims.nbf === 'number' && claims.nbf > now) return invalid('the token is not valid yet');
  if (typeof claims.iat === 'number' && claims.iat > now) return invalid('the token was issued in the future');
  const audience = claims.aud === undefined ? texts(claims.client_id) : texts(claims.aud);
  if (rules.audience && !audience.some((one) => rules.audience?.includes(one))) {
    return invalid('the token does not have a valid audience');
  }
  const granted = texts(claims.scope ?? claims.scp).flatMap((scope) => scope.split(' '));
  const scopes = rules.scopes.filter((scope) => granted.includes(scope));
  if (rules.scopes.length > 0 && scopes.length === 0) {
    return { refused: 'insufficient_scope', description: 'the token does not have a valid scope' };
  }
  return { claims, scopes: rules.scopes.length > 0 ? scopes : null };
}

/** Claims as in an event: strings, with lists in brackets. */
export function claimTexts(claims: JsonObject): Record<string, string> {
  const shown = (value: unknown) =>
    Array.isArray(value) ? `[${value.join(' ')}]` : typeof value === 'object' ? JSON.stringify(value) : String(value);
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, shown(value)]));
}

/**
 * The keys of an issuer: the given ones, or those of its discovery document.
 * @throws Error when they cannot be fetched
 */
export async function fetchKeys(issuer: string, given?: KeySet): Promise<readonly JsonObject[]> {
  if (typeof given === 'object') return given.keys;
  const url =
    given ?? text(recordOf(await fetchJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)).jwks_uri);
  if (url === undefined) throw new Error(`the discovery document of '${issuer}' names no 'jwks_uri'`);
  return records(recordOf(await fetchJson(url)).keys);
}

async function fetchJson(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}

function keyOf(keys: readonly JsonObject[], kid: string | undefined): KeyObject | undefined {
  const found = keys.find((key) => key.kid === kid) ?? (kid === undefined && keys.length === 1 ? keys[0] : undefined);
  if (found?.kty !== 'RSA') return undefined;
  return createPublicKey({ key: found as JsonWebKey, format: 'jwk' });
}
