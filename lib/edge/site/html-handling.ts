/** How page URLs are written, in the platform's terms. */
export type HtmlHandling = 'auto-trailing-slash' | 'force-trailing-slash' | 'drop-trailing-slash' | 'none';

export const HTML_HANDLING: readonly HtmlHandling[] = [
  'auto-trailing-slash',
  'force-trailing-slash',
  'drop-trailing-slash',
  'none',
];

/**
 * Where the platform redirects a request for a page under a path other than its canonical one; undefined if it answers,
 * has no such page, or the path is ambiguous.
 * @param files paths in the site, with slashes, without a leading one
 * @see https://developers.cloudflare.com/workers/static-assets/routing/advanced/html-handling/
 */
export function pageAddress(path: string, files: ReadonlySet<string>, handling: HtmlHandling): string | undefined {
  if (handling === 'none' || (!path.endsWith('.html') && files.has(path.slice(1)))) return undefined;
  const base = path.replace(/(\/index)?\.html$|\/index$|\/$/, '');
  const isFile = files.has(`${base}.html`.slice(1));
  if (isFile === files.has(`${base}/index.html`.slice(1))) return undefined;
  const address = addressOf(base, isFile, handling);
  return address === path ? undefined : address;
}

function addressOf(base: string, isFile: boolean, handling: Exclude<HtmlHandling, 'none'>): string {
  if (handling === 'drop-trailing-slash') return base || '/';
  return handling === 'auto-trailing-slash' && isFile ? base : `${base}/`;
}
