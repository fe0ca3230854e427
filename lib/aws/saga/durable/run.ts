import { type DurableContext, StepError } from '@aws/durable-execution-sdk-js';
import { ENDS, ENVELOPE, INPUT_TOO_LARGE, RESUME } from '../outcome';
import type { DurablePlan } from './durable-plan';
import { failureOf } from './failures';
import { forward } from './forward';
import { park } from './park';
import { fits, type SagaFailed, type SagaState } from './state';
import { undo } from './undo';

/** What a saga runs with. */
export interface SagaParts {
  readonly plan: DurablePlan;
  /** Names of functions, by index. */
  readonly functions: readonly string[];
  /** URL of the queue for parked sagas. */
  readonly parked: string;
  /** Name of the bucket for results that are too large. */
  readonly claims?: string | undefined;
  /** Version of the function that processes parts of distributed lists, if there are any. */
  readonly parts?: string | undefined;
  /** ARN of the saga's own function. */
  readonly saga: string;
  /** This execution, for logs. */
  readonly execution: { readonly name: string; readonly arn: string; readonly startTime: string };
}

/** A running saga. */
export interface SagaRun extends SagaParts {
  readonly state: SagaState;
  /** Whether it resumes an earlier execution. */
  readonly before: boolean;
  /** Its deadline, if it has one. */
  readonly over: { readonly promise: PromiseLike<unknown>; readonly now: boolean } | undefined;
}

/**
 * Runs a saga to one of its ends.
 * @returns what the steps returned
 * @throws SagaEnd when it is undone or parked
 */
export async function runSaga(context: DurableContext, event: unknown, parts: SagaParts): Promise<unknown> {
  const { before, failed: reason, ...state } = begin(event, parts.execution.name);
  const { deadline } = parts.plan;
  const over = before || deadline === undefined ? undefined : deadlineOf(context, deadline);
  const run: SagaRun = { ...parts, state, before, over };
  // Refuse what cannot be carried before anything is done.
  const large = fits([state.input]) ? undefined : INPUT_TOO_LARGE;
  const failed = reason ?? large ?? (await forward(context, run));
  if (failed === undefined) return run.state.results;
  const undone = await undo(context, run, failed);
  if (undone.undo === undefined) throw new SagaEnd(ENDS.undone, `${undone.step}: ${undone.error}`);
  const what = `${undone.undo.step} could not be undone`;
  try {
    await park(context, run, undone);
  } catch (error) {
    // Only a step's final failure; anything else that interrupts a replay is not ours to handle.
    if (!(error instanceof StepError)) throw error;
    throw new SagaEnd(ENDS.notParked, `${what}, and the message of it not be sent: ${failureOf(error).error}`);
  }
  throw new SagaEnd(ENDS.parked, `${what}: ${undone.undo.error}`);
}

/** The end of an unsuccessful saga, identified by its name. */
export class SagaEnd extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

interface Beginning extends SagaState {
  /** Whether it resumes an earlier execution. */
  readonly before: boolean;
}

/** What an execution starts with: nothing done yet, or what its predecessor left. */
function begin(event: unknown, name: string): Beginning {
  const envelope =
    typeof event === 'object' && event !== null ? (event as Record<string, unknown>)[ENVELOPE] : undefined;
  const empty = { results: {}, items: {}, outcomes: {} };
  if (envelope !== undefined && new RegExp(`${RESUME}[0-9]+$`).test(name)) {
    return { ...empty, ...(envelope as SagaState & { readonly failed: SagaFailed }), before: true };
  }
  const started = envelope as { readonly key?: string; readonly input: unknown } | undefined;
  return { ...empty, key: started?.key ?? name, input: started ? started.input : event, before: false };
}

/** A wait parallel to everything else: the platform's own timer, which survives replays. */
export function deadlineOf(context: DurableContext, seconds: number): NonNullable<SagaRun['over']> {
  let now = false;
  const promise = context.wait('Saga in time', { seconds: Math.max(1, Math.ceil(seconds)) }).then(() => (now = true));
  return {
    promise,
    get now() {
      return now;
    },
  };
}
