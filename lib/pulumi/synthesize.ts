import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises'; // not the global one, which a test may have replaced
import { type GraphResource, pathOf, type ResourceGraph } from '../core/model/graph';
import { Answers } from './answers';
import { installAwaitedCalls } from './awaited-calls';
import { answerOfAccount } from './account-calls';
import { installClosures } from './closures';
import { Declarations } from './declarations';
import { type Internals, loadInternals } from './internals';
import { OfflineMonitor } from './offline-monitor';
import { Outcome } from './outcome';
import { type ApplyWatcher, assertNotProbing, installPlaceholderApply } from './placeholder-apply';
import type { ConfigValue, Program, SynthesizeOptions } from './program';
import { installQuietPromises } from './quiet-promises';
import { Redactor } from './redact';
import { collectRejections } from './rejections';
import { SourceMaps, SourceTrace } from './source-position';
import { applyInvokeTransforms, applyTransforms } from './transforms';
import { isRecord } from '../core/record';

const runs = new AsyncLocalStorage<ApplyWatcher>();

/**
 * Runs a Pulumi program without the Pulumi command line, an account or a network, as a preview of a new stack, and
 * returns the resources it declares. The same program gives the same graph, whatever else is running.
 *
 * A callback on a resource's output gets a placeholder if the value is known only at deployment; one that
 * cannot handle it gives an unknown value. Messages that the program logs are shown as Pulumi shows them in a test.
 * Secret values appear nowhere in the graph, nor in an error's message. `sources` says where in the program each
 * resource is created, relative to the working directory.
 *
 * @example
 * const graph = await synthesize(() => { new EdgeQueueWorker('ingest', { handler: 'src/ingest.ts' }); }, { stack: 'dev' });
 * expect(graph.resources.map(({ name }) => name)).toContain('ingest-dead-letter');
 * @throws whatever the program throws, in a constructor, a promise or an `apply`, unchanged
 * @throws Error when two resources have the same name, type and parent, or a declared resource is never registered
 */
export async function synthesize(program: Program, options: SynthesizeOptions = {}): Promise<ResourceGraph> {
  return synthesizeWith(loadInternals(), program, options);
}

/** `synthesize` for a program that uses this copy of the SDK. */
export async function synthesizeWith(
  internals: Internals,
  program: Program,
  options: SynthesizeOptions = {},
): Promise<ResourceGraph> {
  // A package the program uses may have a different copy of the SDK from the program's: ours is the one we know of.
  for (const copy of new Set([internals, loadInternals()])) {
    installPlaceholderApply(copy, () => runs.getStore());
    installAwaitedCalls(copy, () => runs.getStore() !== undefined);
    installClosures(copy, () => runs.getStore() !== undefined);
    installQuietPromises(copy, () => runs.getStore() !== undefined);
  }
  const { project = 'project', stack = 'stack', config = {}, calls = () => undefined } = options;
  const redactor = new Redactor();
  const declared = new Declarations();
  const outcome = new Outcome();
  const onError = (error: unknown): void => outcome.fail(error);
  const monitor = new OfflineMonitor({
    project,
    stack,
    answers: new Answers(internals),
    calls: (token, inputs) => calls(token, inputs) ?? answerOfAccount(token, inputs, config),
    outputsOf: (type, name) => declared.outputsOf(type, name),
    onSecret: (text) => redactor.add(text),
    onError,
    onActivity: () => outcome.stillBusy(),
    transform: (request, tokens) =>
      applyTransforms(request, tokens, internals.getStore().callbacks!, internals.messages),
    transformInvoke: (request, tokens) =>
      applyInvokeTransforms(request, tokens, internals.getStore().callbacks!, internals.messages),
  });
  const settings = configuration(project, config, redactor);

  const watcher: ApplyWatcher = {
    onSecret: (value) => textsOf(value).forEach((text) => redactor.add(text)),
    declared: () => declared.count,
  };
  await runs.run(watcher, () =>
    collectRejections(onError, () =>
      internals.withLocalStorage(async () => {
        prepare(internals, { project, stack, monitor, ...settings });
        await outcome.of(execute(internals, program, declared, onError));
        await turns(2); // Node reports unhandled rejections between turns
        const store = internals.getStore();
        if (store.logErrorCount > 0) onError(new Error(`the program logged ${store.logErrorCount} error(s)`));
        store.leakCandidates.clear();
        store.callbacks?.shutdown();
      }),
    ),
  );
  if (outcome.errors.length > 0) throw redactor.error(outcome.errors[0]);
  declared.assertRegistered(monitor.registered);
  if (outcome.stalled) throw new Error('the program never ended: it is waiting for something that never comes');
  return { ...graphOf(monitor, redactor), sources: declared.sources(new SourceMaps()) };
}

