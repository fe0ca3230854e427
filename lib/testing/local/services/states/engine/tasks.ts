import type { TaskCall } from '../../../../../core/asl/task';
import type { JsonObject } from '../../../kernel/json';
import type { TaskTokens, WaitingTask } from './tokens';

/** A call of a task. */
export interface TaskRequest {
  readonly call: TaskCall;
  readonly parameters: unknown;
  /** The role to assume, if not the machine's own. */
  readonly role?: string;
  /** `AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID`: the execution that calls. */
  readonly execution: string;
  /** For an activity: its token, and a callback for when a worker picks it up. */
  readonly worker?: { readonly token: WaitingTask; readonly begun: (name: string | undefined) => void };
  /** Aborted when nothing waits for the result any longer. */
  readonly signal: AbortSignal;
  /** Whether to return the raw response body, as a Buffer. */
  readonly raw?: boolean;
}

/** Runs what tasks call. */
export interface TaskRunner {
  readonly region: string;
  /** The open task tokens. */
  readonly tokens: TaskTokens;
  /**
   * Makes the call and returns its response.
   * @throws StateFailure when it fails
   * @throws NotRunHere when the local run does not support it
   */
  call(request: TaskRequest): Promise<unknown>;
  /** Waits for a job started by a call and returns its result. */
  finished(request: TaskRequest, answer: JsonObject): Promise<unknown>;
}
