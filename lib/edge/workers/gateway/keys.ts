import type { SharedCache } from './cache';

/** A public key. @see https://www.rfc-editor.org/rfc/rfc7517 */
export interface Jwk {
  readonly kid?: string;
  /** Its use: `sig`. */
  readonly use?: string;
  readonly [field: string]: unknown;
}

/** The keys of an issuer; the same object as long as they do not change. */
export interface KeySet {
  readonly keys: readonly Jwk[];
  /** When they were fetched, in milliseconds since the epoch. */
  readonly fetched: number;
}

/** The environment of a request that needs keys. */
export interface Surroundings {
  /** Stores keys for other isolates of this location, and for later. */
  readonly store?: SharedCache;
  /** Lets work finish after its request is answered, or its client gone. */
  waitUntil(work: Promise<unknown>): void;
}

/** The issuer's keys could not be fetched, and none were stored. */
export class KeysUnavailable extends Error {}

/** How long keys are used before they are fetched again, in milliseconds. */
const FRESH = 10 * 60_000;
/** How long keys are used if they cannot be fetched again. */
const STALE = 24 * 3_600_000;
/** How often an unknown key may trigger a fetch: forged tokens must not flood the issuer. */
const COOL_DOWN = 30_000;
/** The same while there are no keys at all, since no one can be admitted without them. */
const RETRY = 1_000;
/** Timeout of a request to the issuer. */
const TIMEOUT = 5_000;
/** More than any issuer publishes: characters of its response, and keys. */
const [MOST_TEXT, MOST_KEYS] = [256_000, 100];

/**
 * The keys of one issuer, held by the isolate and in the location's cache. They are fetched again when they age, and for
 * an unknown key; concurrent requests share one fetch.
 */
export class Keys {
  private current?: KeySet;
  private attempted?: number;
  private asking?: Promise<void>;

  constructor(
    private readonly issuer: string,
    private readonly jwksUri: string | undefined,
  ) {}

  /**
   * The keys to look up a key in.
   * @param kid its id, if the token has one
   * @throws KeysUnavailable when there are none
   */
  async find(kid: string | undefined, now: number, around: Surroundings): Promise<KeySet> {
    const age = now - (this.current?.fetched ?? -Infinity);
    const pause = this.current === undefined ? RETRY : COOL_DOWN;
    const mayAsk = now - (this.attempted ?? -Infinity) > pause;
    if (!holds(this.current, kid) || age > FRESH) {
      if (this.asking) await this.join(this.asking, kid, now, around);
      else if (mayAsk) await this.ask(kid, now, around);
    }
    if (!this.current || now - this.current.fetched > STALE) throw new KeysUnavailable(`no keys of ${this.issuer}`);
    return this.current;
  }

  private async ask(kid: string | undefined, now: number, around: Surroundings): Promise<void> {
    this.attempted = now;
    const asking = this.refresh(kid, now, around).finally(() => {
      if (this.asking === asking) this.asking = undefined;
    });
    this.asking = asking;
    around.waitUntil(asking);
    await asking;
  }

  /** Waits for another request's fetch, but not forever if that dies with its request. */
  private async join(asking: Promise<void>, kid: string | undefined, now: number, around: Surroundings): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), 2 * TIMEOUT)));
    const first = await Promise.race([asking, late]);
    clearTimeout(timer);
    if (first === 'late') await this.ask(kid, now, around);
  }

  private async refresh(kid: string | undefined, now: number, around: Surroundings): Promise<void> {
    const stored = await this.stored(around);
    if (stored && stored.fetched > (this.current?.fetched ?? -Infinity)) this.current = stored;
    if (stored && holds(stored, kid) && now - stored.fetched <= FRESH) return;
    try {
      const { keys } = await json<{ keys: Jwk[] }>(this.jwksUri ?? (await this.discover()));
      this.current = { keys: keys.slice(0, MOST_KEYS).filter(isForSignatures), fetched: now };
      around.waitUntil(this.keep(this.current, around));
    } catch (error) {
      console.warn(`keys of ${this.issuer}: ${String(error)}`);
    }
  }

  private async stored({ store }: Surroundings): Promise<KeySet | undefined> {
    try {
      const set = (await (await store?.match(this.place()))?.json()) as KeySet | undefined;
      return Array.isArray(set?.keys) && typeof set.fetched === 'number'
        ? { keys: set.keys.filter(isForSignatures), fetched: set.fetched }
        : undefined;
    } catch {
      return undefined;
    }
  }

  private async keep(set: KeySet, { store }: Surroundings): Promise<void> {
    const headers = { 'cache-control': `public, max-age=${STALE / 1000}` };
    await store?.put(this.place(), Response.json(set, { headers })).catch(() => undefined);
  }

  /** Not a real URL: no visitor can request this host, and no origin has it. */
  private place(): Request {
    const place = new URL('https://keys.lintel.invalid/');
    place.searchParams.set('issuer', this.issuer);
    place.searchParams.set('keys', this.jwksUri ?? '');
    return new Request(place);
  }

  private async discover(): Promise<string> {
    const url = `${this.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const { jwks_uri: uri } = await json<{ jwks_uri: string }>(url);
    if (!String(uri).startsWith('https://')) throw new Error(`${url} names keys at ${String(uri)}`);
    return uri;
  }
}

/** Whether an entry in a key list is a key for signatures. */
function isForSignatures(key: Jwk | null): boolean {
  return typeof key === 'object' && key !== null && (key.use === undefined || key.use === 'sig');
}

/** Whether a set has a key; without an id any set may. */
function holds(set: KeySet | undefined, kid: string | undefined): boolean {
  return set !== undefined && (kid === undefined || set.keys.some((key) => key.kid === kid));
}

async function json<T>(url: string): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  const text = await response.text();
  if (text.length > MOST_TEXT) throw new Error(`${url} answered ${text.length} characters`);
  return JSON.parse(text) as T;
}
