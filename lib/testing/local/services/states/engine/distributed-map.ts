import { setMaxListeners } from 'node:events';
import type { Flow } from '../../../../../core/asl/definition';
import { stepFunctions } from '../../../../../core/facts';
import type { Result } from './data';
import { dataLimit, NotRunHere, runtimeFault, StateFailure } from './failure';
import { batched } from './item-batcher';
import { readItems, readerOf } from './item-reader';
import { concurrencyOf, itemInput } from './map';
import { itemsOf, numberOf } from './map-settings';
import { writeResults, type Writer, writerOf } from './result-writer';
import { sizeOf } from './variables';
import type { Visit } from './visit';

/** Maximum concurrent child executions of a distributed map. */
export const MOST_CHILDREN = 10_000;

/** Runs the items of distributed maps as child executions. */
export interface MapRunner {
  /** @throws StateFailure when the machine's role may not start the child executions */
  begin(visit: Visit, flow: Flow, settings: MapSettings): MapRun;
}

/** One run of a distributed map. */
export interface MapRun {
  readonly arn: string;
  /** Its id within the ARN. */
  readonly id: string;
  /** The current settings; `UpdateMapRun` changes them. */
  readonly settings: MapSettings;
  /** Announces the number of items per child execution. */
  expect(items: readonly number[]): void;
  /**
   * Runs a child execution, redriving a failed one. Never throws because of its outcome.
   * @param index the child's index
   */
  child(index: number, input: unknown, signal: AbortSignal): Promise<ChildResult>;
  /**
   * Resumes it after it had ended.
   * @returns the number of redrives
   * @throws StateFailure when the role of the machine may not redrive
   */
  redrive(): number;
  /** Marks it as ended. */
  end(status: 'SUCCEEDED' | 'FAILED' | 'ABORTED'): void;
}

/** The result of a child execution. */
export interface ChildResult {
  /** Its entry in result files, without input and output. */
  readonly described: Readonly<Record<string, unknown>>;
  /** Its input, as JSON. */
  readonly input: string;
  readonly output?: unknown;
  readonly failure?: StateFailure;
  /** When it ended, in milliseconds. */
  readonly stopped: number;
}

/** Concurrency and tolerated failures of a map. */
export interface MapSettings {
  readonly concurrency: number;
  readonly count: number;
  /** Tolerated failure percentage. */
  readonly percentage: number;
}

/** A map run to be resumed by a redrive. */
export interface KeptMapRun {
  readonly run: MapRun;
  readonly inputs: readonly unknown[];
  /** The results of its child executions, by index. */
  readonly results: (ChildResult | undefined)[];
}

/** Runs a map in distributed mode. */
export async function runDistributedMap(visit: Visit, flow: Flow): Promise<Result> {
  const { run, flowing } = visit;
  const { history } = run;
  if (run.express) throw new NotRunHere('an Express execution has no distributed map');
  const writer = await writerOf(visit);
  const again = flowing.progress.mapRun;
  const { mapRun, started, kept } = again ? goOn(visit, again) : await begun(visit, flow);
  try {
    const { inputs, results } = (flowing.progress.mapRun = await kept());
    await runAll(visit, { run: mapRun, inputs, results }, writer);
    const all = results.flatMap((one) => one ?? []);
    const value = writer
      ? await writeResults(visit, writer, mapRun, all)
      : all.map(({ output, failure }) => (failure ? failure.output : output));
    mapRun.end('SUCCEEDED');
    history.add(flowing, 'MapRunSucceeded');
    history.append('MapStateSucceeded', flowing.previous);
    flowing.previous = started;
    return { value };
  } catch (error) {
    mapRun.end(flowing.signal.aborted ? 'ABORTED' : 'FAILED');
    if (error instanceof StateFailure && !flowing.signal.aborted) {
      history.add(flowing, 'MapRunFailed', { mapRunFailedEventDetails: error.details });
    }
    throw error;
  }
}

/** A started map run. */
interface Begun {
  readonly mapRun: MapRun;
  /** The id of its start event. */
  readonly started: number;
  kept(): Promise<KeptMapRun>;
}

