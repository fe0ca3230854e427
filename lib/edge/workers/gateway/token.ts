import { createLocalJWKSet, decodeProtectedHeader, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import type { GatewayConfig } from '../../gateway-config';
import { Keys, type KeySet, type Surroundings } from './keys';

/** What a token says of its bearer. */
export type Claims = JWTPayload;

/** A token that does not hold, and why. */
export class InvalidToken extends Error {}

/** Clocks differ by this many seconds. */
const LEEWAY = 30;

const issuers = new Map<string, Keys>();
/** Keys as they are verified with, by the set that they come from. */
const imported = new WeakMap<KeySet, ReturnType<typeof createLocalJWKSet>>();

/**
 * Verifies a token: signature, issuer, audience and time. One that never expires is refused.
 * @throws InvalidToken when it does not hold
 * @throws KeysUnavailable when that cannot be said
 */
export async function verify(
  token: string,
  { issuer, audience, algorithms, jwksUri }: NonNullable<GatewayConfig['authorizer']>,
  around: Surroundings,
  now = Date.now(),
): Promise<Claims> {
  const { alg = 'none', kid } = headerOf(token);
  if (!algorithms.includes(alg)) throw new InvalidToken(`it is signed with '${alg}'`);
  const keys = issuers.get(issuer) ?? new Keys(issuer, jwksUri);
  issuers.set(issuer, keys);
  const set = await keys.find(kid, now, around);
  const verifier = imported.get(set) ?? createLocalJWKSet(set as unknown as JSONWebKeySet);
  imported.set(set, verifier);
  const { payload } = await jwtVerify(token, verifier, {
    issuer,
    audience: [...audience],
    algorithms: [...algorithms],
    requiredClaims: ['exp'],
    clockTolerance: LEEWAY,
    currentDate: new Date(now),
  }).catch((error: unknown) => {
    throw new InvalidToken(reasonOf(error));
  });
  if (payload.sub !== undefined && !isText(payload.sub)) throw new InvalidToken('its subject is not a text');
  return payload;
}

function headerOf(token: string): { readonly alg?: string; readonly kid?: string } {
  if (token.split('.').length !== 3) throw new InvalidToken('it is not a signed token');
  try {
    const { alg, kid } = decodeProtectedHeader(token);
    return { alg, kid: typeof kid === 'string' ? kid : undefined };
  } catch {
    throw new InvalidToken('it cannot be read');
  }
}

const CLAIMS: Readonly<Record<string, string>> = {
  iss: 'another issuer made it',
  aud: 'it is for others',
  exp: 'it does not say when it expires',
  nbf: 'it is not valid yet',
};

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWTClaimValidationFailed)
    return CLAIMS[error.claim] ?? `its claim '${error.claim}' is wrong`;
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature is wrong';
  if (error instanceof errors.JWKSNoMatchingKey) return "its key is not one of the issuer's";
  if (error instanceof errors.JWKSMultipleMatchingKeys)
    return 'it does not say which key of the issuer it is signed with';
  if (error instanceof errors.JOSENotSupported) return 'it asks for what is not known here';
  return 'it cannot be read';
}

/** Half a character cannot be written into a header. */
function isText(value: unknown): boolean {
  return typeof value === 'string' && !/\p{Surrogate}/u.test(value);
}
