import { readFileSync } from 'node:fs';
import path from 'node:path';
import { LocalRunError } from '../local/kernel/errors';
import type { Unsupported } from '../local/kernel/unsupported';
import { bindingOptions, merged } from './bindings/all';
import type { BindingValues, GraphBinding } from './bindings/binding-kind';
import type { BindingOptions, EngineWorker } from '../engines/engine-worker';
import type { AssetRules, LocalAssets } from './local-assets';
import type { LocalResource } from './local-graph';
import { OBSERVER } from './observer';
import type { Unmapped } from './unmapped';

/** How to run Workers. */
export interface WorkerSettings {
  /** The base of relative paths in the graph. */
  readonly directory: string;
  /** The targets of a Worker's bindings. */
  readonly values: BindingValues;
  /** Directories of static files. */
  readonly assets: LocalAssets;
  /** Options for a binding that a test replaces or backs. */
  replaced(binding: GraphBinding): BindingOptions | undefined;
  /** Whether a Worker of a name is run. */
  runs(worker: string): boolean;
  /** The unmapped target of a binding. */
  unmapped(binding: GraphBinding): Unmapped | undefined;
}

/** A Worker for the engine, and its unsupported parts. */
export interface LocalWorkerOptions {
  readonly options: EngineWorker;
  /** Unsupported bindings. */
  readonly unsupported: readonly Unsupported[];
}

interface ScriptFile {
  readonly contentFile?: string;
  readonly contentBase64?: string;
  readonly contentType: string;
}

interface ScriptInputs {
  readonly scriptName: string;
  readonly mainModule?: string;
  readonly content?: string;
  readonly contentFile?: string;
  readonly files?: Readonly<Record<string, ScriptFile>>;
  readonly bindings?: readonly GraphBinding[];
  readonly compatibilityDate?: string;
  readonly compatibilityFlags?: string[];
  readonly cacheOptions?: { readonly enabled?: boolean };
  readonly tailConsumers?: readonly { readonly service: string }[];
  readonly logpush?: boolean;
  readonly observability?: Readonly<
    Record<'logs' | 'traces', { readonly destinations?: readonly string[] } | undefined>
  >;
  readonly assets?: {
    readonly directory?: string;
    readonly config?: AssetRules & {
      readonly htmlHandling?: string;
      readonly notFoundHandling?: string;
      readonly runWorkerFirst?: boolean | readonly string[];
      /** What `runWorkerFirst` was called. */
      readonly serveDirectly?: boolean;
      readonly basePath?: string;
    };
  };
}

const MODULE_TYPES: Readonly<Record<string, 'CompiledWasm' | 'Data' | 'Text' | 'ESModule' | 'CommonJS'>> = {
  'application/wasm': 'CompiledWasm',
  'application/octet-stream': 'Data',
  'text/plain': 'Text',
  'application/javascript+module': 'ESModule',
  'application/javascript': 'CommonJS',
};

/** A `WorkersScript` in the engine's form. */
export function workerOptions(script: LocalResource, settings: WorkerSettings): LocalWorkerOptions {
  const inputs = script.inputs as unknown as ScriptInputs;
  const bindings = (inputs.bindings ?? []).map((binding) => bound(binding, settings));
  const { modules, notRun } = modulesOf(script, inputs, settings.directory);
  return {
    options: {
      name: inputs.scriptName,
      compatibilityDate: inputs.compatibilityDate,
      compatibilityFlags: inputs.compatibilityFlags,
      ...modules,
      ...merged(bindings.flatMap(({ options = {} }) => options)),
      ...assetsOf(inputs, settings),
      tails: [
        { name: OBSERVER, props: { worker: inputs.scriptName } },
        ...tailsOf(inputs)
          .filter((name) => settings.runs(name))
          .map((name) => ({ name })),
      ],
    },
    unsupported: [
      ...bindings.flatMap(({ reason }) => reason ?? []),
      ...notRun,
      ...cachingOf(inputs),
      ...assetsNotRun(inputs),
      ...untold(inputs, settings),
    ].map((reason) => ({ resource: script.path, type: script.type, reason })),
  };
}

function tailsOf({ tailConsumers = [] }: ScriptInputs): readonly string[] {
  return tailConsumers.map(({ service }) => service);
}

