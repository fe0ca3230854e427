import type { Check } from '../../core/check/check';
import { matched } from '../workers/site/header-rules';
import type { SiteFiles } from './site-files';

/** Folders in which frameworks put nothing but files whose names change with their content. */
const HASHED = ['/_astro/*', '/_app/immutable/*', '/_next/static/*', '/_nuxt/*'];

/** A year, which is as long as caches keep anything. */
const FOREVER = 'public, max-age=31536000, immutable';

/** The paths of a site whose files never change, and the rules that say so. */
export interface Immutable {
  /** The paths. */
  readonly paths: readonly string[];
  /** Content of a `_headers` file, the site's own rules included. */
  readonly headers?: string;
}

/**
 * What browsers keep without asking again. The site's own `_headers` win: where they say anything of `Cache-Control` for one
 * of the files, the path is left to them.
 * @param given the paths, of which each has a `*` at its end or none
 */
export function immutableOf(site: SiteFiles, given: readonly string[] | undefined): Immutable {
  const paths = given ?? HASHED.filter((path) => filesOf(path, site).length > 0);
  const ours = paths.filter((path) => !filesOf(path, site).some((file) => isTold(file, site)));
  const rules = ours.map((path) => `${path}\n  Cache-Control: ${FOREVER}\n`).join('');
  return { paths, headers: rules === '' ? site.headers : `${rules}${site.headers ?? ''}` };
}

function filesOf(path: string, { published }: SiteFiles): readonly string[] {
  return published.filter((file) => matched(path, addressOf(file)));
}

/** Whether a rule of the site's own sets the header, or takes it away; one for a host is for the site too. */
function isTold(file: string, { headerRules }: SiteFiles): boolean {
  return headerRules.some(
    ({ path, set, unset }) =>
      ('cache-control' in set || unset.includes('cache-control')) &&
      matched(path.replace(/^https:\/\/[^/]+/, ''), addressOf(file)) !== undefined,
  );
}

function addressOf(file: string): URL {
  return new URL(`https://site/${file.split('/').map(encodeURIComponent).join('/')}`);
}

/** The rows of the validation table for `immutable`. */
export function immutableChecks(given: readonly string[] | undefined = [], site: SiteFiles, most: number): Check[] {
  const rows = given.flatMap((path): Check[] => {
    const files = /^\/[^*?#:]*\*?$/.test(path) ? filesOf(path, site) : [];
    const page = files.find((file) => /\.html?$/.test(file));
    return [
      {
        prop: 'immutable',
        value: path,
        valid: () => site.published.length === 0 || files.length > 0,
        rule: 'must hold paths of files, with a * at the end at most',
        remedy: "write for instance '/assets/*'",
      },
      {
        prop: 'immutable',
        value: path,
        valid: () => page === undefined,
        rule: `must hold no page, such as '${page}': its address stays when it changes, and browsers would not ask again for a year`,
        remedy: 'name the folder of the files with a hash in their names',
      },
    ];
  });
  return [
    ...rows,
    {
      prop: 'immutable',
      value: given.length,
      valid: () => given.length + site.headerRules.length <= most,
      rule: `and '_headers' must have at most ${most} rules together`,
      remedy: 'put paths together by a *',
    },
  ];
}
