import { createLocalJWKSet, decodeProtectedHeader, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import type { GatewayConfig } from '../../gateway-config';
import { Keys, type KeySet, type Surroundings } from './keys';

/** The claims of a token. */
export type Claims = JWTPayload;

/** A token that is not valid, and why. */
export class InvalidToken extends Error {}

/** Allowed clock skew in seconds. */
const LEEWAY = 30;

const issuers = new Map<string, Keys>();
/** Imported keys by key set. */
const imported = new WeakMap<KeySet, ReturnType<typeof createLocalJWKSet>>();

/**
 * Verifies a token: signature, issuer, audience and time. One without an expiry is refused.
 * @throws InvalidToken when it is not valid
 * @throws KeysUnavailable when that cannot be determined
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
  if (payload.sub !== undefined && !isText(payload.sub)) throw new InvalidToken('its subject is not a string');
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
  iss: 'it is from another issuer',
  aud: 'it is for another audience',
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
  if (error instanceof errors.JOSENotSupported) return 'it requires an unsupported feature';
  return 'it cannot be read';
}

/** A lone surrogate cannot be written into a header. */
function isText(value: unknown): boolean {
  return typeof value === 'string' && !/\p{Surrogate}/u.test(value);
}