/** Where logs and traces would go, and do not here. */
function untold(inputs: ScriptInputs, { runs }: WorkerSettings): readonly string[] {
  const { logs, traces } = inputs.observability ?? {};
  const named = [...(logs?.destinations ?? []), ...(traces?.destinations ?? [])].map((name) => `'${name}'`);
  const all = [...new Set(named), ...(inputs.logpush === true ? ['Logpush'] : [])];
  return [
    ...(all.length > 0 ? [`its logs do not go to ${all.join(', ')} here`] : []),
    ...tailsOf(inputs)
      .filter((name) => !runs(name))
      .map((name) => `its tail is unmapped: the program creates no Worker '${name}', so nothing is sent to it`),
  ];
}

function cachingOf({ cacheOptions }: ScriptInputs): readonly string[] {
  return cacheOptions?.enabled === true ? ['its cache is not run: here the Worker answers each request'] : [];
}

/** A binding's options for the engine, and how it differs from a deployment. */
function bound(binding: GraphBinding, settings: WorkerSettings): { options?: BindingOptions; reason?: string } {
  const replaced = settings.replaced(binding);
  if (replaced) return { options: replaced };
  const { isEmpty = true, reason } = settings.unmapped(binding) ?? {};
  if (!isEmpty) return { reason };
  const options = bindingOptions(binding, settings.values);
  const { name, type } = binding;
  const remedy = `pass bindings: { ${name}: ... } to run it with your own object`;
  return { options, reason: options ? reason : `its binding '${name}' of type '${type}' is not run; ${remedy}` };
}

function modulesOf(script: LocalResource, inputs: ScriptInputs, directory: string) {
  if (inputs.mainModule === undefined) {
    throw new LocalRunError(`'${script.path}' is in service worker syntax; export its handlers from a module`);
  }
  if (inputs.content === undefined && inputs.contentFile === undefined) {
    throw new LocalRunError(`'${script.path}' has no code; set 'content' or 'contentFile'`);
  }
  const main = inputs.contentFile === undefined ? undefined : path.resolve(directory, inputs.contentFile);
  const root = main ? path.dirname(main) : directory;
  const notRun: string[] = [];
  const modules = Object.entries(inputs.files ?? {}).flatMap(([name, { contentFile, contentBase64, contentType }]) => {
    const type = MODULE_TYPES[contentType];
    if (type === undefined || (contentFile === undefined && contentBase64 === undefined)) {
      if (contentType !== 'application/source-map')
        notRun.push(`its module '${name}' of type '${contentType}' is not run`);
      return [];
    }
    const contents =
      contentFile === undefined
        ? Buffer.from(contentBase64!, 'base64')
        : readFileSync(path.resolve(directory, contentFile));
    return [{ type, path: path.join(root, name), contents }];
  });
  const first = {
    type: 'ESModule' as const,
    path: main ?? path.join(root, inputs.mainModule),
    contents: inputs.content ?? readFileSync(main!, 'utf8'),
  };
  return { modules: { modulesRoot: root, modules: [first, ...modules] }, notRun };
}

function assetsNotRun({ assets }: ScriptInputs): readonly string[] {
  const { basePath = '/' } = assets?.config ?? {};
  return [
    ...(assets !== undefined && assets.directory === undefined
      ? ['its static files are not run: the program names no directory for them']
      : []),
    ...(basePath === '/' ? [] : [`its static files are not run below '${basePath}': here they answer from the root`]),
  ];
}

function assetsOf(
  { assets, bindings = [] }: ScriptInputs,
  { directory, assets: local }: WorkerSettings,
): Pick<EngineWorker, 'assets'> {
  if (assets?.directory === undefined) return {};
  const { serveDirectly, htmlHandling, notFoundHandling, headers, redirects } = assets.config ?? {};
  const { runWorkerFirst = serveDirectly === false } = assets.config ?? {};
  return {
    assets: {
      directory: local.directoryFor(path.resolve(directory, assets.directory), { headers, redirects }),
      binding: bindings.find(({ type }) => type === 'assets')?.name,
      routerConfig: {
        has_user_worker: true,
        invoke_user_worker_ahead_of_assets: runWorkerFirst === true,
        ...(Array.isArray(runWorkerFirst) && { static_routing: { user_worker: runWorkerFirst } }),
      },
      assetConfig: { html_handling: htmlHandling, not_found_handling: notFoundHandling },
    },
  };
}
