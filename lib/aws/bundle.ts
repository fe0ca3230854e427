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
  /**
   * Packages that are installed beside the bundle, for the function's architecture, as the project's `package-lock.json` has
   * them: those with native modules, or with files that they read when they run. They need npm, and the registry once.
   * @default - none: everything is part of the bundle
   */
  readonly nodeModules?: readonly string[];
  /**
   * Path of a JavaScript module whose default export is a list of esbuild plugins. They run in a process of their own.
   * @default - none
   * @see https://esbuild.github.io/plugins/
   */
  readonly plugins?: string;
  /**
   * What the work of `plugins` depends on beside its module and the modules that are bundled: another text bundles anew.
   * @default - what plugins made is not kept for the next synthesis
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
   * Of the function.
   * @default Architecture.ARM_64
   */
  readonly architecture?: lambda.Architecture | undefined;
  /**
   * Files beside the bundle, by their paths in it.
   * @default - none
   */
  readonly files?: ReadonlyMap<string, Uint8Array> | undefined;
  /**
   * JavaScript that the bundle begins with; it needs nothing else.
   * @default - none
   */
  readonly prelude?: string | undefined;
}

/** A new app looks at the files anew, so that `cdk watch` sees changed sources. */
const bundlers = new WeakMap<IConstruct, Bundler>();

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
  const { entry, bundling = {}, handler = 'index.handler', prelude = '' } = request;
  const file = realpathSync(findEntry(entry).file!);
  const settings = settingsOf(file, bundling, prelude);
  const bundle = orRefused(path, entry, settings.project, () =>
    bundlerOf(scope, path).bundle(file, settings, () =>
      // What others begin with is another matter.
      prelude === '' ? companionsOf(file, handler, bundling) : [],
    ),
  );
  checkWarnings(path, entry, settings.project, bundle);
  checkDecorators(path, entry, file, bundle);
  checkExport(path, request, exportsOf(bundle, bundling.format));
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

/** Bundles many handlers in one go, several times as fast as one after the other. What fails here fails again later. */
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
      // Smaller code starts faster. Names stay: stack traces and `constructor.name` keep their meaning.
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

/** The context that turns the cache off: `cdk synth -c lintel:bundleCache=false`. */
const CACHE = 'lintel:bundleCache';

function isCacheOn(context: unknown, path: string): boolean {
  const value = String(context ?? true);
  check(path, [
    {
      prop: CACHE,
      value: context,
      valid: () => ['true', 'false'].includes(value),
      rule: 'in the context must be true or false',
      remedy: 'remove it, or set it to false to bundle everything anew',
    },
  ]);
  return value === 'true';
}
