import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Annotations, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { type Bundle, Bundler, type BundleSettings, projectOf } from '../core/bundle/bundler';
import { findEntry } from '../core/bundle/entry';
import { EsbuildMissing } from '../core/bundle/esbuild';
import { inWords } from '../core/bundle/problems';
import { cacheFolder } from '../core/bundle/store';
import { check } from '../core/check/check';
import { PatternError } from '../core/errors';
import { checkDecorators, checkExport, checkWarnings, exportsOf, failuresOf } from './bundle-findings';
import { companionsOf } from './companions';
import { installedModules } from './node-modules/install';
import type { Platform } from './node-modules/lock-file';
import { StagedCode } from './staged-code';

/** How a handler is bundled. */
export interface BundlingOptions {
  /**
   * Modules to leave out of the bundle, in addition to the AWS SDK for JavaScript v3, which the runtime includes.
   * @default - none
   */
  readonly external?: readonly string[];
  /**
   * Module format. ES modules may await at the top level; CommonJS suits every tool that patches `require`.
   * @default 'cjs'
   */
  readonly format?: 'cjs' | 'esm';
  /**
   * Replacements for modules, by the name they are imported under.
   * @default - none
   */
  readonly alias?: Readonly<Record<string, string>>;
  /**
   * How to load files other than code, by extension: `{ '.sql': 'text' }`.
   * @default - esbuild's: JSON, text files as text
   * @see https://esbuild.github.io/content-types/
   */
  readonly loader?: Readonly<
    Record<string, 'text' | 'json' | 'binary' | 'base64' | 'dataurl' | 'file' | 'copy' | 'empty'>
  >;
  /**
   * Names in the code to replace by a JavaScript expression: `{ BUILD: '"2026-11"' }`. They become part of the
   * code: no place for a secret.
   * @default - none
   */
  readonly define?: Readonly<Record<string, string>>;
  /**
   * Whether to bundle the AWS SDK, to pin its version; adds 100 KB to 1 MB to the code.
   * @default false - the runtime's is used
   */
  readonly sdk?: boolean;
  /**
   * Packages installed next to the bundle, for the function's architecture, at the versions in the project's `package-lock.json`:
   * for native modules, or packages that read their own files at run time. Needs npm, and registry access once.
   * @default - none: everything is bundled
   */
  readonly nodeModules?: readonly string[];
  /**
   * Path of a JavaScript module whose default export is a list of esbuild plugins. They run in a separate process.
   * @default - none
   * @see https://esbuild.github.io/plugins/
   */
  readonly plugins?: string;
  /**
   * What the result of `plugins` depends on besides their module and the bundled modules: changing it rebundles.
   * @default - a bundle made with plugins is not cached for the next synthesis
   */
  readonly pluginsKey?: string;
}

/** A handler to bundle. */
export interface BundleRequest {
  /** Path of the handler's module, relative to the working directory. */
  readonly entry: string;
  /**
   * How to bundle it.
   * @default - CommonJS, only the AWS SDK external
   */
  readonly bundling?: BundlingOptions | undefined;
  /**
   * File and export that Lambda calls.
   * @default 'index.handler'
   */
  readonly handler?: string | undefined;
  /**
   * Architecture of the function.
   * @default Architecture.ARM_64
   */
  readonly architecture?: lambda.Architecture | undefined;
  /**
   * Files next to the bundle, by their paths in it.
   * @default - none
   */
  readonly files?: ReadonlyMap<string, Uint8Array> | undefined;
  /**
   * JavaScript to prepend to the bundle; must be self-contained.
   * @default - none
   */
  readonly prelude?: string | undefined;
}

/** A new app reads the files anew, so that `cdk watch` sees changed sources. */
const bundlers = new WeakMap<IConstruct, Bundler>();

/** The runtime includes the AWS SDK v3, with its core; newer Smithy packages come with it. */
const IN_RUNTIME = ['@aws-sdk/*', '@smithy/*'];

/** Globals that CommonJS packages inside an ES module still expect, and the language does not provide. */
const COMMONJS =
  `import{createRequire as lintelRequire}from'node:module';globalThis.require??=lintelRequire(import.meta.url);` +
  `const lintelFile=import.meta.filename,lintelDirectory=import.meta.dirname;`;
const COMMONJS_NAMES = { __filename: 'lintelFile', __dirname: 'lintelDirectory' };

/**
 * A handler's module and its imports, bundled in-process by esbuild and staged as an asset. The asset's hash is
 * the bundle's, and the bundle contains no absolute paths: unchanged sources give the same hash on any machine and
 * from any working directory.
 * @param scope where the function will be
 * @param path the function's construct path, for errors
 * @throws PatternError with esbuild's messages when a module is broken, or when esbuild is not installed
 */
