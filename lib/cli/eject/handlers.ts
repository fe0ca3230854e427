import { readdirSync, realpathSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { type Built, runEsbuild } from '../../core/bundle/esbuild';
import type { BundleRecipe } from '../../core/bundle/recipe';
import { isRecord } from '../../core/record';
import { after, type Code, key, list, quoted } from './layout';
import type { Output } from './output';

/** What becomes of the code of functions. */
export interface CodeNotes {
  /** What somebody must do, or know. */
  readonly notes: Set<string>;
  /** What has no place in the code that was written. */
  readonly unread: Set<string>;
}

/** Where this package has its own modules: in the repository, or compiled. */
const PACKAGE = realpathSync(path.join(__dirname, '../..'));

/**
 * The code of a function whose bundle the assembly describes, as arguments of `bundled`.
 * @param fn construct path of the function
 * @param staged where the assembly has the code
 * @param out folder for what the code needs from this package; undefined if only text is requested
 */
export function bundledCode(
  fn: string,
  recipe: BundleRecipe,
  staged: string,
  out: Output | undefined,
  remarks: CodeNotes,
): readonly Code[] {
  const { entry, settings } = recipe;
  const { options } = settings;
  if (settings.plugins !== undefined) remarks.unread.add(`${fn}: esbuild plugins of ${shown(settings.plugins)}`);
  const own = isOurs(entry) ? shipped(fn, recipe, out, remarks) : shown(entry);
  if (!isOurs(entry)) ofRuntime(recipe, remarks);
  const given = Object.entries(options).filter(([name, value]) => differs(name, value));
  const literal = given.map(([name, value]) =>
    after(`${key(name)}: `, name === 'alias' ? aliases(value) : plain(value)),
  );
  const beside = readdirSync(staged).filter((name) => !/^index\.m?js(\.map)?$/.test(name));
  if (beside.includes('node_modules'))
    remarks.unread.add(`${fn}: packages installed next to its bundle (node_modules)`);
  const files = beside.filter((name) => name !== 'node_modules');
  const folder = files.length === 0 ? undefined : copied(fn, staged, files, out, remarks);
  const object = literal.length === 0 ? '{}' : list('{ ', literal, ' }');
  return [
    quoted(own),
    ...(given.length > 0 || folder !== undefined ? [object] : []),
    ...(folder ? [quoted(folder)] : []),
  ];
}

/** Code that the assembly has as it is. */
export function stagedCode(fn: string, staged: string, out: Output | undefined, remarks: CodeNotes): Code {
  const files = statSync(staged).isDirectory() ? readdirSync(staged) : undefined;
  const target = copied(fn, files ? staged : path.dirname(staged), files ?? [path.basename(staged)], out, remarks);
  return quoted(files ? target : `${target}/${path.basename(staged)}`);
}

/** Options that `bundled` in the written file already sets. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  external: ['@aws-sdk/*', '@smithy/*'],
  outExtension: { '.js': '.js' },
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: true,
  sourcesContent: false,
};

function differs(name: string, value: unknown): boolean {
  if (value === undefined || (isRecord(value) && Object.keys(value).length === 0)) return false;
  return JSON.stringify(DEFAULTS[name]) !== JSON.stringify(value);
}

function plain(value: unknown): Code {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return list('[', value.map(plain), ']');
  if (!isRecord(value)) return String(value);
  return list(
    '{ ',
    Object.entries(value).map(([name, one]) => after(`${key(name)}: `, plain(one))),
    ' }',
  );
}

/** Aliases: files are relative to the working directory, as entries are. */
function aliases(value: unknown): Code {
  const entries = Object.entries(value as Readonly<Record<string, string>>);
  const target = (one: string) => (path.isAbsolute(one) ? `resolve(${quoted(shown(one))})` : quoted(one));
  return list(
    '{ ',
    entries.map(([name, one]) => `${key(name)}: ${target(one)}`),
    ' }',
  );
}

/** A module of ours that wraps a handler or runs by itself: from now on the team's own file. */
function shipped(fn: string, { entry, settings }: BundleRecipe, out: Output | undefined, remarks: CodeNotes): string {
  const name = path
    .relative(PACKAGE, entry)
    .replace(/^aws\//, '')
    .replace(/\.[jt]s$/, '');
  if (out === undefined) {
    remarks.unread.add(`${fn}: runs ${name} of this package, which '--out' copies`);
    return shown(entry);
  }
  const file = path.join(out.folder, 'handlers', `${name.replaceAll('/', '-')}.js`);
  const { metafile, outputFiles } = runEsbuild({
    entryPoints: [entry],
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    banner: { js: `// ${name} of lintel (Apache-2.0): a copy, yours to change.` },
  });
  out.put(file, outputFiles[0]!.text);
  if (settings.options.format === 'esm') remarks.unread.add(`${fn}: runs ${name} of this package as an ES module`);
  const packages = packagesOf(metafile).filter((one) => !one.startsWith('lintel'));
  remarks.notes.add(`${shown(file)} is the code of ${fn}: a copy, yours to change${needing(packages)}`);
  return shown(file);
}

const needing = (packages: readonly string[]): string =>
  packages.length === 0 ? '' : `; it needs npm install ${packages.join(' ')}`;

/** Packages that a bundle leaves external, except those that Node.js and the runtime provide. */
function packagesOf({ outputs }: Built['metafile']): readonly string[] {
  const names = Object.values(outputs).flatMap(({ imports }) => imports.map((one) => one.path));
  const packages = names
    .filter((name) => !/^(node:|[./]|lintel:|@aws-sdk\/|@smithy\/)/.test(name))
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    );
  return [...new Set(packages)].filter((name) => !builtinModules.includes(name)).sort();
}

/** What a team's handler imports from this package at run time. */
function ofRuntime({ entry, settings }: BundleRecipe, remarks: CodeNotes): void {
  const { metafile } = runEsbuild(
    { ...settings.options, entryPoints: [entry], bundle: true, outdir: 'out' },
    settings.plugins,
  );
  const used = Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0))
    .map(([file]) => file)
    .filter((file) => isOurs(path.resolve(file)));
  if (used.length === 0) return;
  const files = [...new Set(used.map((file) => path.relative(PACKAGE, realpathSync(file))))].sort();
  remarks.notes.add(
    `${shown(entry)} imports lintel/runtime, which does not depend on constructs: keep the package for it, or copy ${files.join(', ')}`,
  );
}

/** Copies files of the assembly, which is regenerated, into the folder that stays. */
function copied(
  fn: string,
  from: string,
  names: readonly string[],
  out: Output | undefined,
  remarks: CodeNotes,
): string {
  if (out === undefined) {
    remarks.unread.add(`${fn}: deploys files of this package (${names.join(', ')}), which '--out' copies`);
    return shown(from);
  }
  const folder = out.folderOf(fn);
  for (const name of names) out.copy(path.join(from, name), path.join(folder, name));
  remarks.notes.add(`${shown(folder)} has the files deployed with ${fn}`);
  return shown(folder);
}

function isOurs(file: string): boolean {
  const relative = path.relative(PACKAGE, file);
  return !relative.startsWith('..') && !path.isAbsolute(relative);
}

/** A path as written into code: relative to the working directory, as handler paths are. */
export const shown = (file: string): string => path.relative(process.cwd(), file).replaceAll(path.sep, '/');
