import { matched } from '../workers/site/header-rules';
import type { BadLine, Redirect } from './asset-rules';
import { type HtmlHandling, pageAddress } from './html-handling';

/** More than a browser follows. */
const STEPS = 20;

/**
 * Lines of `_redirects` that lead in a circle, by themselves, with others, or with the address that the platform gives a page:
 * `/about/ /about` where the page is `about/index.html`. The redirects of a site come before its files.
 * @param files paths in the site
 */
export function redirectLoops(
  redirects: readonly Redirect[],
  files: readonly string[],
  handling: HtmlHandling,
): BadLine[] {
  const published = new Set(files);
  const told = new Set<string>();
  return redirects.flatMap(({ from, line }) => {
    const way = wayFrom(sampleOf(from), redirects, published, handling);
    const circle = way && [...new Set(way)].sort().join(' ');
    if (way === undefined || circle === undefined || told.has(circle)) return [];
    told.add(circle);
    return [
      {
        line,
        rule: `must not lead in a circle: ${shown(way)}`,
        remedy: "delete it, or change 'htmlHandling' if that leads back",
      },
    ];
  });
}

/** A path that a rule is for. */
function sampleOf(from: string): string {
  return from.replace(/\*|:[A-Za-z]\w*/g, 'x');
}

/** The paths of a circle, its first at its end again; undefined where the way ends. */
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

/** Where a way leaves the site, or a page answers under another's path. */
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
