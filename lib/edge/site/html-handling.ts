/** How the addresses of pages are written, as the platform calls it. */
export type HtmlHandling = 'auto-trailing-slash' | 'force-trailing-slash' | 'drop-trailing-slash' | 'none';

export const HTML_HANDLING: readonly HtmlHandling[] = [
  'auto-trailing-slash',
  'force-trailing-slash',
  'drop-trailing-slash',
  'none',
];

/**
 * Where the platform sends somebody who asks for a page by another path than the one it gives it; undefined where it answers,
 * has no such page, or has two that the path may mean.
 * @param files paths in the site, with slashes and none before the first
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
