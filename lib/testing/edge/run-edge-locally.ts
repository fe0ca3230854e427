import { randomUUID } from 'node:crypto';
import { migrate } from '../../edge/d1/migrations';
import type { ResourceGraph } from '../../core/model/graph';
import type { Program, SynthesizeOptions } from '../../pulumi/program';
import { synthesize } from '../../pulumi/synthesize';
import { LocalRunError } from '../local/kernel/errors';
import type { LogEntry } from '../local/kernel/logs';
import { tellers, withTellers } from './bucket-events';
import { doorOf, doors, entranceOf, fronts } from './doors';
import type { BindingOptions, EngineWorker } from '../engines/engine-worker';
import type { GraphBinding } from './bindings/binding-kind';
import { delayed, type Pace, withBoundedDelays } from './delays';
import { EdgeRun } from './edge-run';
import type { Fake } from './fakes/fake-service';
import { fakeOptions, type Fakes, fakesOf } from './fakes/fakes';
import { print, startEngine } from '../engines/workerd';
import { localAssets } from './local-assets';
import { LocalGraph, type LocalResource } from './local-graph';
import { unscriptedModels } from './models/model-worker';
import { observerOptions } from './observer';
import { ownWorker } from './own-worker';
import { connectPools } from './pools';
import { portsOf } from './ports';
import { deliveryDelayOf } from './queue-consumers';
import { readReplicas } from './read-replicas';
import { stubsOf, type WorkerStub } from './stubs';
import { type Known, unmapped } from './unmapped';
import { unsupportedResources } from './unsupported';
import { vectorIndexes } from './vectors/vector-indexes';
import { workerOptions } from './worker-options';

/** Options of a run. */
export interface RunEdgeOptions extends SynthesizeOptions {
  /**
   * The base of relative paths in a graph.
   * @default - the working directory
   */
  readonly directory?: string;
  /**
   * The port of the only public Worker, or of several in the order of their names. 0 lets the system choose.
   * @default 0
   */
  readonly port?: number | readonly number[];
  /**
   * Values of secrets, by the name of the binding, or `<component>.<name>` if two Workers differ. A graph never holds
   * them.
   * @default - none
   */
  readonly secrets?: Readonly<Record<string, string>>;
  /**
   * Outputs known only at deployment, by `<path>.<attribute>`: the URL of another provider's API.
   * @default - none
   */
  readonly outputs?: Readonly<Record<string, string>>;
  /**
   * Connection strings by the name of an `EdgePool`.
   * @default - an embedded PostgreSQL that the run starts and removes
   */
  readonly databases?: Readonly<Record<string, string>>;
  /**
   * Stand-ins for Workers that the program does not create, by their names in the account: the path of a module, a
   * function that answers requests, or an object with the methods that are called. A dispatch namespace may have them
   * too.
   * @default - a binding to one does not exist
   */
  readonly workers?: Readonly<Record<string, WorkerStub>>;
  /**
   * Replacements for bindings, by their names, or `<component>.<name>` where two Workers differ: an object whose methods
   * are called, or data. Arguments and answers are data, bytes, streams, requests and responses; a `fetch` gets a request.
   * @default - what the engine has
   */
  readonly bindings?: Readonly<Record<string, Fake>>;
  /** Answers outgoing requests of Workers; an error it throws fails their `fetch`. / @default - requests go out */
  readonly outbound?: (request: Request) => Response | Promise<Response>;
  /**
   * Platform seconds per second here, so that tests need not wait for a queue's batches and retries. Delays requested
   * by a handler are kept, up to `maxWait`.
   * @default 1
   */
  readonly timeScale?: number;
  /**
   * Maximum delay of a message in whole seconds, whether set by a queue, a consumer or a handler. / @default - no limit
   */
  readonly maxWait?: number;
  /** Receives each log line of a Worker. / @default - prints it */
  readonly onLog?: (entry: LogEntry) => void;
}

/**
 * Runs a Pulumi program's Workers on this machine, in the platform's own runtime, with databases, stores, buckets, queues,
 * Durable Objects, workflows and schedules, without an account. Databases are migrated; nothing is kept afterwards.
 *
 * @param programOrGraph a program, or the graph that `synthesize` made of one
 * @example
 * const run = await runEdgeLocally(() => { new EdgeApi('api', { handler: 'workers/api.ts' }); });
 * const answer = await run.worker('api').fetch('/');
 * await run.stop();
 * @throws LocalRunError when a value is missing or the engine does not start
 */
