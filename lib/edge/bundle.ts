import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import type { Message } from 'esbuild';
import { type Bundle as Bundled, Bundler, projectOf } from '../core/bundle/bundler';
import { findEntry, shown } from '../core/bundle/entry';
import { EsbuildMissing, messagesOf } from '../core/bundle/esbuild';
import { inWords } from '../core/bundle/problems';
import { bundleWorker, OPEN_IMPORT, WORKER_OPTIONS } from '../core/bundle/worker';
import { basesOf, handlersOf } from './handlers-of';
import { derivedName } from './physical-name';

/** A module or source map uploaded alongside the main module. */
export interface BundledFile {
  /** Its name in the upload, under which the main module imports it. */
  readonly name: string;
  /** Its path, relative to the working directory. */
  readonly file: string;
  /** SHA-256 of its content, hexadecimal. */
  readonly sha256: string;
  /** Its media type, which tells the runtime the kind of module. */
  readonly contentType: string;
}

/** How a Worker imports a file that is not code. */
export type ModuleKind = 'text' | 'data' | 'wasm';

/** How a handler is bundled. */
export interface BundleArgs {
  /** Kinds of further files, by suffix: `{ '.md': 'text' }`. */
  readonly modules?: Readonly<Record<string, ModuleKind>>;
  /** A wrapper around the handler; exports what the handler exports. */
  readonly around?: Around;
}

/** One of our modules that wraps a handler, which it imports as `lintel-handler`. */
export interface Around {
  /** Absolute path. */
  readonly module: string;
  /** Values to inject, by name. */
  readonly define: Readonly<Record<string, unknown>>;
}

/** A handler with everything it imports. */
export interface Bundle {
  readonly main: BundledFile;
  /** Source map, WebAssembly and data modules. */
  readonly files: readonly BundledFile[];
  /** The names that the handler exports. */
  readonly exports: readonly string[];
  /** The handlers of its default export; undefined if the code does not reveal them. */
  readonly handlers?: readonly string[];
  /** Base class of each exported class, as far as the code reveals it: see `basesOf`. */
  readonly bases: Readonly<Record<string, string | undefined>>;
  /** Errors, with file and line; if there are any, ignore the rest. */
  readonly errors: readonly string[];
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.js': 'application/javascript+module',
  '.map': 'application/source-map',
  '.wasm': 'application/wasm',
  '.bin': 'application/octet-stream',
  '.data': 'application/octet-stream',
};

/**
 * Bundles a handler for the Workers runtime, in-process and without clock or random names: the same sources give the
 * same bytes. As with wrangler, WebAssembly (`.wasm`, `.wasm?module`) and data (`.bin`) remain separate modules; `.sql`, `.txt`
 * and `.html` become text. An `import()` of a path known only at run time is refused, since nothing would be uploaded for it.
 * @param name the component's name; its files are kept under `.lintel/`
 * @param entry path of the handler, relative to the working directory
 * @see https://developers.cloudflare.com/workers/wrangler/bundling/
 */
export function bundle(name: string, entry: string, args: BundleArgs = {}): Bundle {
  if (!entry) return failed(['name the path of its module, relative to the working directory']);
  const { file, candidates, ambiguous } = findEntry(entry);
  if (ambiguous) return failed([`specify which: there is ${candidates.map((it) => `'${shown(it)}'`).join(' and ')}`]);
  if (file === undefined) return failed([`there is no file '${entry}' in ${process.cwd()}`]);
  if (!CODE.test(file)) return failed([`'${shown(file)}' is not code: name a '.ts' or '.js' module`]);
  const project = projectOf(path.dirname(realpathSync(file)));
  try {
    const made = bundled(realpathSync(file), project, args);
    const open = made.warnings.filter(
      ({ id, location }) => id === OPEN_IMPORT && !isPackage(location?.file) && !isMeant(location, project),
    );
    if (open.length > 0) return failed(open.map((warning) => inWords({ ...warning, text: OPEN_IMPORT_SAYS }, project)));
    return written(name, made, args.modules);
  } catch (error) {
    if (error instanceof EsbuildMissing)
      return failed(["the package 'esbuild' is not installed: npm install --save-dev esbuild"]);
    return failed(messagesOf(error).map((message) => inWords(message, project).replace(NO_LOADER, NO_LOADER_SAYS)));
  }
}

