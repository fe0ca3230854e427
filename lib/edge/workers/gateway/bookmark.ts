/** Names by which bookmarks of D1 go to clients and back: ours, and those of Cloudflare's own examples. */
const HEADER = /^x-d1-bookmark(?:-[a-z0-9-]+)?$/;
const COOKIE =
  /(?:^|;)\s*(?:__Host-)?(?:x-)?d1-bookmark(?:-[a-z0-9-]+)?=[0-9a-f]{8}(?:-[0-9a-f]{8}){2}-[0-9a-f]{32}\s*(?:;|$)/i;
const BOOKMARK = /^[0-9a-f]{8}(?:-[0-9a-f]{8}){2}-[0-9a-f]{32}$/;

/** Whether a client goes on with a session of a database: what was kept for all may be older than what it wrote. */
export function isInSession({ headers }: Pick<Request, 'headers'>): boolean {
  return (
    COOKIE.test(headers.get('cookie') ?? '') ||
    [...headers].some(([name, value]) => HEADER.test(name) && BOOKMARK.test(value))
  );
}

/** Whether an answer holds the bookmark of one client. */
export function hasBookmark(headers: Pick<Headers, 'keys'>): boolean {
  return [...headers.keys()].some((name) => HEADER.test(name));
}
