import {
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { isRecord, parseJson, text, texts } from '../kernel/json';
import { importsPlaces } from './node/imported-places';
import { ORIGIN, sourceFile } from './traces';

/** The local directories in place of Lambda's. */
export interface TaskFiles {
  /** In place of /var/task: a copy of the function's code, outside the developer's project. */
  readonly task: string;
  /** In place of /opt: the layers, merged in order. */
  readonly opt: string;
  /** Whether a module of them imports another by its path on Lambda. */
  readonly imports: boolean;
}

/** What a function's files are made of. */
export interface TaskSources {
  /** The directory of its code. */
  readonly code: string;
  /** The directories of its layers, in the order of the template. */
  readonly layers: readonly string[];
  /** Of its runtime: 22. */
  readonly major: number;
  /** Packages that the runtime includes, and where they are. */
  readonly provided: ReadonlyMap<string, string>;
  /** A `node_modules` with links to exactly those. */
  readonly providedModules: string;
}

/**
 * Lays a function's files out as Lambda does. A `node_modules` beside the task links to the packages of the layers and
 * the runtime, in the order of Lambda's NODE_PATH: `require` and `import` both find it in their upward search.
 * @param root an empty directory
 */
export async function layOut(
  root: string,
  { code, layers, major, provided, providedModules }: TaskSources,
): Promise<TaskFiles> {
  const [task, opt] = [path.join(root, 'task'), path.join(root, 'opt')];
  mkdirSync(opt);
  // Links become files, as in the zip file that would be uploaded.
  const options = { recursive: true, dereference: true, mode: constants.COPYFILE_FICLONE };
  for (const layer of layers) await cp(layer, opt, { ...options, force: true });
  await cp(code, task, options);
  // Node searches upwards from the task for its module type; on Lambda, there is nothing above.
  writeFileSync(path.join(root, 'package.json'), '{}');
  writeFileSync(path.join(root, ORIGIN), JSON.stringify({ code }));
  const ofLayers = [
    ...packagesIn(path.join(opt, 'nodejs', `node${major}`, 'node_modules')),
    ...packagesIn(path.join(opt, 'nodejs', 'node_modules')),
  ];
  const modules = path.join(root, 'node_modules');
  // A hundred links for each function would cost more than all else here.
  if (ofLayers.length === 0) symlinkSync(providedModules, modules);
  else linkModules(modules, [...ofLayers, ...provided]);
  return { task, opt, imports: major > 0 && (await importsPlaces([task, opt])) };
}

/** Points the source maps of copied code to the sources, which a debugger would look for beside the copy. */
export function leadToSources({ task }: Pick<TaskFiles, 'task'>, code: string): void {
  for (const entry of readdirSync(task, { recursive: true, encoding: 'utf8' })) {
    if (!entry.endsWith('.map') || entry.includes('node_modules')) continue;
    const map = parseJson(readFileSync(path.join(task, entry), 'utf8'));
    if (!isRecord(map)) continue;
    const root = path.resolve(code, path.dirname(entry), text(map.sourceRoot) ?? '');
    const sources = texts(map.sources).map((source) => sourceFile(source, root));
    writeFileSync(path.join(task, entry), JSON.stringify({ ...map, sourceRoot: '', sources }));
  }
}

/** Folders of packages in the folders above one: Node looks there too. */
export function modulesAbove(folder: string): readonly string[] {
  const above = path.dirname(path.resolve(folder));
  const modules = path.join(above, 'node_modules');
  const found = existsSync(modules) ? [modules] : [];
  return above === path.dirname(above) ? found : [...found, ...modulesAbove(above)];
}

/** Where `require` looks last: as on Lambda, unless the function's variables say otherwise. */
export function nodePath({ task, opt }: Pick<TaskFiles, 'task' | 'opt'>, major: number): string {
  const layers = [path.join(opt, 'nodejs', `node${major}`, 'node_modules'), path.join(opt, 'nodejs', 'node_modules')];
  return [...layers, path.join(path.dirname(task), 'node_modules'), task].join(path.delimiter);
}

/** Makes a `node_modules` with links to packages; the first of a name counts. */
export function linkModules(directory: string, packages: Iterable<readonly [name: string, folder: string]>): void {
  mkdirSync(directory, { recursive: true });
  const linked = new Set<string>();
  for (const [name, folder] of packages) {
    if (linked.has(name)) continue;
    linked.add(name);
    const link = path.join(directory, name);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(folder, link);
  }
}

/** The packages of a `node_modules`, with their scopes. */
export function packagesIn(modules: string): readonly (readonly [name: string, folder: string])[] {
  if (!existsSync(modules)) return [];
  const entries = readdirSync(modules).filter((name) => !name.startsWith('.'));
  return entries.flatMap((name) => {
    const folder = path.join(modules, name);
    if (!name.startsWith('@')) return [[name, folder] as const];
    return statSync(folder).isDirectory()
      ? readdirSync(folder).map((own) => [`${name}/${own}`, path.join(folder, own)] as const)
      : [];
  });
}
