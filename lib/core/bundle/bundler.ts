import { existsSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import type { BuildOptions, Message, OutputFile } from 'esbuild';
import { packageVersion } from '../version';
import { EsbuildMissing, esbuildVersion, messagesOf, runEsbuild } from './esbuild';
import { areUnchanged, type Inputs, inputsOf, sourcesOf } from './inputs';
import { Snapshot } from './snapshot';
import { Store } from './store';

/** How entries are bundled. */
export interface BundleSettings {
  /** The directory that paths in a bundle are relative to, so that no bundle reveals where it was made. */
  readonly project: string;
  /** esbuild's options, except those for locations. */
  readonly options: Omit<BuildOptions, 'plugins' | 'entryPoints' | 'outdir' | 'absWorkingDir'>;
  /**
   * Path of a module whose default export is a list of esbuild plugins.
   * @default - none
   */
  readonly plugins?: string | undefined;
  /**
   * What the plugins depend on besides their input; without it their result is not cached.
   * @default - not kept
   */
  readonly pluginsKey?: string | undefined;
  /**
   * Whether bundles are kept for the next program.
   * @default true
   */
  readonly cache?: boolean | undefined;
}

/** A module with everything it imports. */
export interface Bundle {
  /** Contents by file name; the module is `index`. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** What the module exports as an ES module. */
  readonly exports: readonly string[];
  /** The format of the entry's source; undefined if it is not code. */
  readonly format: 'cjs' | 'esm' | undefined;
  /** The modules that the entry reaches, absolute. */
  readonly sources: readonly string[];
  /** What stays outside and is required when the module runs. */
  readonly required: readonly string[];
  /** What esbuild warned of in these sources. */
  readonly warnings: readonly Message[];
}

/** What was made for an entry, until it is asked for. */
interface Made {
  readonly bundle: Bundle;
  readonly inputs: () => Inputs | undefined;
}

/**
 * Bundles modules with esbuild, each once: a bundle of one program is reused by the next, as long as
 * nothing has changed that went into it. Files are looked at once in its life.
 */
export class Bundler {
  private readonly snapshot = new Snapshot();
  private readonly made = new Map<string, Made>();
  private readonly bundles = new Map<string, Bundle>();
  private readonly store: Store | undefined;
  private readonly version = esbuildVersion();
  /** What makes bundles; esbuild itself reads the variables. */
  private readonly tools = [
    packageVersion(),
    this.version,
    process.platform,
    process.env.NODE_PATH,
    process.env.ESBUILD_BINARY_PATH,
  ];
  private apart = false;

  /** @param folder of the project whose `node_modules` keeps bundles */
  constructor(folder: string | undefined) {
    this.store = folder === undefined ? undefined : Store.of(folder);
  }

  /**
   * @param entry absolute
   * @param companions that are likely to be asked for next, with the same settings: one call makes all
   * @throws esbuild's BuildFailure
   */
  bundle(entry: string, settings: BundleSettings, companions: () => readonly string[] = () => []): Bundle {
    const known = this.find(entry, settings);
    if (known !== undefined) return known;
    const key = this.keyOf(entry, settings);
    if (!this.made.has(key) && !this.apart) this.prepare([entry, ...companions()], settings);
    const made = this.made.get(key) ?? this.build([entry], settings)[0]!;
    this.bundles.set(key, made.bundle);
    this.keep(key, made);
    return made.bundle;
  }

  /**
   * Bundles several entries in one call, many times faster than one by one. Only a preparation: what fails here
   * fails again when it is requested.
   */
  prepare(entries: readonly string[], settings: BundleSettings): void {
    if (settings.plugins !== undefined) return;
    const missing = [...new Set(entries)].filter((entry) => this.find(entry, settings) === undefined);
    if (missing.length < 2) return;
    try {
      const all = this.build(missing, settings);
      all.forEach((made, index) => this.made.set(this.keyOf(missing[index]!, settings), made));
    } catch (error) {
      if (!(error instanceof EsbuildMissing)) messagesOf(error);
      // One of them is broken, and would break all that are made with it.
      this.apart = true;
    }
  }

  /** What is known already of an entry: from this program, or an earlier one. */
  private find(entry: string, settings: BundleSettings): Bundle | undefined {
    const key = this.keyOf(entry, settings);
    const found = this.bundles.get(key) ?? this.recall(key, settings);
    if (found !== undefined) this.bundles.set(key, found);
    return found;
  }

  private build(entries: readonly string[], settings: BundleSettings): readonly Made[] {
    const { project, plugins, options } = settings;
    const time = this.kept(settings) ? this.store?.now() : undefined;
    const alone = entries.length === 1;
    const outdir = join(project, '.bundle');
    // Alone or together, paths have the same depth. Files copied by a loader are next to the output of one entry only.
    const directories = entries.map((_, index) => join(outdir, String(index)));
    const built = runEsbuild(
      {
        ...options,
        entryPoints: entries.map((entry, index) => ({ in: entry, out: alone ? 'index' : `${index}/index` })),
        outdir: alone ? directories[0]! : outdir,
        absWorkingDir: project,
        bundle: true,
      },
      plugins,
    );
    if (!alone && built.outputFiles.some(({ path }) => !directories.includes(dirname(path))))
      throw Object.assign(new Error('files beside the outputs'), { errors: [] });
    return entries.map((entry, index) => {
      const own = built.outputFiles.filter(({ path }) => dirname(path) === directories[index]);
      const main = own.find(({ path }) => /^index\.\w*js$/.test(basename(path)))!;
      const output = built.metafile.outputs[slashed(relative(project, main.path))]!;
      const sources = sourcesOf(built.metafile, entry, project).flatMap(({ file = [] }) => file);
      const names = sources.map((file) => slashed(relative(project, file)));
      const bundle: Bundle = {
        files: new Map(own.map((file) => [basename(file.path), contentsOf(file)])),
        exports: output.exports,
        format: built.metafile.inputs[output.entryPoint ?? '']?.format,
        sources,
        required: output.imports
          .filter(({ kind, external }) => external === true && kind === 'require-call')
          .map(({ path }) => path),
        warnings: built.warnings.filter(({ location }) => !location || names.includes(location.file)),
      };
      const further = plugins === undefined ? [] : [plugins];
      const inputs = () =>
        time === undefined
          ? undefined
          : inputsOf(built.metafile, entry, project, { alias: options.alias ?? {}, further }, this.snapshot, time);
      return { bundle, inputs };
    });
  }

  private kept({ cache = true, plugins, pluginsKey }: BundleSettings): boolean {
    return (
      cache &&
      this.version !== undefined &&
      this.store !== undefined &&
      (plugins === undefined || pluginsKey !== undefined)
    );
  }

  /** Everything that determines a bundle besides its files. */
  private keyOf(entry: string, { project, options, plugins, pluginsKey }: BundleSettings): string {
    return JSON.stringify([FORMAT, this.tools, entry, project, options, plugins, pluginsKey]);
  }

  private keep(key: string, { bundle, inputs }: Made): void {
    const found = inputs();
    if (found === undefined) return;
    const files = Object.fromEntries(
      [...bundle.files].map(([name, contents]) => [name, Buffer.from(contents).toString('base64')]),
    );
    this.store?.set(key, { inputs: found, bundle: { ...bundle, files } });
  }

  private recall(key: string, settings: BundleSettings): Bundle | undefined {
    if (!this.kept(settings)) return undefined;
    const entry = this.store?.get(key) as Entry | undefined;
    if (entry === undefined || !areUnchanged(entry.inputs, this.snapshot)) return undefined;
    const files = Object.entries(entry.bundle.files);
    return { ...entry.bundle, files: new Map(files.map(([name, text]) => [name, Buffer.from(text, 'base64')])) };
  }
}

/** A bundle in the store. */
interface Entry {
  readonly inputs: Inputs;
  readonly bundle: Omit<Bundle, 'files'> & { readonly files: Readonly<Record<string, string>> };
}

/** Of an entry in the store: another number makes all earlier ones unknown. */
const FORMAT = 1;

/** Stack traces should name `src/place-order.ts`, wherever this process pretended to put the bundle. */
function contentsOf(file: OutputFile): Uint8Array {
  if (!file.path.endsWith('.map')) return file.contents;
  const map = JSON.parse(file.text) as { sources: string[] };
  return Buffer.from(JSON.stringify({ ...map, sources: map.sources.map((source) => source.replace('../../', '')) }));
}

/** The directory of the nearest package.json above a directory, which moves as a whole; the directory itself if there is none. */
export function projectOf(directory: string): string {
  for (let parent = directory; ; parent = dirname(parent)) {
    if (existsSync(join(parent, 'package.json'))) return parent;
    if (parent === dirname(parent)) return directory;
  }
}

/** A path as esbuild writes it. */
function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}
