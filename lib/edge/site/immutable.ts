import type { Check } from '../../core/check/check';
import { matched } from '../workers/site/header-rules';
import type { SiteFiles } from './site-files';

/** Folders in which frameworks put only files whose names change with their content. */
const HASHED = ['/_astro/*', '/_app/immutable/*', '/_next/static/*', '/_nuxt/*'];

/** A year, the longest that caches keep anything. */
const FOREVER = 'public, max-age=31536000, immutable';

/** Paths of a site whose files never change, and the rules for them. */
export interface Immutable {
  /** The paths. */
  readonly paths: readonly string[];
  /** Content of a `_headers` file, the site's own rules included. */
  readonly headers?: string;
}

/**
 * What browsers cache without revalidating. The site's own `_headers` win: a path is left alone if they mention `Cache-Control` for
 * any of its files.
 * @param given the paths, each with a trailing `*` or none
 */
export function immutableOf(site: SiteFiles, given: readonly string[] | undefined): Immutable {
  const paths = given ?? HASHED.filter((path) => filesOf(path, site).length > 0);
  const own = paths.filter((path) => !filesOf(path, site).some((file) => hasHeaderRule(file, site)));
  const rules = own.map((path) => `${path}\n  Cache-Control: ${FOREVER}\n`).join('');
  return { paths, headers: rules === '' ? site.headers : `${rules}${site.headers ?? ''}` };
}

function filesOf(path: string, { published }: SiteFiles): readonly string[] {
  return published.filter((file) => matched(path, addressOf(file)));
}

/** Whether a rule of the site's own sets or removes the header; a rule for a host applies to the site too. */
function hasHeaderRule(file: string, { headerRules }: SiteFiles): boolean {
  return headerRules.some(
    ({ path, set, unset }) =>
      ('cache-control' in set || unset.includes('cache-control')) &&
      matched(path.replace(/^https:\/\/[^/]+/, ''), addressOf(file)) !== undefined,
  );
}

function addressOf(file: string): URL {
  return new URL(`https://site/${file.split('/').map(encodeURIComponent).join('/')}`);
}

/** Checks of `immutable`. */
export function immutableChecks(given: readonly string[] | undefined = [], site: SiteFiles, most: number): Check[] {
  const rows = given.flatMap((path): Check[] => {
    const files = /^\/[^*?#:]*\*?$/.test(path) ? filesOf(path, site) : [];
    const page = files.find((file) => /\.html?$/.test(file));
    return [
      {
        prop: 'immutable',
        value: path,
        valid: () => site.published.length === 0 || files.length > 0,
        rule: 'must be paths of files, with at most a trailing *',
        remedy: "write '/assets/*', for instance",
      },
      {
        prop: 'immutable',
        value: path,
        valid: () => page === undefined,
        rule: `must not match a page, such as '${page}': its URL stays when it changes, and browsers would not revalidate for a year`,
        remedy: 'name the folder of files with hashed names',
      },
    ];
  });
  return [
    ...rows,
    {
      prop: 'immutable',
      value: given.length,
      valid: () => given.length + site.headerRules.length <= most,
      rule: `and '_headers' must have at most ${most} rules in total`,
      remedy: 'merge paths with a *',
    },
  ];
}
