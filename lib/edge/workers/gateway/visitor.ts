const COOKIE = 'lintel-visitor';
const YEAR = 365 * 24 * 3600;

/** A visitor, as far as it can be recognised. */
export interface Visitor {
  /** Stable identifier of the visitor. */
  readonly id: string;
  /** The cookie for the id, if it is new. */
  readonly cookie?: string;
}

/** Identified by cookie, or else by the token's subject, or else new. The cookie comes first: it outlives a login. */
export function visitorOf(request: Request, subject: string | undefined): Visitor {
  const known = new RegExp(`(?:^|;\\s*)${COOKIE}=([0-9a-f-]{36})(?:;|$)`).exec(
    request.headers.get('cookie') ?? '',
  )?.[1];
  if (known !== undefined) return { id: known };
  if (subject !== undefined) return { id: subject };
  const id = crypto.randomUUID();
  return { id, cookie: `${COOKIE}=${id}; Path=/; Max-Age=${YEAR}; HttpOnly; Secure; SameSite=Lax` };
}
