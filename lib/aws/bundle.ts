import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { Annotations, FileAssetPackaging, Stack, Stage } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { buildSync, OutputFile } from 'esbuild';
import type { IConstruct } from 'constructs';
import { PatternError } from '../core/errors';
import {
  type Built,
  checkDecorators,
  checkExport,
  checkWarnings,
  exportsOf,
  failuresOf,
  inputsOf,
  warningsOf,
} from './bundle-findings';

/** How a handler is bundled. */
export interface BundlingOptions {
  /**
   * Modules that stay outside of the bundle, besides the AWS SDK for JavaScript v3, which the runtime has.
   * @default - none
   */
  readonly external?: readonly string[];
  /**
   * Module format. ES modules may await at the top level; CommonJS suits every tool that patches `require`.
   * @default 'cjs'
   */
  readonly format?: 'cjs' | 'esm';
  /**
   * Modules that take the place of others, by the name under which those are imported.
   * @default - none
   */
  readonly alias?: Readonly<Record<string, string>>;
  /**
   * What becomes of files that are no code, by their extension: `{ '.sql': 'text' }`.
   * @default - esbuild's: JSON, text files as text
   * @see https://esbuild.github.io/content-types/
   */
  readonly loader?: Readonly<
    Record<string, 'text' | 'json' | 'binary' | 'base64' | 'dataurl' | 'file' | 'copy' | 'empty'>
  >;
  /**
   * Names in the code that stand for an expression, written as JavaScript: `{ BUILD: '"2026-11"' }`. They are part of the
   * code: no place for a secret.
   * @default - none
   */
  readonly define?: Readonly<Record<string, string>>;
  /**
   * Whether the AWS SDK is part of the bundle, for a version of one's own; it makes the code larger by 100 KB to 1 MB.
   * @default false - the runtime's is used
   */
  readonly sdk?: boolean;
}

/** A handler to bundle. */
export interface BundleRequest {
  /** Path of the handler's module, relative to the working directory. */
  readonly entry: string;
  /**
   * How to bundle it.
   * @default - CommonJS, only the AWS SDK external
   */
  readonly bundling?: BundlingOptions;
  /**
   * File and export that Lambda calls.
   * @default 'index.handler'
   */
  readonly handler?: string;
}

interface Bundle {
  readonly hash: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** What the entry exports; undefined where that shows only when it runs. */
  readonly exported?: readonly string[];
  /** What esbuild warned of. */
  readonly warnings: readonly string[];
}

/** Bundles of one app, by entry and options. A new app starts anew, so that `cdk watch` sees changed sources. */
const bundlesOf = new WeakMap<IConstruct, Map<string, Bundle>>();

/** The runtime has the AWS SDK v3, with its core; newer Smithy packages come with it. */
const IN_RUNTIME = ['@aws-sdk/*', '@smithy/*'];

/** What CommonJS packages inside of an ES module still ask for, and the language does not give them. */
const COMMONJS =
  `import{createRequire as lintelRequire}from'node:module';globalThis.require??=lintelRequire(import.meta.url);` +
  `const lintelFile=import.meta.filename,lintelDirectory=import.meta.dirname;`;
const COMMONJS_NAMES = { __filename: 'lintelFile', __dirname: 'lintelDirectory' };

/**
 * A handler's module and what it imports, bundled in this process by esbuild and staged as an asset. The asset's hash is
 * that of the bundle, and the bundle holds no absolute path: unchanged sources give an unchanged hash on any machine and
 * from any working directory.
 * @param scope where the function will be
 * @param path the function's construct path, for errors
 * @throws PatternError with esbuild's messages when a module is broken, or when esbuild is not installed
 */
export function bundledCode(scope: IConstruct, path: string, request: BundleRequest): lambda.Code {
  // The CLI asks for some stacks only (`cdk ls`, `cdk destroy`): the others are never deployed from this synthesis.
  if (!Stack.of(scope).bundlingRequired) return lambda.Code.fromInline('// not bundled: this stack is not deployed');
  const bundles = cacheOf(scope);
  if (!bundles.has(keyOf(request))) build(path, [request], bundles);
  const bundle = bundles.get(keyOf(request))!;
  checkExport(path, request, bundle.exported);
  for (const text of bundle.warnings) Annotations.of(scope).addWarningV2('lintel:bundle', `${text} (${path})`);
  return new StagedCode(bundle);
}

/**
 * Bundles many handlers in one go, several times as fast as one after the other. Only a preparation: what fails here
 * fails again, with the right construct path, when its function is made.
 */
export function bundleTogether(scope: IConstruct, requests: readonly BundleRequest[]): void {
  if (!Stack.of(scope).bundlingRequired) return;
  const bundles = cacheOf(scope);
  const missing = new Map(requests.map((request) => [keyOf(request), request]));
  const groups = new Map<string, BundleRequest[]>();
  for (const [key, request] of missing) {
    if (bundles.has(key) || !existsSync(resolve(request.entry))) continue;
    const group = JSON.stringify([projectOf(request.entry), request.bundling]);
    groups.set(group, [...(groups.get(group) ?? []), request]);
  }
  for (const group of groups.values()) {
    try {
      build(scope.node.path, group, bundles);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
    }
  }
}

