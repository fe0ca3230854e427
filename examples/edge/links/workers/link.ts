/** A short link. */
export interface Link {
  readonly slug: string;
  readonly url: string;
  /** When it ends, in ISO 8601; null for never. */
  readonly expires_at: string | null;
}

/** Somebody followed a link. */
export interface Click {
  readonly slug: string;
  /** When, in ISO 8601. */
  readonly at: string;
  readonly country?: string;
}

const SLUG = /^[a-z0-9-]{3,40}$/;

/** What is wrong with a request for a link; empty when nothing is. */
export function problemsOf(body: unknown): string[] {
  const { url, slug, expiresAt } = Object(body) as Record<string, unknown>;
  return [
    ...(typeof url === 'string' && /^https?:\/\//.test(url) && URL.canParse(url) ? [] : ["'url' must be an address"]),
    ...(slug === undefined || (typeof slug === 'string' && SLUG.test(slug))
      ? []
      : ["'slug' must have 3 to 40 lower-case letters, digits and dashes"]),
    ...(expiresAt === undefined || (typeof expiresAt === 'string' && !Number.isNaN(Date.parse(expiresAt)))
      ? []
      : ["'expiresAt' must be a time in ISO 8601"]),
  ];
}

/** A slug that nobody guesses: 48 random bits. */
export function randomSlug(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(6));
  return Array.from(bytes, (byte) => byte.toString(36).padStart(2, '0')).join('');
}

/** Whether a link has ended. */
export function hasEnded({ expires_at }: Pick<Link, 'expires_at'>, now = Date.now()): boolean {
  return expires_at !== null && Date.parse(expires_at) <= now;
}
