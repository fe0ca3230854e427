import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { Deployment } from './deployment';
import { LocalRunError } from './errors';
import { fetchKeys } from '../services/api-gateway/jwt';
import { poolClaims } from '../services/api-gateway/user-pool-authorizer';
import { type JsonObject, recordOf, text, texts } from './json';

const KEY_ID = 'local-run';
const HOUR = 3600;

/** The public keys of one issuer: a JSON Web Key Set, or the URL of one. */
export type KeySet = string | { readonly keys: readonly JsonObject[] };

/** `local`: every issuer is this run, whose `token()` signs. Otherwise the key sets of the issuers named. */
export type TokenIssuers = 'local' | Readonly<Record<string, KeySet>>;

/** The keys of token issuers, and this run's own tokens. */
export class Tokens {
  private readonly fetched = new Map<string, Promise<readonly JsonObject[]>>();
  private pair: { readonly publicKey: KeyObject; readonly privateKey: KeyObject } | undefined;

  /** @param issuers as the user chose */
  constructor(
    private readonly issuers: TokenIssuers,
    private readonly deployment: Deployment,
  ) {}

  /**
   * The public keys of an issuer.
   * @throws Error when they cannot be fetched
   */
  keysOf(issuer: string): Promise<readonly JsonObject[]> {
    if (this.issuers === 'local') {
      return Promise.resolve([{ ...recordOf(this.keys().publicKey.export({ format: 'jwk' })), kid: KEY_ID }]);
    }
    const known = this.fetched.get(issuer) ?? fetchKeys(issuer, this.issuers[issuer]);
    this.fetched.set(issuer, known);
    known.catch(() => this.fetched.delete(issuer));
    return known;
  }

  /**
   * A signed token for the API's JWT authorizer or user pool: its issuer and audience, valid for an hour, unless the
   * claims say otherwise.
   * @throws LocalRunError when this run is not the issuer
   */
  token(claims: JsonObject): string {
    if (this.issuers !== 'local') {
      throw new LocalRunError("this run issues no tokens; start it with { issuers: 'local' }");
    }
    const now = Math.floor(Date.now() / 1000);
    const payload = { ...this.defaults(claims), iat: now, exp: now + HOUR, ...claims };
    const parts = [{ alg: 'RS256', typ: 'JWT', kid: KEY_ID }, payload];
    const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), this.keys().privateKey).toString('base64url')}`;
  }

  private defaults(claims: JsonObject): JsonObject {
    const [jwt] = this.deployment
      .ofType('AWS::ApiGatewayV2::Authorizer')
      .map(({ properties }) => recordOf(properties.JwtConfiguration))
      .filter(({ Issuer }) => Issuer !== undefined);
    if (jwt) return { iss: text(jwt.Issuer), aud: texts(jwt.Audience)[0] };
    const pool = this.deployment
      .ofType('AWS::ApiGateway::Authorizer')
      .find(({ properties }) => texts(properties.ProviderARNs).length > 0);
    return pool ? poolClaims(pool, claims) : {};
  }

  private keys(): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
    this.pair ??= generateKeyPairSync('rsa', { modulusLength: 2048 });
    return this.pair;
  }
}
