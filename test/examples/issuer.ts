import { webcrypto } from 'node:crypto';

const { subtle } = webcrypto;
const ALGORITHMS = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  RS256: {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
};
const base64url = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

interface Key {
  readonly kid: string;
  readonly pair: webcrypto.CryptoKeyPair;
}

/** Issues tokens and publishes its keys, as an identity provider does. */
export class Issuer {
  /** How often its keys were asked for. */
  asked = 0;
  /** Whether it answers at all. */
  up = true;
  private readonly keys: Key[] = [];

  constructor(
    readonly url: string,
    private readonly alg: keyof typeof ALGORITHMS = 'ES256',
  ) {}

  /** Signs with a new key from now on, and forgets the old ones. */
  async rotate(kid: string): Promise<void> {
    const pair = await subtle.generateKey(ALGORITHMS[this.alg], true, ['sign', 'verify']);
    this.keys.splice(0, this.keys.length, { kid, pair });
  }

  /** A token, valid for an hour unless the claims say otherwise. */
  async token(claims: Readonly<Record<string, unknown>> = {}, header: object = {}): Promise<string> {
    const { kid, pair } = this.keys[0]!;
    const seconds = Math.floor(Date.now() / 1000);
    const head = base64url({ alg: this.alg, kid, ...header });
    const body = base64url({ iss: this.url, aud: 'shop', sub: 'ada', exp: seconds + 3600, ...claims });
    const signature = await subtle.sign(ALGORITHMS[this.alg], pair.privateKey, Buffer.from(`${head}.${body}`));
    return `${head}.${body}.${Buffer.from(signature).toString('base64url')}`;
  }

  /** Answers requests for its metadata and keys; undefined for any other. */
  async answer({ url }: Request): Promise<Response | undefined> {
    if (!url.startsWith(this.url)) return undefined;
    if (!this.up) return new Response('down', { status: 503 });
    if (url.endsWith('/.well-known/openid-configuration')) return Response.json({ jwks_uri: `${this.url}/keys` });
    this.asked++;
    return Response.json(await this.keySet());
  }

  /** The public keys. */
  async keySet(): Promise<{ keys: Record<string, unknown>[] }> {
    const keys = await Promise.all(
      this.keys.map(async ({ kid, pair }) => ({ ...(await subtle.exportKey('jwk', pair.publicKey)), kid, use: 'sig' })),
    );
    return { keys };
  }
}
