import type { State } from '../../../../../core/asl/definition';
import type { JsonObject } from '../../../kernel/json';
import type { Thread } from './history';
import type { Progress } from './progress';
import type { Run } from './run';
import type { Variables } from './variables';

/** A running flow: a whole machine, a branch or a map item. */
export interface Flowing extends Thread {
  readonly variables: Variables;
  readonly signal: AbortSignal;
  /** Additions to the context object: the map item. */
  readonly context: JsonObject;
  /** How far it has come. */
  readonly progress: Progress;
  /** The current state, for the history if the flow is cancelled. */
  current?: State;
}

/** One visit of an execution to a state. */
export interface Visit {
  readonly run: Run;
  /** The flow that the state belongs to. */
  readonly flowing: Flowing;
  readonly state: State;
  readonly input: unknown;
  /** The event that it was entered with. */
  readonly entered: number;
  /** The entry time in the context object. */
  readonly enteredTime: string;
  /** The number of retries. */
  retries: number;
  /** The token of a task that waits for a callback. */
  token?: string;
}

/** Retryable state types: only these have a retry count. */
const RETRIED = ['Task', 'Parallel', 'Map'];

/** The context object: `$$` of JSONPath, `$states.context` of JSONata. */
export function contextOf({ run, flowing, state, enteredTime, retries, token }: Visit): JsonObject {
  const retried = RETRIED.includes(state.type) && { RetryCount: retries };
  return {
    ...run.context,
    State: { Name: state.name, EnteredTime: enteredTime, ...retried },
    ...flowing.context,
    ...(token !== undefined && { Task: { Token: token } }),
  };
}
