import { matched } from '../workers/site/header-rules';
import type { BadLine, Redirect } from './asset-rules';
import { type HtmlHandling, pageAddress } from './html-handling';

/** More redirects than a browser follows. */
const STEPS = 20;

/**
 * Lines of `_redirects` that lead in a circle, alone, with others, or with the canonical URL the platform gives a page:
 * `/about/ /about` when the page is `about/index.html`. A site's redirects come before its files.
 * @param files paths in the site
 */
export function redirectLoops(
  redirects: readonly Redirect[],
  files: readonly string[],
  handling: HtmlHandling,
): BadLine[] {
  const published = new Set(files);
  const reported = new Set<string>();
  return redirects.flatMap(({ from, line }) => {
    const way = wayFrom(sampleOf(from), redirects, published, handling);
    const circle = way && [...new Set(way)].sort().join(' ');
    if (way === undefined || circle === undefined || reported.has(circle)) return [];
    reported.add(circle);
    return [
      {
        line,
        rule: `must not loop: ${shown(way)}`,
        remedy: "delete it, or change 'htmlHandling' if that redirects back",
      },
    ];
  });
}

/** A path that a rule matches. */
function sampleOf(from: string): string {
  return from.replace(/\*|:[A-Za-z]\w*/g, 'x');
}

/** The paths of a circle, ending with its first; undefined if the redirects end. */
function wayFrom(
  start: string,
  redirects: readonly Redirect[],
  files: ReadonlySet<string>,
  handling: HtmlHandling,
): readonly string[] | undefined {
  const way: string[] = [start];
  while (way.length <= STEPS) {
    const path = way.at(-1)!;
    const next = redirected(path, redirects) ?? pageAddress(path, files, handling);
    if (next === undefined || next === END) return undefined;
    const before = way.indexOf(next);
    way.push(next);
    if (before >= 0) return way.slice(before);
  }
  return way;
}

/** Redirects that leave the site, or end at a page under another path. */
const END = '';

function redirected(path: string, redirects: readonly Redirect[]): string | undefined {
  const fixed = redirects.find(({ from }) => from === path);
  const url = new URL(path, 'https://site');
  for (const { from, to, status } of fixed ? [fixed] : redirects) {
    const values = matched(from, url);
    if (!values) continue;
    if (status === 200 || !to.startsWith('/')) return END;
    const filled = to.replace(/:([A-Za-z]\w*)/g, (whole, name: string) => values[name] ?? whole);
    return filled.replace(/[?#].*$/, '').replace(/\/+/g, '/');
  }
  return undefined;
}

function shown(way: readonly string[]): string {
  return way.length > 5 ? `${way.slice(0, 4).join(' -> ')} -> ...` : way.join(' -> ');
}
