import { basename, dirname, join, resolve } from 'node:path';
import type { Metafile } from 'esbuild';
import type { Snapshot } from './snapshot';
import type { TypeScriptConfig } from './tsconfig';

/** What a bundle depends on: the content of files, also of those that do not exist, and what imports may mean. */
export interface Inputs {
  /** Content hashes by path; empty if there is no such file. */
  readonly files: Readonly<Record<string, string>>;
  /** What an import may mean: by directory and name, as a snapshot lists them. */
  readonly candidates: readonly (readonly [directory: string, name: string, listed: string])[];
}

/** Files in each directory above a module that determine how it is bundled, and which packages exist. */
const SETTINGS = ['package.json', 'tsconfig.json', 'jsconfig.json'];
const LOCKS = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'bun.lockb',
  '.pnp.cjs',
  '.pnp.data.json',
];

/**
 * Everything that determined a bundle's content.
 * @param entry absolute
 * @param project the directory that the metafile's paths are relative to
 * @param further files that decide it too: those of plugins
 * @param time when the build began, on the clock of the file system
 * @returns undefined if it cannot be known: an import of a whole directory, a file that has changed meanwhile
 */
export function inputsOf(
  metafile: Metafile,
  entry: string,
  project: string,
  options: { readonly alias?: Readonly<Record<string, string>>; readonly further: readonly string[] },
  snapshot: Snapshot,
  time: number,
): Inputs | undefined {
  const files = new Map<string, string>();
  const candidates = new Map<string, readonly [string, string, string]>();
  const known = new Map<string, TypeScriptConfig | undefined>();

  const read = (file: string) => files.set(file, snapshot.hashOf(file));
  const couldBe = (path: string) => {
    const [directory, name] = [dirname(path), basename(path)];
    candidates.set(`${directory}\0${name}`, [directory, name, snapshot.candidates(directory, name)]);
  };
  const lookedFor = (path: string) => {
    couldBe(path);
    if (snapshot.isDirectory(path)) {
      couldBe(join(path, 'index'));
      read(join(path, 'package.json'));
    }
  };
  const within = (directory: string) => {
    if (known.has(directory)) return;
    const parent = dirname(directory);
    for (const name of SETTINGS) read(join(directory, name));
    if (!/[\\/]node_modules([\\/]|$)/.test(directory)) for (const name of LOCKS) read(join(directory, name));
    const settings = snapshot.typeScriptConfig(directory);
    for (const file of settings?.files ?? []) read(file);
    known.set(directory, settings);
    if (parent !== directory) within(parent);
  };
  const imported = (specifier: string, directory: string, found: boolean) => {
    if (/^(node|data|https?):/.test(specifier)) return;
    if (/^(\.{0,2}\/|\.{1,2}$)/.test(specifier)) return lookedFor(resolve(directory, specifier));
    const settings = known.get(directory);
    if (settings?.baseUrl !== undefined) lookedFor(join(settings.baseUrl, specifier));
    for (const target of targetsOf(specifier, settings)) lookedFor(target);
    for (const parent of upward(directory)) {
      const packaged = join(parent, 'node_modules', packageOf(specifier));
      couldBe(packaged);
      if (!snapshot.isDirectory(packaged)) continue;
      lookedFor(join(parent, 'node_modules', specifier));
      if (found) return;
    }
  };

  const graph = sourcesOf(metafile, entry, project);
  if (graph.some(({ imports }) => imports.some(({ path, external }) => external === true && path.includes('*'))))
    return undefined;
  within(project);
  for (const target of Object.values(options.alias ?? {})) imported(target, project, false);
  for (const file of options.further) read(file);
  for (const { file, imports } of graph) {
    const directory = file === undefined ? project : dirname(file);
    if (file !== undefined) read(file);
    within(directory);
    for (const { path, original = path, external = false } of imports) {
      imported(original, directory, !external);
      if (!external) couldBe(resolve(project, path));
    }
  }
  if (graph.some(({ file }) => file !== undefined && files.get(file) === '')) return undefined;
  if ([...files].some(([file, hash]) => hash !== '' && snapshot.changedSince(file, time))) return undefined;
  return { files: Object.fromEntries(files), candidates: [...candidates.values()] };
}

/** Whether everything is as it was. */
export function areUnchanged({ files, candidates }: Inputs, snapshot: Snapshot): boolean {
  return (
    Object.entries(files).every(([file, hash]) => snapshot.hashOf(file) === hash) &&
    candidates.every(([directory, name, listed]) => snapshot.candidates(directory, name) === listed)
  );
}

interface Source {
  readonly file: string | undefined;
  readonly imports: Metafile['inputs'][string]['imports'];
}

/** The modules that an entry reaches, also those of which nothing is left in the bundle. */
export function sourcesOf({ inputs }: Metafile, entry: string, project: string): readonly Source[] {
  const reached = new Map<string, Source>();
  const visit = (key: string) => {
    const input = inputs[key];
    if (input === undefined || reached.has(key)) return;
    // A module that a platform does without is listed too, with a word before its name. What plugins make is no file.
    const file = /^[\w-]{2,}:/.test(key) ? undefined : resolve(project, key.replace(/^\(disabled\):/, ''));
    reached.set(key, { file, imports: input.imports });
    for (const { path } of input.imports) visit(path);
  };
  const name = basename(entry);
  Object.keys(inputs)
    .filter((key) => key.endsWith(name) && resolve(project, key) === entry)
    .forEach(visit);
  return [...reached.values()];
}

function targetsOf(specifier: string, settings: TypeScriptConfig | undefined): readonly string[] {
  return [...(settings?.paths ?? [])].flatMap(([pattern, targets]) => {
    const [start = '', end] = pattern.split('*');
    if (end === undefined) return pattern === specifier ? targets : [];
    if (!specifier.startsWith(start) || !specifier.endsWith(end)) return [];
    const middle = specifier.slice(start.length, specifier.length - end.length);
    return targets.map((target) => target.replace('*', middle));
  });
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function upward(directory: string): readonly string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...upward(parent)];
}