async function begun(visit: Visit, flow: Flow): Promise<Begun> {
  const { run, flowing } = visit;
  const reader = await readerOf(visit);
  const given = reader ? [] : await itemsOf(visit);
  run.history.add(flowing, 'MapStateStarted', { mapStateStartedEventDetails: { length: given.length } });
  const settings = {
    count: await numberOf(visit, 'ToleratedFailureCount', 0),
    percentage: await numberOf(visit, 'ToleratedFailurePercentage', 0, 'float'),
    concurrency: await concurrencyOf(visit, MOST_CHILDREN),
  };
  if (settings.count < 0) throw runtimeFault('ToleratedFailureCount cannot be negative.');
  if (settings.percentage < 0 || settings.percentage > 100) {
    throw runtimeFault('ToleratedFailurePercentage must be between 0 and 100.');
  }
  const config = reader && (await reader.config(visit));
  const mapRun = run.maps.begin(visit, flow, settings);
  const mapRunStartedEventDetails = { mapRunArn: mapRun.arn };
  const started = run.history.add(flowing, 'MapRunStarted', { mapRunStartedEventDetails });
  return {
    mapRun,
    started,
    kept: async () => {
      const items = reader && config ? await readItems(visit, reader, config) : given;
      const selected: unknown[] = [];
      for (const [index, item] of items.entries()) selected.push(await itemInput(visit, item, index));
      const batches = await batched(visit, selected);
      mapRun.expect(batches.map(({ items: { length } }) => length));
      return { run: mapRun, inputs: batches.map(({ input }) => input), results: [] };
    },
  };
}

/** Resumes a map run: only unsuccessful children run again. */
function goOn({ run, flowing }: Visit, again: KeptMapRun): Begun {
  const redriveCount = again.run.redrive();
  const mapRunRedrivenEventDetails = { mapRunArn: again.run.arn, redriveCount };
  const started = run.history.add(flowing, 'MapRunRedriven', { mapRunRedrivenEventDetails });
  const results = again.results.map((one) => (one?.failure ? undefined : one));
  return { mapRun: again.run, started, kept: async () => ({ ...again, results }) };
}

async function runAll(visit: Visit, kept: KeptMapRun, writer: Writer | undefined): Promise<void> {
  const { run: mapRun, inputs, results } = kept;
  const { flowing, state } = visit;
  const ending = new AbortController();
  const signal = AbortSignal.any([flowing.signal, ending.signal]);
  // Every child listens, and there may be thousands.
  setMaxListeners(0, signal);
  let failures = 0;
  const tooMany = () => {
    const { count, percentage } = mapRun.settings;
    const none = count === 0 && percentage === 0;
    const share = (failures / inputs.length) * 100;
    return failures > 0 && (none || (count > 0 && failures > count) || (percentage > 0 && share > percentage));
  };
  const runOne = async (index: number) => {
    const result = await mapRun.child(index, inputs[index], signal);
    results[index] = result;
    if (result.failure) failures++;
    if (tooMany()) ending.abort();
  };
  const running = new Set<Promise<void>>();
  try {
    for (const [index, input] of inputs.entries()) {
      if (results[index] !== undefined) continue;
      if (sizeOf(input) > stepFunctions.payloadSize.value) throw dataLimit(state.name);
      // The concurrency limit may change meanwhile.
      while (running.size >= mapRun.settings.concurrency && !signal.aborted) await Promise.race(running);
      if (signal.aborted) break;
      const one = runOne(index).finally(() => running.delete(one));
      running.add(one);
    }
    await Promise.all(running);
  } finally {
    ending.abort();
    await Promise.allSettled(running);
  }
  flowing.signal.throwIfAborted();
  if (!tooMany()) return;
  if (writer) {
    const ended = results.flatMap((one) => one ?? []);
    const pending = inputs.filter((_, index) => results[index] === undefined);
    await writeResults(visit, writer, mapRun, ended, pending);
  }
  throw new StateFailure(
    'States.ExceedToleratedFailureThreshold',
    'The specified tolerated failure threshold was exceeded',
  );
}
