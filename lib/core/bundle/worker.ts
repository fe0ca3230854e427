import { builtinModules } from 'node:module';
import type { Bundle, BundleSettings, Bundler } from './bundler';

/** Node's modules are part of the runtime, under their `node:` names only. */
const NODE_MODULES = Object.fromEntries(
  builtinModules.filter((name) => !/^_|:/.test(name)).map((name) => [name, `node:${name}`]),
);

/** A CommonJS dependency requires what the runtime only lets a module import. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire('/');";

/** How code for the Workers runtime is bundled. @see https://developers.cloudflare.com/workers/wrangler/bundling/ */
export const WORKER_OPTIONS: BundleSettings['options'] = {
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
  logOverride: { 'unsupported-dynamic-import': 'warning' },
  keepNames: true,
  sourcemap: 'linked',
  jsx: 'automatic',
};

/** esbuild's name for an `import()` that it cannot follow. */
export const OPEN_IMPORT = 'unsupported-dynamic-import';

/**
 * Bundles a module for the Workers runtime, as it is uploaded.
 * @param entry absolute
 * @throws esbuild's BuildFailure
 */
export function bundleWorker(bundler: Bundler, entry: string, settings: BundleSettings): Bundle {
  const first = bundler.bundle(entry, settings);
  if (first.required.length === 0) return asUploaded(first);
  const options = { ...settings.options, banner: { js: REQUIRE } };
  return asUploaded(bundler.bundle(entry, { ...settings, options }));
}

/** The modules besides the main one, with their contents: WebAssembly and data. */
export function besideMain({ files }: Bundle): readonly (readonly [name: string, contents: Uint8Array])[] {
  return [...files].filter(([name]) => !/^index\.js(\.map)?$/.test(name));
}

/**
 * With the main module as it is uploaded: files beside it are imported by their names, without a query. A Worker that only holds
 * classes has a default export all the same: the runtime takes it for the Worker's handlers.
 */
function asUploaded(bundle: Bundle): Bundle {
  const { files, exports } = bundle;
  const code = Buffer.from(files.get('index.js')!).toString('utf8');
  const named = besideMain(bundle).reduce((text, [name]) => text.replaceAll(`${name}?module`, name), code);
  const main = exports.includes('default')
    ? named
    : named.replace(/(?=\/\/# sourceMappingURL)/, 'export default {};\n');
  return { ...bundle, files: new Map([...files, ['index.js', Buffer.from(main)]]) };
}
