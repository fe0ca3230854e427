import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { type Bundle as Bundled, Bundler, type BundleSettings, projectOf } from '../core/bundle/bundler';
import { findEntry, shown } from '../core/bundle/entry';
import { EsbuildMissing, messagesOf } from '../core/bundle/esbuild';
import { inWords } from '../core/bundle/problems';
import { derivedName } from './physical-name';
/** A module or map that is uploaded beside the main module. */
export interface BundledFile {
  /** Its name in the upload, by which the main module imports it. */
  readonly name: string;
  /** Its path, relative to the working directory. */
  readonly file: string;
  /** Hash of its content, hexadecimal. */
  readonly sha256: string;
  /** Its media type, which tells the runtime what kind of module it is. */
  readonly contentType: string;
}

/** A module of ours that stands around a handler, which it imports as `lintel-handler`. */
export interface Around {
  /** Absolute. */
  readonly module: string;
  /** What it knows, by names that stand for the values. */
  readonly define: Readonly<Record<string, unknown>>;
}

/** A handler with everything it imports. */
export interface Bundle {
  readonly main: BundledFile;
  /** The source map, WebAssembly and data modules. */
  readonly files: readonly BundledFile[];
  /** The names that the handler exports. */
  readonly exports: readonly string[];
  /** What went wrong, with file and line; nothing else holds then. */
  readonly errors: readonly string[];
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.js': 'application/javascript+module',
  '.map': 'application/source-map',
  '.wasm': 'application/wasm',
  '.bin': 'application/octet-stream',
};

/** Node's modules are part of the runtime, under their `node:` names only. */
const NODE_MODULES = Object.fromEntries(
  builtinModules.filter((name) => !/^_|:/.test(name)).map((name) => [name, `node:${name}`]),
);

/** A CommonJS dependency requires what the runtime only lets a module import. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire('/');";

/**
 * Bundles a handler for the Workers runtime, in process and without a clock or a random name: the same sources give the
 * same bytes. WebAssembly (`.wasm`) and data (`.bin`) stay modules of their own; `.sql`, `.txt` and `.html` become text.
 * @param name the name of the component; its files are kept under `.lintel/`
 * @param entry path of the handler, relative to the working directory
 * @param around what stands around it; it exports what the handler exports
 */
export function bundle(name: string, entry: string, around?: Around): Bundle {
  if (!entry) return failed(['name the path of its module, relative to the working directory']);
  const { file, candidates, ambiguous } = findEntry(entry);
  if (ambiguous) return failed([`write which one: there is ${candidates.map((it) => `'${shown(it)}'`).join(' and ')}`]);
  if (file === undefined) return failed([`there is no file '${entry}' in ${process.cwd()}`]);
  const project = projectOf(path.dirname(realpathSync(file)));
  try {
    return written(name, bundled(realpathSync(file), project, around));
  } catch (error) {
    if (error instanceof EsbuildMissing)
      return failed(["the package 'esbuild' is not installed: npm install --save-dev esbuild"]);
    return failed(messagesOf(error).map((message) => inWords(message, project)));
  }
}

function bundled(file: string, project: string, around?: Around): Bundled {
  const cache = new pulumi.Config('lintel').getBoolean('bundleCache') ?? true;
  const bundler = new Bundler(cache ? projectOf(process.cwd()) : undefined);
  const values = Object.entries(around?.define ?? {}).map(([key, value]) => [key, JSON.stringify(value)] as const);
  const options = {
    ...OPTIONS,
    alias: { ...OPTIONS.alias, ...(around && { 'lintel-handler': file }) },
    define: { ...OPTIONS.define, ...Object.fromEntries(values) },
  };
  const entry = around ? realpathSync(around.module) : file;
  const first = bundler.bundle(entry, { project, options });
  if (first.required.length === 0) return first;
  return bundler.bundle(entry, { project, options: { ...options, banner: { js: REQUIRE } } });
}

function written(name: string, { files, exports }: Bundled): Bundle {
  const outputs = [...files].map(([part, contents]) => ({
    part,
    contents: part === 'index.js' && !exports.includes('default') ? withDefault(contents) : contents,
  }));
  // By content, so that programs that run at the same time never change each other's files.
  const content = hash(...outputs.map(({ contents }) => contents)).slice(0, 16);
  const directory = path.posix.join('.lintel', derivedName(name), content);
  const parts = outputs.map(({ part, contents }) => write(path.posix.join(directory, part), contents));
  return {
    main: parts.find((part) => part.name === 'index.js')!,
    files: parts.filter((part) => part.name !== 'index.js'),
    exports,
    errors: [],
  };
}

/** A Worker that only holds classes has a default export all the same: the runtime takes it for the Worker's handlers. */
function withDefault(code: Uint8Array): Uint8Array {
  return Buffer.from(
    Buffer.from(code)
      .toString('utf8')
      .replace(/(?=\/\/# sourceMappingURL)/, 'export default {};\n'),
  );
}

const OPTIONS: BundleSettings['options'] = {
  format: 'esm',
  target: 'es2022',
  platform: 'browser',
  mainFields: ['module', 'main'],
  conditions: ['workerd', 'worker', 'browser'],
  external: ['node:*', 'cloudflare:*'],
  alias: NODE_MODULES,
  define: { 'process.env.NODE_ENV': '"production"' },
  loader: { '.wasm': 'copy', '.bin': 'copy', '.sql': 'text', '.txt': 'text', '.html': 'text' },
  assetNames: '[name]-[hash]',
  keepNames: true,
  sourcemap: 'linked',
  jsx: 'automatic',
};

function hash(...contents: readonly Uint8Array[]): string {
  const all = createHash('sha256');
  for (const content of contents) all.update(content);
  return all.digest('hex');
}

/** Writes a file unless it holds the content already, in one step: programs of one project may run at once. */
function write(file: string, contents: Uint8Array): BundledFile {
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
    contentType: CONTENT_TYPES[path.extname(file)]!,
  };
}

function failed(errors: readonly string[]): Bundle {
  return { main: { name: '', file: '', sha256: '', contentType: '' }, files: [], exports: [], errors };
}
