import path from 'node:path';
import { Bundler, projectOf } from '../../core/bundle/bundler';
import { findEntry } from '../../core/bundle/entry';
import { inWords } from '../../core/bundle/problems';
import { messagesOf } from '../../core/bundle/esbuild';
import { besideMain, bundleWorker, WORKER_OPTIONS } from '../../core/bundle/worker';
import { cloudflare as facts } from '../../core/facts';
import type { BindingOptions, EngineWorker } from '../engines/engine-worker';
import { LocalRunError } from '../local/kernel/errors';
import type { GraphBinding } from './bindings/binding-kind';
import { fakeOptions } from './fakes/fakes';
import type { LocalResource } from './local-graph';
import { ownWorker } from './own-worker';

/**
 * A stand-in for a Worker outside the program: the path of a module, which is bundled and run; a function that answers
 * requests; or an object with the called methods.
 */
export type WorkerStub = string | ((request: Request) => Response | Promise<Response>) | object;

/** The stand-ins of a run. */
export interface Stubs {
  /** Those run from modules. */
  readonly workers: readonly EngineWorker[];
  /** Those behind bindings. */
  readonly between: readonly EngineWorker[];
  /** Options for a binding to one that is a function or an object, or to a dispatch namespace. */
  optionsFor(script: LocalResource, binding: GraphBinding): BindingOptions | undefined;
}

/** @throws LocalRunError when a module is missing or does not bundle */
export function stubsOf(given: Readonly<Record<string, WorkerStub>>): Stubs {
  const between: EngineWorker[] = [];
  const modules = Object.entries(given).filter((each): each is [string, string] => typeof each[1] === 'string');
  return {
    workers: modules.map(([name, entry]) => stubWorker(name, entry)),
    between,
    optionsFor(script, { name, type, service }) {
      const id = `${script.path}.${name}`;
      const stub = type === 'service' ? given[String(service)] : undefined;
      if (stub !== undefined && typeof stub !== 'string') return fakeOptions(name, asFetcher(stub), id, between);
      return type === 'dispatch_namespace' ? dispatchOptions(name, id, given, between) : undefined;
    },
  };
}

/** The Workers of a dispatch namespace are uploaded outside the program. */
function dispatchOptions(
  name: string,
  id: string,
  given: Readonly<Record<string, WorkerStub>>,
  between: EngineWorker[],
): BindingOptions {
  const scriptName = `lintel-dispatch-${id}`;
  const services = Object.entries(given).flatMap(([worker, stub]) => {
    if (typeof stub === 'string') return [[`WORKER ${worker}`, { name: worker }] as const];
    const { fetch } = asFetcher(stub) as { fetch?: (request: Request) => Promise<Response> };
    return fetch ? [[`WORKER ${worker}`, async (request: Request) => fetch.call(stub, request)] as const] : [];
  });
  between.push({ name: scriptName, ...ownWorker('dispatch'), serviceBindings: Object.fromEntries(services) });
  return { wrappedBindings: { [name]: { scriptName } } };
}

function asFetcher(stub: WorkerStub): object {
  return typeof stub === 'function' ? { fetch: stub } : Object(stub);
}

/** A Worker from the path of a module. */
function stubWorker(name: string, entry: string): EngineWorker {
  const { file } = findEntry(entry);
  if (file === undefined) throw new LocalRunError(`there is no file '${entry}' for the Worker '${name}'`);
  const project = projectOf(path.dirname(file));
  try {
    const bundle = bundleWorker(new Bundler(undefined), file, { project, options: WORKER_OPTIONS });
    return {
      name,
      compatibilityDate: facts.compatibilityDate.value,
      compatibilityFlags: ['nodejs_compat'],
      modulesRoot: '/',
      modules: [
        { type: 'ESModule', path: '/index.js', contents: Buffer.from(bundle.files.get('index.js')!).toString('utf8') },
        ...besideMain(bundle).map(([part, contents]) => ({
          type: part.endsWith('.wasm') ? ('CompiledWasm' as const) : ('Data' as const),
          path: `/${part}`,
          contents,
        })),
      ],
    };
  } catch (error) {
    const reasons = messagesOf(error).map((message) => inWords(message, project));
    throw new LocalRunError(`the Worker '${name}' does not bundle: ${reasons.join('; ')}`);
  }
}
