import type { GatewayConfig } from '../../gateway-config';
import { type Jwk, Keys } from './keys';

/** What a token says of its bearer. */
export interface Claims {
  readonly sub?: string;
  readonly iss?: string;
  readonly aud?: string | readonly string[];
  /** When it expires, in seconds since the epoch. */
  readonly exp?: number;
  /** When it begins to be valid, in seconds since the epoch. */
  readonly nbf?: number;
}

/** A token that does not hold, and why. */
export class InvalidToken extends Error {}

interface Header {
  readonly alg?: string;
  readonly kid?: string;
  readonly crit?: unknown;
}

type Algorithm = {
  readonly name: string;
  readonly hash?: string;
  readonly namedCurve?: string;
  readonly saltLength?: number;
};

/** Asymmetric signatures only: with `none` or a shared secret anybody who reads the keys could sign. */
const ALGORITHMS: Readonly<Record<string, Algorithm>> = {
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  RS384: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-384' },
  RS512: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-512' },
  PS256: { name: 'RSA-PSS', hash: 'SHA-256', saltLength: 32 },
  ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  ES384: { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' },
  EdDSA: { name: 'Ed25519' },
};

/** Clocks differ by this many seconds. */
const LEEWAY = 30;

const issuers = new Map<string, Keys>();

/**
 * Verifies a token: signature, issuer, audience and time.
 * @throws InvalidToken when it does not hold
 * @throws KeysUnavailable when that cannot be said
 */
export async function verify(
  token: string,
  { issuer, audience, jwksUri }: NonNullable<GatewayConfig['authorizer']>,
  now = Date.now(),
): Promise<Claims> {
  const parts = token.split('.');
  const [header, payload, signature] = parts;
  if (parts.length !== 3 || !header || !payload || !signature) throw new InvalidToken('it is not a signed token');
  const { alg = 'none', kid, crit } = decode<Header>(header);
  const algorithm = ALGORITHMS[alg];
  if (crit !== undefined) throw new InvalidToken('it asks for what is not known here');
  if (!algorithm) throw new InvalidToken(`it is signed with '${alg}'`);

  const keys = issuers.get(issuer) ?? new Keys(issuer, jwksUri);
  issuers.set(issuer, keys);
  const key = await keys.find(kid, now);
  if (!key) throw new InvalidToken('its key is not one of the issuer');
  if (key.alg !== undefined && key.alg !== alg) throw new InvalidToken(`its key is not for '${alg}'`);
  const signed = new TextEncoder().encode(`${header}.${payload}`);
  const valid = await importKey(key, algorithm)
    .then((publicKey) => crypto.subtle.verify(algorithm, publicKey, bytes(signature), signed))
    .catch(() => false);
  if (!valid) throw new InvalidToken('its signature is wrong');

  const claims = decode<Claims>(payload);
  const seconds = now / 1000;
  if (claims.iss !== issuer) throw new InvalidToken('another issuer made it');
  if (![claims.aud ?? []].flat().some((each) => audience.includes(each))) throw new InvalidToken('it is for others');
  if (typeof claims.exp !== 'number' || claims.exp < seconds - LEEWAY) throw new InvalidToken('it has expired');
  if (claims.nbf !== undefined && !(Number(claims.nbf) <= seconds + LEEWAY))
    throw new InvalidToken('it is not valid yet');
  if (claims.sub !== undefined && !isText(claims.sub)) throw new InvalidToken('its subject is not a text');
  return claims;
}

/** Half a character cannot be written into a header. */
function isText(value: unknown): boolean {
  return typeof value === 'string' && !/\p{Surrogate}/u.test(value);
}

function importKey(key: Jwk, algorithm: Algorithm): Promise<CryptoKey> {
  return crypto.subtle.importKey('jwk', key as unknown as JsonWebKey, algorithm, false, ['verify']);
}

function decode<T>(part: string): T {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes(part)));
    if (typeof value === 'object' && value !== null) return value as T;
  } catch {
    // Said below.
  }
  throw new InvalidToken('it cannot be read');
}

function bytes(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
