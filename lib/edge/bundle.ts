import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import type * as esbuild from 'esbuild';
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

/** A handler with everything it imports. */
export interface Bundle {
  /** The main module. */
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
 */
export function bundle(name: string, entry: string): Bundle {
  if (!hasBundler()) return failed(["the package 'esbuild' is not installed: npm install --save-dev esbuild"]);
  if (!entry) return failed(['name the path of its module, relative to the working directory']);
  if (!existsSync(entry)) return failed([`there is no file '${entry}' in ${process.cwd()}`]);
  const root = path.posix.join('.lintel', derivedName(name));
  const result = build({ entryPoints: { index: entry }, outdir: path.posix.join(root, 'content') });
  if (!('outputFiles' in result)) return failed(result.map(describe));
  const { exports = [] } = Object.values(result.metafile.outputs).find(({ entryPoint }) => entryPoint !== undefined)!;
  const outputs = result.outputFiles.map(({ path: file, contents, text }) => {
    const part = path.basename(file);
    return { part, contents: part === 'index.js' && !exports.includes('default') ? withDefault(text) : contents };
  });
  // By content, so that programs that run at the same time never change each other's files.
  const directory = path.posix.join(root, hash(...outputs.map(({ contents }) => contents)).slice(0, 16));
  const files = outputs.map(({ part, contents }) => write(path.posix.join(directory, part), contents));
  return {
    main: files.find((file) => file.name === 'index.js')!,
    files: files.filter((file) => file.name !== 'index.js'),
    exports,
    errors: [],
  };
}

/** A Worker that only holds classes has a default export all the same: the runtime takes it for the Worker's handlers. */
function withDefault(code: string): Uint8Array {
  return Buffer.from(code.replace(/(?=\/\/# sourceMappingURL)/, 'export default {};\n'));
}

type Built = esbuild.BuildResult<{ metafile: true; write: false }>;

function build(where: esbuild.BuildOptions): Built | readonly esbuild.Message[] {
  const options = {
    ...where,
    absWorkingDir: process.cwd(),
    write: false,
    metafile: true,
    bundle: true,
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
    logLevel: 'silent',
  } as const satisfies esbuild.BuildOptions;
  const { buildSync }: typeof esbuild = require('esbuild');
  try {
    const built = buildSync(options);
    const requires = Object.values(built.metafile.outputs)
      .flatMap(({ imports }) => imports)
      .some(({ kind, external }) => kind === 'require-call' && external);
    return requires ? buildSync({ ...options, banner: { js: REQUIRE } }) : built;
  } catch (error) {
    if (isBuildFailure(error)) return error.errors;
    throw error;
  }
}

function hasBundler(): boolean {
  try {
    require.resolve('esbuild');
    return true;
  } catch {
    return false;
  }
}

function isBuildFailure(error: unknown): error is esbuild.BuildFailure {
  return typeof error === 'object' && error !== null && 'errors' in error && Array.isArray(error.errors);
}

function describe({ text, location }: esbuild.Message): string {
  return location ? `${location.file}:${location.line}:${location.column + 1}: ${text}` : text;
}

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
