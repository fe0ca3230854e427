const COOKIE = 'lintel-visitor';
const YEAR = 365 * 24 * 3600;

/** Who asks, for as long as it can be told. */
export interface Visitor {
  /** What stays the same about the visitor. */
  readonly id: string;
  /** The cookie that keeps the id, when it is new. */
  readonly cookie?: string;
}

/** The visitor of a cookie, else the subject of the token, else a new one. A cookie comes first: it outlasts a log-in. */
export function visitorOf(request: Request, subject: string | undefined): Visitor {
  const known = new RegExp(`(?:^|;\\s*)${COOKIE}=([0-9a-f-]{36})(?:;|$)`).exec(
    request.headers.get('cookie') ?? '',
  )?.[1];
  if (known !== undefined) return { id: known };
  if (subject !== undefined) return { id: subject };
  const id = crypto.randomUUID();
  return { id, cookie: `${COOKIE}=${id}; Path=/; Max-Age=${YEAR}; HttpOnly; Secure; SameSite=Lax` };
}
