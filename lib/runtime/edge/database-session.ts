/** A database that has sessions, as the binding of an `EdgeDatabase` does. */
export interface WithSessions<Session extends BookmarkedSession> {
  withSession(constraintOrBookmark: string): Session;
}

/** A session, in the part that is used here. */
export interface BookmarkedSession {
  getBookmark(): string | null;
}

/** How a session goes on from one request to the next. */
export interface DatabaseSessionProps {
  /**
   * What takes the bookmark to the client and back: a cookie, which a browser handles by itself, or the header
   * `x-d1-bookmark`, for clients that send it again.
   * @default 'cookie'
   */
  readonly carry?: 'cookie' | 'header';
  /**
   * Tells the bookmarks of several databases apart, in lower-case letters, digits and dashes: the cookie and the header end
   * with `-<name>`.
   * @default - none, for one database
   */
  readonly name?: string;
  /**
   * What the first query of a client without a bookmark sees: everything that was written (`primary`), or what the nearest
   * copy has (`unconstrained`). Say `primary` where a visit comes after a write that somebody else made for the visitor, such
   * as the return from a payment.
   * @default - `unconstrained` for GET, HEAD and OPTIONS; `primary` for all other methods, and after a bookmark that is none
   */
  readonly first?: 'primary' | 'unconstrained';
}

/** A session of one client. */
export interface DatabaseSession<Session> {
  /** Where its queries go: `prepare` and `batch`, as of the database itself. */
  readonly db: Session;
  /**
   * Gives the client the bookmark of what was read and written so far, and keeps the answer from every shared cache: it is this
   * client's. An answer before any query, and one that opens a WebSocket, stay as they are.
   */
  answer(response: Response): Response;
}

/** As Cloudflare writes it: three numbers and a hash. */
const BOOKMARK = /^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{32}$/;
const READING = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Goes on with the session of a client, so that it sees what it wrote, and never an older state than it saw, whichever copy of
 * the database answers. A bookmark that is none is dropped.
 * @param database the binding, by its name in `access`: `env.DB`, of `db.readWrite({ consistency: 'session' })`
 * @throws Error when `name` cannot be a part of a header's name
 * @example
 * const { db, answer } = databaseSession(env.DB, request);
 * const { results } = await db.prepare('SELECT * FROM orders').all();
 * return answer(Response.json(results));
 * @see https://developers.cloudflare.com/d1/best-practices/read-replication/
 */
export function databaseSession<Session extends BookmarkedSession>(
  database: WithSessions<Session>,
  request: Request,
  { carry = 'cookie', name, first }: DatabaseSessionProps = {},
): DatabaseSession<Session> {
  if (database === undefined) {
    throw new Error("There is no binding of that name; name the database in 'access': db.readWrite(...)");
  }
  if (name !== undefined && !/^[a-z0-9-]+$/.test(name)) {
    throw new Error(`'name' must be of lower-case letters, digits and dashes, got '${name}'`);
  }
  const key = name === undefined ? 'd1-bookmark' : `d1-bookmark-${name}`;
  const carrier = carry === 'cookie' ? cookie(`__Host-${key}`) : header(`x-${key}`);
  const given = carrier.read(request);
  const isNew = given === undefined && READING.includes(request.method);
  const start = given !== undefined && BOOKMARK.test(given) ? given : undefined;
  const db = database.withSession(start ?? `first-${first ?? (isNew ? 'unconstrained' : 'primary')}`);
  return {
    db,
    answer(response) {
      const bookmark = db.getBookmark();
      if (bookmark === null || response.status === 101) return response;
      const own = new Response(response.body, response);
      carrier.write(own.headers, bookmark);
      keepPrivate(own.headers);
      return own;
    },
  };
}

interface Carrier {
  read(request: Request): string | undefined;
  write(headers: Headers, bookmark: string): void;
}

function header(name: string): Carrier {
  return {
    read: ({ headers }) => headers.get(name) ?? undefined,
    write: (headers, bookmark) => headers.set(name, bookmark),
  };
}

function cookie(name: string): Carrier {
  return {
    read: ({ headers }) => new RegExp(`(?:^|;)\\s*${name}=([^;]*)`).exec(headers.get('cookie') ?? '')?.[1]?.trim(),
    write: (headers, bookmark) =>
      headers.append('set-cookie', `${name}=${bookmark}; Path=/; HttpOnly; Secure; SameSite=Lax`),
  };
}

/** Headers that speak to shared caches alone. */
const SHARED = ['cdn-cache-control', 'cloudflare-cdn-cache-control', 'surrogate-control'];

/** No cache between here and the client gives it to another one; what the handler says itself to that end stays. */
function keepPrivate(headers: Headers): void {
  for (const each of SHARED) headers.delete(each);
  const said = (headers.get('cache-control') ?? '').toLowerCase().split(',');
  if (said.some((directive) => ['private', 'no-store'].includes(directive.trim()))) return;
  headers.set('cache-control', 'private, no-cache');
}
