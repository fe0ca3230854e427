/** A public key. @see https://www.rfc-editor.org/rfc/rfc7517 */
export interface Jwk {
  readonly kid?: string;
  /** What it is for: `sig`. */
  readonly use?: string;
  /** The one algorithm it is for. */
  readonly alg?: string;
  readonly [field: string]: unknown;
}

/** The issuer's keys cannot be had, and none were kept. */
export class KeysUnavailable extends Error {}

/** How long keys are used before they are asked for again, in milliseconds. */
const FRESH = 10 * 60_000;
/** How long keys are used when they cannot be asked for again. */
const STALE = 24 * 3_600_000;
/** How often an unknown key may lead to a new request: forged tokens must not become a flood to the issuer. */
const COOL_DOWN = 30_000;
/** The same while there are no keys at all, since nobody can be let in without them. */
const RETRY = 1_000;

/** The keys of one issuer, kept by the isolate. They are asked for again when they age, and for a key they do not hold. */
export class Keys {
  private keys: readonly Jwk[] = [];
  private fetched?: number;
  private attempted?: number;

  constructor(
    private readonly issuer: string,
    private readonly jwksUri: string | undefined,
  ) {}

  /**
   * The key of an id.
   * @throws KeysUnavailable when there are none to look in
   */
  async find(kid: string | undefined, now: number): Promise<Jwk | undefined> {
    const known = this.lookUp(kid);
    const age = now - (this.fetched ?? -Infinity);
    const pause = this.fetched === undefined ? RETRY : COOL_DOWN;
    const mayAsk = now - (this.attempted ?? -Infinity) > pause;
    if (mayAsk && (!known || age > FRESH)) await this.refresh(now);
    if (now - (this.fetched ?? -Infinity) > STALE) throw new KeysUnavailable(`no keys of ${this.issuer}`);
    return this.lookUp(kid);
  }

  private lookUp(kid: string | undefined): Jwk | undefined {
    return kid === undefined && this.keys.length === 1 ? this.keys[0] : this.keys.find((key) => key.kid === kid);
  }

  /**
   * Each request that needs a key meanwhile asks as well: the runtime does not let it wait for another one's answer, and
   * it may bear a good token.
   */
  private async refresh(now: number): Promise<void> {
    try {
      const { keys } = await json<{ keys: Jwk[] }>(this.jwksUri ?? (await this.discover()));
      this.keys = keys.filter(({ use }) => use === undefined || use === 'sig');
      this.fetched = now;
    } catch (error) {
      console.warn(`keys of ${this.issuer}: ${String(error)}`);
    } finally {
      this.attempted = now;
    }
  }

  private async discover(): Promise<string> {
    const url = `${this.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    return (await json<{ jwks_uri: string }>(url)).jwks_uri;
  }
}

async function json<T>(url: string): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return (await response.json()) as T;
}
