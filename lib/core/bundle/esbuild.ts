import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type * as esbuild from 'esbuild';

/** What esbuild made of some entries. */
export type Built = esbuild.BuildResult<Record<'metafile', true> & Record<'write', false>>;

/** esbuild is an optional peer, and not there. */
export class EsbuildMissing extends Error {}

/** The version of esbuild; undefined if it is not installed. Starts no process. */
export function esbuildVersion(): string | undefined {
  return load()?.version;
}

/**
 * Runs esbuild in its service, or in a process of its own where plugins have to run: esbuild runs them asynchronously, and
 * a construct cannot wait.
 * @param plugins path of a module whose default export is a list of plugins
 * @throws esbuild's BuildFailure; EsbuildMissing where it is not installed
 */
export function runEsbuild(options: esbuild.BuildOptions, plugins?: string): Built {
  const bundler = load();
  if (bundler === undefined) throw new EsbuildMissing();
  const all = { ...options, write: false, metafile: true, logLevel: 'silent' } as const;
  return withFewCollections(() => (plugins === undefined ? bundler.buildSync(all) : withPlugins(all, plugins)));
}

/**
 * esbuild's process collects garbage less often than it would, which takes a third of its CPU time, and half of the
 * clock's on a busy machine, where each collection waits for its threads. esbuild's own command never collects.
 * The process inherits the variable when it starts.
 * @see https://pkg.go.dev/runtime/debug#SetGCPercent
 */
function withFewCollections<T>(build: () => T): T {
  if (process.env.GOGC !== undefined) return build();
  process.env.GOGC = '400';
  try {
    return build();
  } finally {
    delete process.env.GOGC;
  }
}

/** TypeScript as a CommonJS module. @throws EsbuildMissing where esbuild is not installed */
export function esbuildTransform(source: string): string {
  const bundler = load();
  if (bundler === undefined) throw new EsbuildMissing();
  return bundler.transformSync(source, { loader: 'ts', format: 'cjs' }).code;
}

/** The messages of a failed build. @throws the error if it is another one */
export function messagesOf(error: unknown): readonly esbuild.Message[] {
  if (typeof error === 'object' && error !== null && 'errors' in error && Array.isArray(error.errors))
    return error.errors as esbuild.Message[];
  throw error;
}

function load(): typeof esbuild | undefined {
  try {
    return require('esbuild') as typeof esbuild;
  } catch {
    return undefined;
  }
}

/** A file as text. */
interface OutputFile {
  /** Absolute. */
  readonly path: string;
  readonly base64: string;
}

/** What the process with the plugins answers. */
type Answer =
  | { readonly errors: readonly esbuild.Message[] }
  | (Omit<Built, 'outputFiles'> & { readonly outputFiles: readonly OutputFile[] });

function withPlugins(options: esbuild.BuildOptions, plugins: string): Built {
  const answer = JSON.parse(
    execFileSync(process.execPath, [join(__dirname, 'build-with-plugins.js')], {
      input: JSON.stringify({ options, plugins, esbuild: require.resolve('esbuild') }),
      encoding: 'utf8',
      maxBuffer: MOST,
      // What plugins print is for the user; the answer comes through a channel of its own.
      stdio: ['pipe', 'pipe', 'inherit'],
    }),
  ) as Answer;
  if (!('outputFiles' in answer)) throw Object.assign(new Error('the build failed'), { errors: answer.errors });
  const outputFiles = answer.outputFiles.map(({ path, base64 }) => {
    const contents = Buffer.from(base64, 'base64');
    return { path, contents, text: contents.toString('utf8'), hash: '' };
  });
  return { ...answer, outputFiles };
}

/** Bytes that a bundle with its map may have: more than any function may be. */
const MOST = 2 ** 30;
