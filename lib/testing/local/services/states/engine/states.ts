import type { State } from '../../../../../core/asl/definition';
import { runChoice } from './choice';
import { dataOf } from './data';
import { runFail } from './fail';
import { StateFailure } from './failure';
import type { Outcome } from './flow';
import { mapFailed, runMap } from './map';
import { parallelFailed, runParallel } from './parallel';
import { runTask } from './task';
import type { Visit } from './visit';
import { runWait } from './wait';

/** How a kind of state runs. */
export interface StateKind {
  /** Runs it once. */
  run(visit: Visit): Promise<Outcome>;
  /** Records the final failure of the state. */
  failed?(visit: Visit): void;
}

const KINDS: Readonly<Record<string, StateKind>> = {
  Pass: { run: runPass },
  Succeed: { run: (visit) => ended(visit, undefined) },
  Fail: { run: runFail },
  Wait: { run: async (visit) => (await runWait(visit), ended(visit, undefined)) },
  Choice: { run: runChoice },
  Task: { run: async (visit) => ended(visit, await runTask(visit)) },
  Parallel: { run: async (visit) => ended(visit, await runParallel(visit)), failed: parallelFailed },
  Map: { run: async (visit) => ended(visit, await runMap(visit)), failed: mapFailed },
};

/** @throws StateFailure when there is no such kind */
export function kindOf({ type }: State): StateKind {
  if (Object.hasOwn(KINDS, type)) return KINDS[type]!;
  throw new StateFailure('States.Runtime', `There is no kind of state '${type}'.`);
}

/** A Pass outputs its `Result`, or its input. */
async function runPass(visit: Visit): Promise<Outcome> {
  const { body, language } = visit.state;
  if (language === 'JSONata') return ended(visit, undefined);
  return ended(visit, {
    value: body.Result === undefined ? await dataOf(language).arguments(visit) : body.Result,
  });
}

async function ended(visit: Visit, result: { readonly value: unknown } | undefined): Promise<Outcome> {
  const { state } = visit;
  const completed = await dataOf(state.language).completed(visit, result);
  const next = state.end ? undefined : state.transitions.find(({ by }) => by === 'Next')?.to;
  return { ...completed, ...(next !== undefined && { next }) };
}
