import type { State } from '../../../../../core/asl/definition';
import type { JsonRecord } from '../../../kernel/json';
import type { Thread } from './history';
import type { Progress } from './progress';
import type { Run } from './run';
import type { Variables } from './variables';

/** A flow that runs: a whole machine, a branch, or one item of a map. */
export interface Flowing extends Thread {
  readonly variables: Variables;
  readonly signal: AbortSignal;
  /** What the context object has beside: the item of a map. */
  readonly context: JsonRecord;
  /** How far it has come. */
  readonly progress: Progress;
  /** The state that it is in, for the history when it is cut off. */
  current?: State;
}

/** One state that an execution is in. */
export interface Visit {
  readonly run: Run;
  /** The flow that the state belongs to. */
  readonly flowing: Flowing;
  readonly state: State;
  readonly input: unknown;
  /** The event that it was entered with. */
  readonly entered: number;
  /** When, as the context object has it. */
  readonly enteredTime: string;
  /** How often it was tried again. */
  retries: number;
  /** Of a task that waits for it. */
  token?: string;
}

/** States that may be tried again: only they have a count. */
const RETRIED = ['Task', 'Parallel', 'Map'];

/** The context object: `$$` of JSONPath, `$states.context` of JSONata. */
export function contextOf({ run, flowing, state, enteredTime, retries, token }: Visit): JsonRecord {
  const retried = RETRIED.includes(state.type) && { RetryCount: retries };
  return {
    ...run.context,
    State: { Name: state.name, EnteredTime: enteredTime, ...retried },
    ...flowing.context,
    ...(token !== undefined && { Task: { Token: token } }),
  };
}
