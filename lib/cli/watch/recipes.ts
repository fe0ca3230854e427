import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Bundler } from '../../core/bundle/bundler';
import { EsbuildMissing, messagesOf } from '../../core/bundle/esbuild';
import { inWords } from '../../core/bundle/problems';
import { type BundleRecipe, RECIPE, restored } from '../../core/bundle/recipe';
import { parseJson, recordOf, records } from '../../testing/local/kernel/json';

/** A function whose code can be rebuilt without its app. */
export interface Rebuildable {
  /** Its construct path. */
  readonly fn: string;
  /** How. */
  readonly recipe: BundleRecipe;
}

/** The outcome of rebuilding a function. */
export type Rebuilt =
  /** New code. */
  | { readonly directory: string }
  /** What is wrong with its sources. */
  | { readonly problems: readonly string[] }
  /** The code is unchanged. */
  | undefined;

/** The functions of an assembly that record how they were bundled. @param folder where its app runs */
export function rebuildable(assembly: string, folder: string): readonly Rebuildable[] {
  return metadataIn(assembly).flatMap((metadata) =>
    Object.entries(metadata).flatMap(([construct, notes]) =>
      records(notes)
        .filter(({ type }) => type === RECIPE)
        .map(({ data }) => ({
          fn: construct.replace(/^\//, ''),
          recipe: restored(data as BundleRecipe, folder),
        })),
    ),
  );
}

/** Construct metadata of stacks: in a separate file, or in the manifest. */
export function metadataIn(assembly: string): readonly Readonly<Record<string, unknown>>[] {
  return readdirSync(assembly, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(assembly, entry.name);
    if (entry.isDirectory()) return entry.name.startsWith('assembly-') ? metadataIn(file) : [];
    if (entry.name.endsWith('.metadata.json')) return [recordOf(parseJson(readFileSync(file, 'utf8')))];
    if (entry.name !== 'manifest.json') return [];
    const { artifacts } = recordOf(parseJson(readFileSync(file, 'utf8')));
    return Object.values(recordOf(artifacts)).map((artifact) => recordOf(recordOf(artifact).metadata));
  });
}

/** Bundles of functions, rebuilt when one of their sources changes. */
export class Bundles {
  /** Sources by function; undefined for one that does not build, since any change may fix it. */
  private readonly sources = new Map<string, ReadonlySet<string> | undefined>();

  /** @param folder where the app runs: its bundles are kept there, also for the next synthesis */
  constructor(
    readonly all: readonly Rebuildable[],
    private readonly folder: string,
  ) {
    const bundler = new Bundler(folder);
    for (const { fn, recipe } of all) {
      try {
        this.sources.set(fn, new Set(bundler.bundle(recipe.entry, recipe.settings).sources));
      } catch (error) {
        problemsOf(error, recipe);
        this.sources.set(fn, undefined);
      }
    }
  }

  /** Every source, wherever it is. */
  get files(): readonly string[] {
    return [...new Set([...this.sources.values()].flatMap((files) => [...(files ?? [])]))];
  }

  /** Whether one of them does not build. */
  get isBroken(): boolean {
    return [...this.sources.values()].includes(undefined);
  }

  /** The functions that changed files affect. */
  concerned(files: readonly string[]): readonly Rebuildable[] {
    return this.all.filter(({ fn }) => {
      const sources = this.sources.get(fn);
      return !sources || files.some((file) => sources.has(file));
    });
  }

  /**
   * Rebuilds a function's bundle.
   * @param present the directory of its code
   * @param target gives a directory for new code
   */
  rebuild({ fn, recipe }: Rebuildable, present: string, target: () => string): Rebuilt {
    try {
      const { files, sources } = new Bundler(this.folder).bundle(recipe.entry, recipe.settings);
      this.sources.set(fn, new Set(sources));
      if ([...files].every(([name, content]) => isSame(path.join(present, name), content))) return undefined;
      return { directory: written(files, present, target()) };
    } catch (error) {
      const problems = problemsOf(error, recipe);
      this.sources.set(fn, undefined);
      return { problems };
    }
  }
}

function isSame(file: string, content: Uint8Array): boolean {
  return existsSync(file) && readFileSync(file).equals(content);
}

/** With the packages next to the bundle, which changed sources do not affect. */
function written(files: ReadonlyMap<string, Uint8Array>, present: string, directory: string): string {
  mkdirSync(directory, { recursive: true });
  const modules = path.join(present, 'node_modules');
  if (existsSync(modules)) cpSync(modules, path.join(directory, 'node_modules'), { recursive: true });
  for (const [name, content] of files) writeFileSync(path.join(directory, name), content);
  return directory;
}

/** @throws the error if it is not about the sources */
function problemsOf(error: unknown, { settings }: BundleRecipe): readonly string[] {
  if (error instanceof EsbuildMissing) return ['esbuild is not installed'];
  return messagesOf(error).map((message) => inWords(message, settings.project));
}