export async function runEdgeLocally(
  programOrGraph: Program | ResourceGraph,
  options: RunEdgeOptions = {},
): Promise<EdgeRun> {
  const declared = typeof programOrGraph === 'function' ? await synthesize(programOrGraph, options) : programOrGraph;
  const graph = new LocalGraph(declared, options.outputs ?? {});
  const scripts = graph.ofKind('WorkersScript');
  if (scripts.length === 0) throw new LocalRunError('the program declares no Worker');
  const secrets = secretsOf(scripts, options.secrets ?? {}, Object.keys(options.bindings ?? {}));
  const { directory = process.cwd(), port = [] } = options;
  const pace: Pace = { timeScale: options.timeScale ?? 1, maxWait: options.maxWait };
  const ports = portsOf(graph, [port].flat());
  const fakes = fakesOf(graph, options.bindings ?? {});
  const { onLog = print } = options;
  const tell = (message: string) => onLog({ time: Date.now(), source: 'Vectorize', message });
  const vectors = vectorIndexes(graph, pace, tell);

  const pools = await connectPools(graph, options.databases ?? {});
  const assets = localAssets();
  const stopping = [pools.stop, assets.remove];
  try {
    const stubs = stubsOf(options.workers ?? {});
    const names = scripts.map(({ inputs }) => String(inputs.scriptName));
    const known: Known = {
      workers: new Set([...names, ...stubs.workers.map(({ name }) => name)]),
      pools: new Set(pools.connectionStrings.keys()),
    };
    const workers = scripts.map((script) =>
      workerOptions(script, {
        directory,
        assets,
        values: {
          secret: (name) => secrets.get(`${script.path}.${name}`)!,
          connectionString: (id) => pools.connectionStrings.get(id)!,
          deliveryDelay: (queue) => delayed(deliveryDelayOf(graph, queue), pace),
        },
        replaced: (binding) =>
          fakes.optionsFor(script, binding) ??
          stubs.optionsFor(script, binding) ??
          storedSecret(script, binding, secrets, fakes),
        runs: (name) => known.workers.has(name),
        unmapped: (binding) => unmapped(binding, graph, known),
      }),
    );
    const between = [...tellers(graph)];
    const copies = readReplicas(graph);
    const own = workers.map(({ options }) =>
      withBoundedDelays(copies.applyTo(withTellers(options, between)), pace, between),
    );
    const key = randomUUID();
    let open!: () => void;
    const ready = new Promise<void>((resolve) => (open = resolve));
    const observer = copies.applyTo(withTellers(observerOptions(graph, pace, key), between), true);
    const beside = [
      observer,
      ...between,
      ...copies.workers,
      ...fakes.workers,
      ...stubs.workers,
      ...stubs.between,
      ...usedBy(own, [...vectors.workers, unscriptedModels(graph)]),
      ...doors(graph, names, ports, ready),
      ...fronts(own),
      ...outboundWorker(options.outbound),
    ];
    const outbound = options.outbound && OUTBOUND;
    const engine = await startEngine(own, beside, { onLog, outbound, doorOf });
    stopping.unshift(engine.stop);
    assets.publish();
    const unsupported = [
      ...unsupportedResources(graph),
      ...copies.unsupported,
      ...workers.flatMap((worker) => worker.unsupported),
    ];
    const entrances = new Map(own.map((worker) => [worker.name, entranceOf(worker)]));
    const run = new EdgeRun({
      graph,
      ...engine,
      vectors,
      entrances,
      key,
      unsupported,
      stop: () => stopAll(stopping),
    });
    await migrateAll(graph, run);
    open();
    return run;
  } catch (error) {
    await stopAll(stopping);
    throw error;
  }
}

/** Of Workers that make bindings those whose binding somebody has: the others would be run as Workers of their own, which they are not. */
function usedBy(workers: readonly EngineWorker[], makers: readonly EngineWorker[]): readonly EngineWorker[] {
  const used = workers.flatMap(({ wrappedBindings }) => Object.values(wrappedBindings ?? {}));
  return makers.filter(({ name }) => used.some(({ scriptName }) => scriptName === name));
}

/** The Worker that receives the others' outgoing requests. */
function outboundWorker(outbound: RunEdgeOptions['outbound']): readonly EngineWorker[] {
  if (!outbound) return [];
  return [{ name: OUTBOUND, ...ownWorker('outbound'), serviceBindings: { NODE: async (each) => outbound(each) } }];
}

const OUTBOUND = 'lintel-outbound';

/** Store secrets are required. */
function storedSecret(
  script: LocalResource,
  { name, type }: GraphBinding,
  secrets: ReadonlyMap<string, string | undefined>,
  { workers }: Fakes,
): BindingOptions | undefined {
  if (type !== 'secrets_store_secret') return undefined;
  const id = `${script.path}.${name}`;
  return fakeOptions(name, { get: async () => secrets.get(id) }, id, workers);
}

/** The value of each secret of each Worker, by `<path>.<name>`. */
function secretsOf(
  scripts: readonly LocalResource[],
  given: Readonly<Record<string, string>>,
  replaced: readonly string[],
): ReadonlyMap<string, string | undefined> {
  const classes = scripts.flatMap(({ path, name, parent = name, inputs }) =>
    ((inputs.bindings ?? []) as { readonly name: string; readonly type: string }[])
      .filter(({ type }) => type === 'secret_text' || type === 'secrets_store_secret')
      .map((binding) => ({ key: `${path}.${binding.name}`, names: [`${parent}.${binding.name}`, binding.name] }))
      .filter(({ names }) => !names.some((each) => replaced.includes(each))),
  );
  const values = classes.map(({ key, names }) => ({
    key,
    names,
    value: names.map((each) => given[each]).find(Boolean),
  }));
  const missing = values.filter(({ value }) => value === undefined).map(({ names }) => names[0]!);
  if (missing.length > 0) {
    throw new LocalRunError(
      `a graph holds no secrets; pass a value for ${missing.join(', ')}, for instance secrets: { '${missing[0]}': '...' } or --secret ${missing[0]}=...`,
    );
  }
  return new Map(values.map(({ key, value }) => [key, value]));
}

async function migrateAll(graph: LocalGraph, run: EdgeRun): Promise<void> {
  for (const { inputs } of graph.resources.filter(({ kind }) => kind === 'SqlMigrations')) {
    const { databaseId, migrations } = inputs as { databaseId: string; migrations: { name: string; sql: string }[] };
    await migrate(run.migrationsOf(databaseId), migrations);
  }
}

async function stopAll(stopping: readonly (() => Promise<void>)[]): Promise<void> {
  for (const stop of stopping) await stop();
}
