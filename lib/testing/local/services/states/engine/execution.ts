import type { Flow } from '../../../../../core/asl/definition';
import type { JsonObject } from '../../../kernel/json';
import { runFlow } from './flow';
import { ExecutionEnd, NotRunHere, StateFailure } from './failure';
import { History } from './history';
import { begin } from './progress';
import type { Run } from './run';
import { Variables } from './variables';

/** The status of an execution. */
export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** The parameters of a started execution. */
export interface ExecutionStart {
  readonly arn: string;
  readonly name: string;
  readonly machineArn: string;
  readonly machineName: string;
  readonly roleArn: string;
  /** The definition at the time of the start. */
  readonly flow: Flow;
  /** The input, as it was given. */
  readonly input: string;
  /** The timeout, in seconds. */
  readonly timeout?: number;
  /** The map run that it is a child of. */
  readonly mapRunArn?: string;
}

/** The dependencies of an execution. */
export type ExecutionEngine = Omit<Run, 'history' | 'context'>;

/** The error name for features the local run does not support. */
export const NOT_RUN_HERE = 'LocalRunUnsupported';

/** One execution of a state machine. */
export class Execution {
  readonly history: History;
  /** When it began, in milliseconds. */
  readonly started: number;
  /** When it ended, in milliseconds. */
  stopped: number | undefined;
  status: ExecutionStatus = 'RUNNING';
  /** Its output, as JSON. */
  output: string | undefined;
  error: string | undefined;
  /** The cause of the error. */
  cause: string | undefined;
  /** The number of redrives. */
  redrives = 0;
  /** When it was last redriven, in milliseconds. */
  redriven: number | undefined;
  private readonly progress = begin();
  private ending = new AbortController();
  private running: Promise<void> = Promise.resolve();

  /**
   * @param start its start parameters
   * @param engine its dependencies
   * @param changed called when its status changes
   */
  constructor(
    readonly start: ExecutionStart,
    private readonly engine: ExecutionEngine,
    private readonly changed: (execution: Execution) => void = () => undefined,
  ) {
    this.started = engine.time.now();
    this.history = new History(() => engine.time.now(), !engine.express);
  }

  /** Resolves when it has ended. */
  get done(): Promise<void> {
    return this.running;
  }

  begin(): void {
    const { input, roleArn } = this.start;
    const executionStartedEventDetails = { input, inputDetails: { truncated: false }, roleArn };
    this.history.append('ExecutionStarted', 0, { executionStartedEventDetails });
    this.changed(this);
    this.running = this.run();
  }

  /** Aborts it and waits for the end; does nothing if it has ended. */
  async stop(error?: string, cause?: string): Promise<void> {
    this.abort(error, cause);
    await this.running;
  }

  /** Aborts it without waiting; see `done`. */
  abort(error?: string, cause?: string): void {
    this.ending.abort(new ExecutionEnd('ABORTED', error, cause));
  }

  /** Resumes from the failed state. */
  redrive(): void {
    this.redrives++;
    this.redriven = this.engine.time.now();
    this.status = 'RUNNING';
    for (const field of ['stopped', 'error', 'cause'] as const) this[field] = undefined;
    this.ending = new AbortController();
    this.history.reopen();
    const last = this.history.events.length;
    this.history.append('ExecutionRedriven', last, { executionRedrivenEventDetails: { redriveCount: this.redrives } });
    this.changed(this);
    this.running = this.run();
  }

  private async run(): Promise<void> {
    const { signal } = this.ending;
    const { flow, input, timeout } = this.start;
    const finished = new AbortController();
    const first = this.redrives > 0 ? this.history.events.length : 0;
    const flowing = {
      previous: first,
      variables: this.progress.at?.variables ?? new Variables(),
      signal,
      context: {},
      progress: this.progress,
    };
    if (timeout !== undefined) this.limit(timeout, finished.signal).catch((error: unknown) => this.ending.abort(error));
    try {
      const run: Run = { ...this.engine, history: this.history, context: this.context() };
      const output = await Promise.race([runFlow(flow, JSON.parse(input), flowing, run), cut(signal)]);
      this.output = JSON.stringify(output);
      const executionSucceededEventDetails = { output: this.output, outputDetails: { truncated: false } };
      this.end('SUCCEEDED', 'ExecutionSucceeded', flowing.previous, { executionSucceededEventDetails });
    } catch (error) {
      this.fail(signal.aborted ? signal.reason : error, flowing.previous);
    } finally {
      finished.abort();
      this.changed(this);
    }
  }

  private fail(reason: unknown, previous: number): void {
    if (reason instanceof ExecutionEnd) {
      const { status, error, detail } = reason;
      const [type, named] = ENDS[status];
      const details = new StateFailure(error, detail).details;
      [this.error, this.cause] = [error, detail];
      return this.end(status, type, status === 'FAILED' ? previous : 0, { [named]: details });
    }
    const failure =
      reason instanceof StateFailure
        ? reason
        : new StateFailure(
            reason instanceof NotRunHere ? NOT_RUN_HERE : 'States.Runtime',
            reason instanceof Error ? reason.message : String(reason),
          );
    [this.error, this.cause] = [failure.error, failure.detail === '' ? undefined : failure.detail];
    // Whatever still runs, such as another branch, ends with it.
    this.ending.abort(new ExecutionEnd('ABORTED'));
    this.end('FAILED', 'ExecutionFailed', previous, { executionFailedEventDetails: failure.details });
  }

  private end(status: ExecutionStatus, type: string, previous: number, details: JsonObject): void {
    this.stopped = this.engine.time.now();
    this.history.end(type, previous, details);
    this.status = status;
  }

  private async limit(seconds: number, finished: AbortSignal): Promise<void> {
    const begun = this.engine.time.now();
    await this.engine.time.limit(seconds, () => begun, finished);
    if (!finished.aborted) this.ending.abort(new ExecutionEnd('TIMED_OUT', 'States.Timeout'));
  }

  private context(): JsonObject {
    const { arn, name, roleArn, input, machineArn, machineName } = this.start;
    return {
      Execution: {
        Id: arn,
        Input: JSON.parse(input) as unknown,
        StartTime: new Date(this.started).toISOString(),
        Name: name,
        RoleArn: roleArn,
        ...(!this.engine.express && { RedriveCount: this.redrives }),
        ...(this.redriven !== undefined && { RedriveTime: new Date(this.redriven).toISOString() }),
      },
      StateMachine: { Id: machineArn, Name: machineName },
    };
  }
}

const ENDS = {
  FAILED: ['ExecutionFailed', 'executionFailedEventDetails'],
  TIMED_OUT: ['ExecutionTimedOut', 'executionTimedOutEventDetails'],
  ABORTED: ['ExecutionAborted', 'executionAbortedEventDetails'],
} as const;

function cut(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