/** The part of the SDK's state that connects it to the monitor. */
function prepare(
  { sdk, getStore, createCallbacks }: Internals,
  run: {
    project: string;
    stack: string;
    monitor: OfflineMonitor;
    values: Record<string, string>;
    secretNames: string[];
  },
): void {
  const store = getStore();
  store.callbacks = createCallbacks(run.monitor);
  const { settings } = store;
  Object.assign(settings.options, {
    project: run.project,
    stack: run.stack,
    organization: 'organization',
    dryRun: true,
    monitorAddr: 'offline',
    parallel: -1,
    rootDirectory: process.cwd(),
  });
  settings.monitor = run.monitor;
  sdk.runtime.setAllConfig(run.values, run.secretNames);
}

/** Runs the program inside a stack, until everything it started has ended. */
async function execute(
  { sdk, waitForRPCs }: Internals,
  program: Program,
  declared: Declarations,
  onError: (error: unknown) => void,
): Promise<void> {
  try {
    await sdk.runtime.runInPulumiStack(async () => {
      sdk.runtime.registerStackTransformation(function declare({ resource, type, name, props, opts }) {
        assertNotProbing();
        declared.add(type, name, props, Boolean(opts.urn));
        declared.made(resource, opts.parent, { type, name, trace: new SourceTrace(declare) });
        return undefined;
      });
      try {
        return (await program()) as Record<string, unknown>;
      } catch (error) {
        onError(error); // caught here, since the stack does not handle it
        return {};
      }
    });
    await settled(waitForRPCs, declared);
  } catch (error) {
    onError(error);
  }
}

/** Waits for registrations, and for further declarations they trigger. */
async function settled(waitForRPCs: () => Promise<void>, declared: Declarations): Promise<void> {
  for (let before = -1; before !== declared.count; await turns(2)) {
    before = declared.count;
    await waitForRPCs();
  }
}

/** Configuration in the SDK's form: full keys, strings, and which of them are secret. */
function configuration(
  project: string,
  config: Readonly<Record<string, ConfigValue>>,
  redactor: Redactor,
): { values: Record<string, string>; secretNames: string[] } {
  const values: Record<string, string> = {};
  const secretNames: string[] = [];
  for (const [name, value] of Object.entries(config)) {
    const key = name.includes(':') ? name : `${project}:${name}`;
    const secret = isRecord(value) && Object.keys(value).join() === 'secret';
    const content = secret ? value.secret : value;
    values[key] = typeof content === 'string' ? content : JSON.stringify(content);
    if (!secret) continue;
    secretNames.push(key);
    redactor.add(values[key]);
  }
  return { values, secretNames };
}

/** The sorted graph, without a trace of a secret. */
function graphOf(monitor: OfflineMonitor, redactor: Redactor): ResourceGraph {
  const resources = monitor.resources.map((resource): GraphResource => {
    const { value, paths } = redactor.value(resource.inputs);
    const secrets = [...new Set([...resource.secrets, ...paths])].sort();
    return { ...resource, inputs: value as GraphResource['inputs'], secrets };
  });
  return {
    resources: resources.sort((a, b) => compare(pathOf(a), pathOf(b)) || compare(a.type, b.type)),
    outputs: redactor.value(monitor.outputs).value as ResourceGraph['outputs'],
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await setImmediate();
}
