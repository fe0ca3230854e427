import type { Flow } from '../../../../../core/asl/definition';
import type { Result } from './data';
import { NotRunHere, StateFailure } from './failure';
import { batched } from './item-batcher';
import { begin } from './progress';
import { readItems, readerOf } from './item-reader';
import { concurrencyOf, itemInput } from './map';
import { itemsOf, numberOf } from './map-settings';
import { writeResults, writerOf } from './result-writer';
import type { Visit } from './visit';

/** A place that no item has: the map has been begun. */
const BEGUN = -1;
/** Executions of a distributed map that run at once. */
const MOST = 10_000;

/** Runs the items of distributed maps, each as an execution of its own. */
export interface MapRunner {
  begin(visit: Visit, flow: Flow, settings: Tolerance & { readonly concurrency: number }): MapRun;
}

/** One run of a distributed map. */
export interface MapRun {
  readonly arn: string;
  /** What it has of its own in the ARN. */
  readonly id: string;
  /** Runs an item. Never throws for what becomes of it. */
  child(input: unknown, signal: AbortSignal): Promise<ChildResult>;
  /** It has come to its end. */
  end(status: 'SUCCEEDED' | 'FAILED' | 'ABORTED'): void;
}

/** What became of an item. */
export interface ChildResult {
  /** As the files of results have it, without input and output. */
  readonly described: Readonly<Record<string, unknown>>;
  /** What it got, as JSON. */
  readonly input: string;
  readonly output?: unknown;
  readonly failure?: StateFailure;
}

/** How many items may fail. */
export interface Tolerance {
  readonly count: number;
  /** So many of a hundred. */
  readonly percentage: number;
}

/** A map whose items are executions of their own. */
export async function runDistributedMap(visit: Visit, flow: Flow): Promise<Result> {
  const { run, state, flowing } = visit;
  const { history } = run;
  if (run.express) throw new NotRunHere('an Express execution has no distributed map');
  // On AWS only the items run again that have not succeeded.
  if (flowing.progress.inner.has(BEGUN)) throw new NotRunHere('the redrive of a distributed map');
  flowing.progress.inner.set(BEGUN, begin());
  const reader = await readerOf(visit);
  const given = reader ? [] : await itemsOf(visit);
  history.add(flowing, 'MapStateStarted', { mapStateStartedEventDetails: { length: given.length } });
  const settings = {
    count: await numberOf(visit, 'ToleratedFailureCount', 0),
    percentage: await numberOf(visit, 'ToleratedFailurePercentage', 0, 'float'),
    concurrency: await concurrencyOf(visit, MOST),
  };
  checkTolerance(settings);
  const config = reader && (await reader.config(visit));
  const writer = await writerOf(visit);
  const mapRun = run.maps.begin(visit, flow, settings);
  const started = history.add(flowing, 'MapRunStarted', { mapRunStartedEventDetails: { mapRunArn: mapRun.arn } });
  try {
    const items = reader && config ? await readItems(visit, reader, config) : given;
    const selected: unknown[] = [];
    for (const [index, item] of items.entries()) selected.push(await itemInput(visit, item, index));
    const inputs = await batched(visit, selected);
    const results = await runAll(visit, mapRun, inputs, settings);
    const value = writer
      ? await writeResults(visit, writer, mapRun, results)
      : results.map(({ output, failure }) => (failure ? failure.output : output));
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

  function checkTolerance({ count, percentage }: Tolerance): void {
    if (count < 0) throw fault(`${state.name}`, 'ToleratedFailureCount cannot be negative.');
    if (percentage < 0 || percentage > 100)
      throw fault(state.name, 'ToleratedFailurePercentage must be between 0 and 100.');
  }

  function fault(name: string, sentence: string): StateFailure {
    const begin = `An error occurred while executing the state '${name}' (entered at the event id #${visit.entered}).`;
    return new StateFailure('States.Runtime', `${begin} ${sentence}`);
  }
}

async function runAll(
  { flowing }: Visit,
  mapRun: MapRun,
  inputs: readonly unknown[],
  { count, percentage, concurrency }: Tolerance & { readonly concurrency: number },
): Promise<readonly ChildResult[]> {
  const results = new Array<ChildResult>(inputs.length);
  const ending = new AbortController();
  const signal = AbortSignal.any([flowing.signal, ending.signal]);
  const none = count === 0 && percentage === 0;
  let next = 0;
  let failures = 0;
  const tooMany = () =>
    failures > 0 &&
    (none || (count > 0 && failures > count) || (percentage > 0 && (failures / inputs.length) * 100 > percentage));
  const lanes = Array.from({ length: Math.min(concurrency, inputs.length) }, async () => {
    while (next < inputs.length && !signal.aborted) {
      const index = next++;
      const result = await mapRun.child(inputs[index], signal);
      results[index] = result;
      if (result.failure) failures++;
      if (tooMany()) ending.abort();
    }
  });
  try {
    await Promise.all(lanes);
  } finally {
    ending.abort();
  }
  flowing.signal.throwIfAborted();
  if (!tooMany()) return results;
  throw new StateFailure(
    'States.ExceedToleratedFailureThreshold',
    'The specified tolerated failure threshold was exceeded',
  );
}
