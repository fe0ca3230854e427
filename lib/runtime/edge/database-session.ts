/** A database that has sessions, as the binding of an `EdgeDatabase` does. */
export interface WithSessions<Session extends BookmarkedSession> {
  withSession(constraintOrBookmark: string): Session;
}

/** A session, as far as it is used here. */
export interface BookmarkedSession {
  getBookmark(): string | null;
}

/** How a session continues from one request to the next. */
export interface DatabaseSessionProps {
  /**
   * What carries the bookmark to the client and back: a cookie, which a browser handles automatically, or the header
   * `x-d1-bookmark`, for clients that send it back.
   * @default 'cookie'
   */
  readonly carry?: 'cookie' | 'header';
  /**
   * Distinguishes the bookmarks of several databases, in lower-case letters, digits and dashes: cookie and header end
   * with `-<name>`.
   * @default - none, for one database
   */
  readonly name?: string;
  /**
   * What the first query of a client without a bookmark sees: everything that was written (`primary`), or what the nearest
   * replica has (`unconstrained`). Use `primary` if a visit follows a write that someone else made for the visitor, such
   * as a return from a payment page.
   * @default - `unconstrained` for GET, HEAD and OPTIONS; `primary` for all other methods, and after an invalid bookmark
   */
  readonly first?: 'primary' | 'unconstrained';
}

/** A client's session. */
export interface DatabaseSession<Session> {
  /** The database within the session: `prepare` and `batch`, as on the database itself. */
  readonly db: Session;
  /**
   * Gives the client a bookmark of what was read and written so far, and keeps the response out of shared caches, since it is this
   * client's. A response before any query, or one that opens a WebSocket, is left unchanged.
   */
  answer(response: Response): Response;
}

/** Cloudflare's format: three numbers and a hash. */
const BOOKMARK = /^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{32}$/;
const READING = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Continues a client's session, so that it sees its own writes, and never an older state than it has seen, whichever replica
 * answers. An invalid bookmark is dropped.
 * @param database the binding, by its name in `access`: `env.DB`, from `db.readWrite({ consistency: 'session' })`
 * @throws Error when `name` cannot be part of a header name
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
    throw new Error(`'name' must be lower-case letters, digits and dashes, got '${name}'`);
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

/** Headers for shared caches only. */
const SHARED = ['cdn-cache-control', 'cloudflare-cdn-cache-control', 'surrogate-control'];

/** Keeps shared caches from storing it; the handler's own directives to that effect are kept. */
function keepPrivate(headers: Headers): void {
  for (const each of SHARED) headers.delete(each);
  const directives = (headers.get('cache-control') ?? '').toLowerCase().split(',');
  if (directives.some((directive) => ['private', 'no-store'].includes(directive.trim()))) return;
  headers.set('cache-control', 'private, no-cache');
}