/** Files that esbuild treats as modules with exports. */
const CODE = /\.[cm]?[jt]sx?$/;

const OPEN_IMPORT_SAYS =
  'nothing is uploaded for an import() of a path known only at run time; write the path, or a template that starts with a folder: import(`./pages/${name}.ts`)';
const NO_LOADER = /No loader is configured for "(\.\w+)" files: (.*)/;
const NO_LOADER_SAYS = `'$2' is not code; say what it is in 'modules': { '$1': 'text' }, or 'data', or 'wasm'`;

/** Packages may import optional modules. */
function isPackage(file: string | undefined): boolean {
  return file === undefined || /(^|\/)node_modules\//.test(file);
}

/**
 * Whether an import() is marked as deliberate for run time, in Vite's or webpack's syntax. Code that an
 * earlier build has already bundled counts as well.
 */
function isMeant(location: Message['location'], project: string): boolean {
  if (!location) return false;
  const lines = readFileSync(path.resolve(project, location.file), 'utf8')
    .split('\n')
    .slice(location.line - 1);
  // The column is in bytes.
  const code = Buffer.from(lines.slice(0, 10).join('\n')).subarray(location.column).toString('utf8');
  const comments = /^import\s*\(((\s|\/\*[^]*?\*\/|\/\/.*\n)*)/.exec(code)?.[1] ?? '';
  return /@vite-ignore|webpackIgnore:\s*true/.test(comments);
}

function bundled(file: string, project: string, { modules = {}, around }: BundleArgs): Bundled {
  const cache = new pulumi.Config('lintel').getBoolean('bundleCache') ?? true;
  const bundler = new Bundler(cache ? projectOf(process.cwd()) : undefined);
  const values = Object.entries(around?.define ?? {}).map(([key, value]) => [key, JSON.stringify(value)] as const);
  const options = {
    ...WORKER_OPTIONS,
    alias: { ...WORKER_OPTIONS.alias, ...(around && { 'lintel-handler': file }) },
    define: { ...WORKER_OPTIONS.define, ...Object.fromEntries(values) },
    loader: {
      ...WORKER_OPTIONS.loader,
      ...Object.fromEntries(Object.entries(modules).map(([end, as]) => [end, LOADERS[as]])),
    },
  };
  const entry = around ? realpathSync(around.module) : file;
  return bundleWorker(bundler, entry, { project, options });
}

const LOADERS = { text: 'text', data: 'copy', wasm: 'copy' } as const;

function written(name: string, { files, exports }: Bundled, modules: BundleArgs['modules']): Bundle {
  // Named by content, so that concurrent programs never change each other's files.
  const content = hash(...files.values()).slice(0, 16);
  const directory = path.posix.join('.lintel', derivedName(name), content);
  const parts = [...files].map(([part, contents]) => write(path.posix.join(directory, part), contents, modules));
  const code = Buffer.from(files.get('index.js')!).toString('utf8');
  return {
    main: parts.find((part) => part.name === 'index.js')!,
    files: parts.filter((part) => part.name !== 'index.js'),
    exports,
    handlers: exports.includes('default') ? handlersOf(code) : undefined,
    bases: basesOf(code),
    errors: [],
  };
}

function hash(...contents: readonly Uint8Array[]): string {
  const all = createHash('sha256');
  for (const content of contents) all.update(content);
  return all.digest('hex');
}

/** Writes a file unless it already has this content, atomically: programs of one project may run concurrently. */
function write(file: string, contents: Uint8Array, modules: BundleArgs['modules'] = {}): BundledFile {
  if (!existsSync(file) || !readFileSync(file).equals(contents)) {
    mkdirSync(path.dirname(file), { recursive: true });
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, contents);
    renameSync(draft, file);
  }
  return {
    name: path.basename(file),
    file,
    sha256: hash(contents),
    contentType: CONTENT_TYPES[`.${modules[path.extname(file)] ?? ''}`] ?? CONTENT_TYPES[path.extname(file)]!,
  };
}

function failed(errors: readonly string[]): Bundle {
  return { main: { name: '', file: '', sha256: '', contentType: '' }, files: [], exports: [], bases: {}, errors };
}
