import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import ignore from 'ignore';
import type { Check } from '../../core/check/check';
import { cloudflare as facts } from '../../core/facts';
import { type BadLine, type HeaderRule, readHeaders, type Redirect, readRedirects } from './asset-rules';
import { derivedName } from '../physical-name';

/** A directory of static files, as the platform should receive it. */
export interface SiteFiles {
  readonly directory: string;
  /** Paths of the published files, relative to the directory, with slashes. */
  readonly published: readonly string[];
  /** Whether the directory contains nothing else: the provider uploads every file in it. */
  readonly whole: boolean;
  /** Content of `_headers`. */
  readonly headers?: string;
  /** Its rules, for rendered responses. */
  readonly headerRules: readonly HeaderRule[];
  /** Content of `_redirects`. */
  readonly redirects?: string;
  /** Its rules. */
  readonly redirectRules: readonly Redirect[];
  /** Files that should not be published, and why. */
  readonly refused: readonly { readonly file: string; readonly what: string }[];
  /** Lines that the platform would ignore, by file. */
  readonly bad: readonly (BadLine & { readonly file: string })[];
}

/** Files that configure publishing, and are not published themselves. */
const SETTINGS = ['_headers', '_redirects', '.assetsignore'];

/** A Worker and its routes in the folder itself, as left by builds for Cloudflare Pages. */
const PAGES = /^(_worker\.js(\.map)?(\/|$)|_routes\.json$)/;

/** Useless to a browser, and useful to an attacker. */
const SERVER_SIDE: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/(^|\/)node_modules\//, 'packages'],
  [/^(_worker\.js(\/|$)|_worker\.bundle$|_routes\.json$|functions\/)/, 'server code'],
  [
    /(^|\/)(wrangler\.(toml|jsonc?)|Pulumi(\.[\w-]+)?\.ya?ml|package(-lock)?\.json|yarn\.lock|pnpm-lock\.yaml)$/,
    'settings',
  ],
  [/\.(pem|key|p12|pfx|tfstate)$/, 'keys or state'],
];

/**
 * Reads a directory of static files: what is published, and by which rules. Files matched by `.assetsignore` are left out.
 * @param handler the module that renders, which is not a file of the site; if it is the `_worker.js` of a build for Cloudflare
 *   Pages, it is left out too
 */
export function readSite(directory: string, handler?: string): SiteFiles {
  const nothing = { directory, published: [], whole: true, headerRules: [], redirectRules: [], refused: [], bad: [] };
  if (!existsSync(directory) || !statSync(directory).isDirectory()) return nothing;
  const all = filesBelow(directory);
  const content = (name: string) =>
    all.some(({ file }) => file === name) ? readFileSync(path.join(directory, name), 'utf8') : undefined;
  const ignored = ignore().add(content('.assetsignore') ?? '');
  const own =
    handler === undefined
      ? undefined
      : path.relative(path.resolve(directory), path.resolve(handler)).replaceAll('\\', '/');
  const ofPages = (file: string) => own !== undefined && PAGES.test(own) && PAGES.test(file);
  const kept = all.filter(({ file }) => !SETTINGS.includes(file) && !ofPages(file) && !ignored.ignores(file));
  const [headers, redirects] = [content('_headers'), content('_redirects')];
  const [ofHeaders, ofRedirects] = [readHeaders(headers ?? ''), readRedirects(redirects ?? '')];
  const reasonOf = (file: string) => (file === own ? 'server code' : unfit(file));
  return {
    directory,
    published: kept.filter(({ isFolder }) => !isFolder).map(({ file }) => file),
    whole: kept.length === all.length && !all.some(({ isLink }) => isLink),
    headers,
    headerRules: ofHeaders.rules,
    redirects,
    redirectRules: ofRedirects.rules,
    refused: kept.flatMap(({ file, isFolder }) => {
      const what = isFolder ? 'a link to a folder' : reasonOf(file);
      return what === undefined ? [] : [{ file, what }];
    }),
    bad: [
      ...ofHeaders.bad.map((line) => ({ ...line, file: '_headers' })),
      ...ofRedirects.bad.map((line) => ({ ...line, file: '_redirects' })),
    ],
  };
}

