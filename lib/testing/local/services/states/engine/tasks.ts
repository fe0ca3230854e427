import type { TaskCall } from '../../../../../core/asl/task';
import type { JsonRecord } from '../../../kernel/json';
import type { TaskTokens, WaitingTask } from './tokens';

/** A call of a task. */
export interface TaskRequest {
  readonly call: TaskCall;
  readonly parameters: unknown;
  /** The role that it calls with, where it is not the machine's own. */
  readonly role?: string;
  /** `AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID`: the execution that calls. */
  readonly execution: string;
  /** Of an activity: what its worker answers to, and who is told that a worker has it. */
  readonly worker?: { readonly token: WaitingTask; readonly begun: (name: string | undefined) => void };
  /** Ends when nobody waits any longer. */
  readonly signal: AbortSignal;
  /** Whether the body of the answer is wanted as it is, as a Buffer. */
  readonly raw?: boolean;
}

/** Runs what tasks call. */
export interface TaskRunner {
  readonly region: string;
  /** The tokens of tasks that wait for them. */
  readonly tokens: TaskTokens;
  /**
   * Calls, and gives the answer of the call.
   * @throws StateFailure when it fails
   * @throws NotRunHere when the local run does not have it
   */
  call(request: TaskRequest): Promise<unknown>;
  /** Waits for the end of a job that a call has begun, and gives what it came to. */
  finished(request: TaskRequest, answer: JsonRecord): Promise<unknown>;
}
