/** Names under which D1 bookmarks travel to clients and back: ours, and those in Cloudflare's own examples. */
const HEADER = /^x-d1-bookmark(?:-[a-z0-9-]+)?$/;
const COOKIE =
  /(?:^|;)\s*(?:__Host-)?(?:x-)?d1-bookmark(?:-[a-z0-9-]+)?=[0-9a-f]{8}(?:-[0-9a-f]{8}){2}-[0-9a-f]{32}\s*(?:;|$)/i;
const BOOKMARK = /^[0-9a-f]{8}(?:-[0-9a-f]{8}){2}-[0-9a-f]{32}$/;

/** Whether a client continues a database session: a cached response may be older than its own writes. */
export function isInSession({ headers }: Pick<Request, 'headers'>): boolean {
  return (
    COOKIE.test(headers.get('cookie') ?? '') ||
    [...headers].some(([name, value]) => HEADER.test(name) && BOOKMARK.test(value))
  );
}

/** Whether a response carries a client's bookmark. */
export function hasBookmark(headers: Pick<Headers, 'keys'>): boolean {
  return [...headers.keys()].some((name) => HEADER.test(name));
}