function unfit(file: string): string | undefined {
  const hidden = file.split('/').some((part) => part.startsWith('.') && part !== '.well-known');
  return hidden ? 'a hidden file' : SERVER_SIDE.find(([pattern]) => pattern.test(file))?.[1];
}

/**
 * Checks of a directory of static files.
 * @param loops lines of `_redirects` that loop
 */
export function siteFileChecks(prop: string, site: SiteFiles, loops: readonly BadLine[] = []): Check[] {
  const { directory, published, refused, bad } = site;
  const large = published.filter((file) => statSync(path.join(directory, file)).size > facts.assetSize.value);
  return [
    {
      prop,
      value: directory,
      valid: () => published.length > 0,
      rule: 'must be a directory with files',
      remedy: 'build the site first',
    },
    {
      prop,
      value: published.length,
      valid: () => published.length <= facts.assetFiles.value,
      rule: `must have at most ${facts.assetFiles.value} files`,
      remedy: 'keep the rest in an EdgeBucket',
    },
    ...large.map((file) => ({
      prop,
      value: file,
      valid: () => false,
      rule: `must have files of at most ${facts.assetSize.value} bytes`,
      remedy: 'keep it in an EdgeBucket',
    })),
    ...some(refused, ({ file, what }) => ({
      prop,
      value: file,
      valid: () => false,
      rule: `must not publish ${what}`,
      remedy: `name it in ${path.join(directory, '.assetsignore')}, or build elsewhere`,
    })),
    ...some([...bad, ...loops.map((line) => ({ ...line, file: '_redirects' }))], ({ file, line, rule, remedy }) => ({
      prop,
      value: `${file}:${line}`,
      valid: () => false,
      rule: `has a line that ${rule}`,
      remedy,
    })),
  ];
}

/** The first rows, and a count of the rest: a folder of packages has thousands. */
function some<T>(all: readonly T[], row: (each: T) => Check): Check[] {
  const rows = all.slice(0, SHOWN).map(row);
  const last = rows.at(-1);
  if (last === undefined || all.length <= SHOWN) return rows;
  return [...rows.slice(0, -1), { ...last, remedy: `${last.remedy} (and ${all.length - SHOWN} more like it)` }];
}

const SHOWN = 5;

/**
 * A directory with exactly what is published, since the provider uploads every file in one: the site's own if it contains
 * nothing else, otherwise a copy under `.lintel/`.
 */
export function stage(name: string, { directory, published, whole }: SiteFiles): string {
  if (whole) return directory;
  const hash = createHash('sha256');
  for (const file of published) {
    const content = createHash('sha256')
      .update(readFileSync(path.join(directory, file)))
      .digest('hex');
    hash.update(`${file}\n${content}\n`);
  }
  // Named by content, so that concurrent programs never change each other's files.
  const staged = path.posix.join('.lintel', derivedName(name), `files-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(staged)) return staged;
  const draft = `${staged}.${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  for (const file of published) {
    mkdirSync(path.dirname(path.join(draft, file)), { recursive: true });
    copyFileSync(path.join(directory, file), path.join(draft, file));
  }
  try {
    renameSync(draft, staged);
  } catch (error) {
    // Another program has created the same in the meantime.
    if (!existsSync(staged)) throw error;
    rmSync(draft, { recursive: true, force: true });
  }
  return staged;
}

/** All files below a directory, in order; links are followed. */
function filesBelow(directory: string) {
  return [...readdirSync(directory, { recursive: true, withFileTypes: true })]
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      const isLink = entry.isSymbolicLink();
      const isFolder = isLink && (statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? true);
      return { file: path.relative(directory, file).replaceAll('\\', '/'), isLink, isFolder };
    })
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}
