import type { Catcher, Flow, State } from '../../../../../core/asl/definition';
import { RUNTIME } from '../../../../../core/asl/errors';
import { dataOf, type Completed } from './data';
import { EvaluationFailure, StateFailure, StateFault, runtimeFault } from './failure';
import { isCovered, Retries } from './retry';
import { forget } from './progress';
import type { Run } from './run';
import { kindOf } from './states';
import { checkSize, Variables } from './variables';
import type { Flowing, Visit } from './visit';

/** The outcome of a state. */
export interface Outcome extends Completed {
  /** The next state; undefined at the end of the flow. */
  readonly next?: string;
}

/**
 * Runs a flow to its end.
 * @returns its output
 * @throws StateFailure when it fails
 */
export async function runFlow(flow: Flow, input: unknown, flowing: Flowing, run: Run): Promise<unknown> {
  const { progress, variables } = flowing;
  let { name, input: given } = progress.at ?? { name: flow.startAt, input };
  while (name !== undefined) {
    const state = flow.states.get(name);
    if (!state) throw new StateFailure('States.Runtime', `There is no state '${name}'.`);
    progress.at = { name, input: given, variables: variables.copy() };
    const { output, next } = await runState(state, given, flowing, run);
    forget(progress);
    [name, given] = [next, output];
  }
  progress.done = { output: given };
  return given;
}

async function runState(state: State, input: unknown, flowing: Flowing, run: Run): Promise<Outcome> {
  const { history, time } = run;
  const before = flowing.previous;
  flowing.current = state;
  const stateEnteredEventDetails = {
    name: state.name,
    input: JSON.stringify(input),
    inputDetails: { truncated: false },
  };
  const entered = history.append(`${state.type}StateEntered`, before, { stateEnteredEventDetails });
  flowing.previous = entered;
  const visit: Visit = { run, flowing, state, input, entered, enteredTime: time.iso(), retries: 0 };
  const outcome = await attempts(visit, before);
  exit(visit, outcome);
  return outcome;
}

async function attempts(visit: Visit, before: number): Promise<Outcome> {
  const { state, run, flowing } = visit;
  const retries = new Retries(state);
  for (;;) {
    flowing.signal.throwIfAborted();
    try {
      const outcome = await kindOf(state).run(visit);
      checkSize(outcome.output, state.name);
      if (outcome.assigned) flowing.variables.assign(outcome.assigned, state.name);
      return outcome;
    } catch (error) {
      const failure = failureOf(error, visit);
      if (failure instanceof EvaluationFailure) recordEvaluation(failure, visit, before);
      const pause = retries.pauseAfter(failure);
      if (pause === undefined) return caught(visit, failure);
      visit.retries++;
      // A retry starts over, including completed parts; only a redrive keeps those.
      forget(flowing.progress);
      await run.time.wait(pause, flowing.signal);
    }
  }
}

/** Applies a catcher to a failure. A failure in doing so is not caught by the same state. */
async function caught(visit: Visit, failure: StateFailure): Promise<Outcome> {
  const { state, flowing } = visit;
  // An uncatchable failure ends the execution right there.
  if (failure.error !== RUNTIME) kindOf(state).failed?.(visit);
  const catcher = state.catchers.find(({ errors }) => isCovered(errors, failure));
  if (!catcher) throw failure;
  try {
    const completed = await dataOf(state.language).caught(visit, catcher, failure.output);
    checkSize(completed.output, state.name);
    if (completed.assigned) flowing.variables.assign(completed.assigned, state.name);
    return { ...completed, ...nextOf(catcher) };
  } catch (error) {
    const again = failureOf(error, visit);
    if (again instanceof EvaluationFailure) recordEvaluation(again, visit, flowing.previous);
    throw again;
  }
}

function nextOf({ next }: Catcher): { readonly next: string } {
  if (next === undefined) throw runtimeFault('A Catch has no Next.');
  return { next };
}

function exit({ run, flowing, state }: Visit, { output, assigned }: Outcome): void {
  const stateExitedEventDetails = {
    name: state.name,
    output: JSON.stringify(output),
    outputDetails: { truncated: false },
    ...(assigned && {
      assignedVariables: Object.fromEntries(
        Object.entries(assigned).map(([name, value]) => [name, JSON.stringify(value)] as const),
      ),
      assignedVariablesDetails: { truncated: false },
    }),
  };
  delete flowing.current;
  run.history.add(flowing, `${state.type}StateExited`, { stateExitedEventDetails });
}

/** @throws any error that is not a failure of the state */
function failureOf(error: unknown, { state, entered }: Visit): StateFailure {
  if (error instanceof StateFault) return error.inState(state.name, entered);
  if (error instanceof StateFailure) return error;
  throw error;
}

/** The event of a failed expression follows the one before its state; that of an invalid result, the state's entry. */
function recordEvaluation(failure: EvaluationFailure, { run, flowing, entered, state }: Visit, before: number): void {
  const { fault, error, detail: cause } = failure;
  if (flowing.previous === entered && !fault.evaluated) flowing.previous = before;
  const location = fault.field === '' ? {} : { location: fault.field };
  const evaluationFailedEventDetails = { error, cause, ...location, state: state.name };
  run.history.add(flowing, 'EvaluationFailed', { evaluationFailedEventDetails });
}

/** A flow nested in a state: a branch or an item. */
export function innerFlowing(
  { flowing }: Pick<Visit, 'flowing'>,
  own: Pick<Flowing, 'signal' | 'progress' | 'previous'> & Partial<Pick<Flowing, 'context'>>,
): Flowing {
  return {
    ...own,
    variables: own.progress.at?.variables ?? new Variables(flowing.variables),
    context: own.context ?? flowing.context,
  };
}
