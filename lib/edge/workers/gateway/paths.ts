/**
 * Whether a request matches one of the paths: `/health`, `GET /catalog/*`. An escaped slash, backslash or dot matches
 * nothing, even doubly escaped, nor do dots with a parameter (`/..;/`): an origin may resolve them outside of the pattern.
 */
export function matches(patterns: readonly string[], method: string, pathname: string): string | undefined {
  if (isAmbiguous(pathname)) return undefined;
  return patterns.find((pattern) => {
    const [path = '', only] = pattern.split(' ').reverse();
    if (!isForMethod(only, method)) return false;
    return path.endsWith('*') ? pathname.startsWith(path.slice(0, -1)) : pathname === path;
  });
}

/** Whether a pattern of one method, or of all, applies to a request: HEAD is treated as GET. */
export function isForMethod(only: string | undefined, method: string): boolean {
  return only === undefined || only === method || (only === 'GET' && method === 'HEAD');
}

/** Whether an origin may read a path differently from how it is written. */
export function isAmbiguous(pathname: string): boolean {
  return /%(?:25)*(?:2f|5c|2e|00)|\\|\/\/|\/\.\.?(;|%(?:25)*3b)/i.test(pathname);
}