export function bundledCode(scope: IConstruct, path: string, request: BundleRequest): lambda.Code {
  // The CLI may request only some stacks (`cdk ls`, `cdk destroy`): the others are not deployed from this synthesis.
  if (!Stack.of(scope).bundlingRequired) return lambda.Code.fromInline('// not bundled: this stack is not deployed');
  const { entry, bundling = {}, handler = 'index.handler', prelude = '' } = request;
  const file = realpathSync(findEntry(entry).file!);
  const settings = settingsOf(file, bundling, prelude);
  const bundle = orRefused(path, entry, settings.project, () =>
    bundlerOf(scope, path).bundle(file, settings, () =>
      // Other handlers may have other preludes.
      prelude === '' ? companionsOf(file, handler, bundling) : [],
    ),
  );
  checkWarnings(path, entry, settings.project, bundle);
  checkDecorators(scope, path, entry, file, bundle);
  checkExport(path, request, exportsOf(bundle, bundling.format), file);
  for (const warning of bundle.warnings)
    Annotations.of(scope).addWarningV2('lintel:bundle', `${inWords(warning, settings.project)} (${path})`);
  const { nodeModules = [] } = bundling;
  const recipe = { entry: file, settings };
  const files = new Map([...bundle.files, ...(request.files ?? [])]);
  if (nodeModules.length === 0) return new StagedCode(files, recipe);
  const { project } = settings;
  const cache = join(cacheFolder(projectOf(process.cwd())), 'modules');
  return new StagedCode(
    files,
    recipe,
    installedModules(path, nodeModules, project, platformOf(request.architecture), cache),
  );
}

/** Bundles many handlers at once, several times as fast as one by one. Errors surface when each is bundled individually. */
export function bundleTogether(scope: IConstruct, requests: readonly BundleRequest[]): void {
  if (!Stack.of(scope).bundlingRequired) return;
  const groups = new Map<string, { readonly settings: BundleSettings; readonly files: string[] }>();
  for (const { entry, bundling = {}, prelude } of requests) {
    const { file } = findEntry(entry);
    if (file === undefined) continue;
    const real = realpathSync(file);
    const settings = settingsOf(real, bundling, prelude);
    const group = groups.get(JSON.stringify(settings)) ?? { settings, files: [] };
    groups.set(JSON.stringify(settings), { settings, files: [...group.files, real] });
  }
  for (const { settings, files } of groups.values()) bundlerOf(scope, scope.node.path).prepare(files, settings);
}

function orRefused(path: string, entry: string, project: string, make: () => Bundle): Bundle {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof EsbuildMissing)) throw new PatternError(path, failuresOf(error, entry, project));
    const message = `'entry' must be bundled by esbuild, which is not installed, got '${entry}'; run 'npm install --save-dev esbuild', or give 'code' and 'handler'`;
    throw new PatternError(path, [{ prop: 'entry', message }]);
  }
}

function settingsOf(file: string, bundling: BundlingOptions, prelude = ''): BundleSettings {
  const { format = 'cjs', external = [], alias, loader, define, sdk = false, nodeModules = [] } = bundling;
  const banner = [...(format === 'esm' ? [COMMONJS] : []), prelude].filter(Boolean).join('\n');
  return {
    project: projectOf(dirname(file)),
    options: {
      outExtension: { '.js': format === 'esm' ? '.mjs' : '.js' },
      platform: 'node',
      target: 'node24',
      format,
      ...(banner !== '' && { banner: { js: banner } }),
      define: { ...(format === 'esm' && COMMONJS_NAMES), ...define },
      loader: { ...loader },
      external: [...(sdk ? [] : IN_RUNTIME), ...external, ...nodeModules],
      alias: { ...alias },
      // Smaller code starts faster. Names are kept for stack traces and `constructor.name`.
      minifySyntax: true,
      minifyWhitespace: true,
      sourcemap: true,
      sourcesContent: false,
    },
    plugins: bundling.plugins === undefined ? undefined : findEntry(bundling.plugins).file,
    pluginsKey: bundling.pluginsKey,
  };
}

function platformOf(architecture: lambda.Architecture = lambda.Architecture.ARM_64): Platform {
  return { os: 'linux', cpu: architecture.name === 'x86_64' ? 'x64' : 'arm64', libc: 'glibc' };
}

function bundlerOf({ node }: IConstruct, path: string): Bundler {
  const known = bundlers.get(node.root);
  if (known !== undefined) return known;
  const bundler = new Bundler(isCacheOn(node.tryGetContext(CACHE), path) ? projectOf(process.cwd()) : undefined);
  bundlers.set(node.root, bundler);
  return bundler;
}

/** The context key that disables the cache: `cdk synth -c lintel:bundleCache=false`. */
const CACHE = 'lintel:bundleCache';

function isCacheOn(context: unknown, path: string): boolean {
  const value = String(context ?? true);
  check(path, [
    {
      prop: CACHE,
      value: context,
      valid: () => ['true', 'false'].includes(value),
      rule: 'in the context must be true or false',
      remedy: 'remove it, or set it to false to rebundle everything',
    },
  ]);
  return value === 'true';
}