function cacheOf(scope: IConstruct): Map<string, Bundle> {
  const { root } = scope.node;
  const bundles = bundlesOf.get(root) ?? new Map<string, Bundle>();
  bundlesOf.set(root, bundles);
  return bundles;
}

function keyOf({ entry, bundling }: BundleRequest): string {
  const { format, external, alias, loader, define, sdk } = bundling ?? {};
  return JSON.stringify([resolve(entry), format, external, alias, loader, define, sdk]);
}

/** Bundles entries of one project with the same options. */
function build(path: string, requests: readonly BundleRequest[], bundles: Map<string, Bundle>): void {
  const esbuild = loadEsbuild(path, requests[0]!.entry);
  const { format = 'cjs', external = [], alias, loader, define, sdk = false } = requests[0]!.bundling ?? {};
  const project = projectOf(requests[0]!.entry);
  const outdir = join(project, '.bundle');
  const extension = format === 'esm' ? '.mjs' : '.js';
  let result: Built;
  try {
    result = esbuild.buildSync({
      // A number names the directory of each output: paths in the source map have the same depth in any company.
      entryPoints: requests.map(({ entry }, index) => ({ in: realpathSync(entry), out: `${index}/index` })),
      // Paths in the output are relative to the project's package, wherever it is checked out or built from.
      absWorkingDir: project,
      outdir,
      outExtension: { '.js': extension },
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      target: 'node24',
      format,
      banner: format === 'esm' ? { js: COMMONJS } : undefined,
      define: { ...(format === 'esm' && COMMONJS_NAMES), ...define },
      loader: { ...loader },
      external: [...(sdk ? [] : IN_RUNTIME), ...external],
      alias: { ...alias },
      // Smaller code starts faster. Names stay: stack traces and `constructor.name` keep their meaning.
      minifySyntax: true,
      minifyWhitespace: true,
      sourcemap: true,
      sourcesContent: false,
      logLevel: 'silent',
    });
  } catch (error) {
    throw new PatternError(path, failuresOf(error, project, requests));
  }
  checkWarnings(path, project, requests, result);
  requests.forEach((request, index) => {
    const directory = join(outdir, String(index));
    const output = relative(project, join(directory, `index${extension}`));
    checkDecorators(path, request.entry, project, inputsOf(result, output));
    const own = result.outputFiles.filter((file) => dirname(file.path) === directory);
    const files = new Map(own.map((file) => [basename(file.path), contentsOf(file)]));
    const exported = exportsOf(result, output, format);
    bundles.set(keyOf(request), { ...bundleOf(files), exported, warnings: warningsOf(result, output, project) });
  });
}

/** Stack traces should name `src/place-order.ts`, wherever this process pretended to put the bundle. */
function contentsOf({ path, contents, text }: OutputFile): Uint8Array {
  if (!path.endsWith('.map')) return contents;
  const map = JSON.parse(text) as { sources: string[] };
  return Buffer.from(JSON.stringify({ ...map, sources: map.sources.map((source) => source.replace('../../', '')) }));
}

function bundleOf(files: ReadonlyMap<string, Uint8Array>): Pick<Bundle, 'hash' | 'files'> {
  const hash = createHash('sha256');
  for (const [name, contents] of [...files].sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`${name}\0`).update(contents);
  return { hash: hash.digest('hex'), files };
}

/** The directory of the nearest package.json above a module: what moves together with it. */
function projectOf(entry: string): string {
  const start = dirname(realpathSync(entry));
  for (let directory = start; ; directory = dirname(directory)) {
    if (existsSync(join(directory, 'package.json'))) return directory;
    if (directory === dirname(directory)) return start;
  }
}

function loadEsbuild(path: string, entry: string): { readonly buildSync: typeof buildSync } {
  try {
    return require('esbuild') as { buildSync: typeof buildSync };
  } catch {
    const message = `'entry' must be bundled by esbuild, which is not installed, got '${entry}'; run 'npm install --save-dev esbuild', or give 'code' and 'handler'`;
    throw new PatternError(path, [{ prop: 'entry', message }]);
  }
}

/** A bundle as an asset of the cloud assembly. */
class StagedCode extends lambda.Code {
  readonly isInline = false;

  constructor(private readonly bundle: Bundle) {
    super();
  }

  bind(scope: IConstruct): lambda.CodeConfig {
    const { hash, files } = this.bundle;
    const stage = Stage.of(scope)!;
    const directory = join(stage.assetOutdir, `asset.${hash}`);
    if (!existsSync(directory)) {
      mkdirSync(directory, { recursive: true });
      for (const [name, contents] of files) writeFileSync(join(directory, name), contents);
    }
    const { bucketName, objectKey } = Stack.of(scope).synthesizer.addFileAsset({
      sourceHash: hash,
      fileName: relative(stage.outdir, directory),
      packaging: FileAssetPackaging.ZIP_DIRECTORY,
      deployTime: true,
      displayName: `${scope.node.path} code`,
    });
    return { s3Location: { bucketName, objectKey } };
  }
}
