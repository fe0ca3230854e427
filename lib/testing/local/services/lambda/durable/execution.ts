import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { AwsError } from '../../../kernel/aws-errors';
import type { Clock } from '../../../kernel/clock';
import { messageOf } from '../../../kernel/errors';
import type { ServiceTime } from '../../../kernel/service-time';
import { CANNOT_RUN, ThrottledError } from '../../../lambda/function-errors';
import type { Outcome } from '../../../lambda/lambda-function';
import { answerIn, errorObjectIn, invalidAnswer } from './answer';
import { DurableHistory, failure, shown } from './history';
import { type CallEnd, Operations, secret } from './operations';
import {
  type DurableStatus,
  epoch,
  type ErrorObject,
  iso,
  type Operation,
  type OperationUpdate,
  written,
} from './wire';

/** The start parameters of an execution. */
export interface DurableStart {
  readonly arn: string;
  readonly name: string;
  /** ARN of the function, with its version. */
  readonly functionArn: string;
  readonly version: string;
  /** JSON. */
  readonly input: string;
  /** Its timeout, in seconds. */
  readonly timeout: number;
}

/** What runs executions. */
export interface DurableEngine {
  readonly time: ServiceTime;
  readonly clock: Clock;
  /** Invokes the function once. */
  readonly invoke: (event: string, requestId: string) => Promise<Outcome>;
  /** Invokes another function with this one's role. */
  readonly call: (functionName: string, payload: string) => Promise<CallEnd>;
  /** Why its role may not use the key of its data; undefined if it may. */
  readonly keyRefusal: () => string | undefined;
  /** Whether to replay after each step, to expose non-deterministic handlers. */
  readonly replays: boolean;
  /** Called when the status changes. */
  readonly changed: (execution: DurableExecution) => void;
  /** Called when this run ends an invocation just to replay it: its further output is not logged. */
  readonly interrupt: (requestId: string) => void;
  /** Called when it has ended, which is not a failure. */
  readonly interrupted: () => void;
}

/** Pauses of 2, 4, 8 ... seconds: an invocation that crashes for some minutes has failed for good. */
const ATTEMPTS = 7;
/** Operations included in an event; the handler fetches the rest. */
const PAGE = 100;

/** An execution of a durable function: invoked again to replay whenever something it waits for has ended. */
export class DurableExecution {
  readonly history: DurableHistory;
  readonly started = Date.now();
  stopped: number | undefined;
  status: DurableStatus = 'RUNNING';
  result: string | undefined;
  failure: ErrorObject | undefined;
  /** Resolves when it ends. */
  readonly done: Promise<void>;
  readonly operations: Operations;
  private readonly ended = new AbortController();
  private finish!: () => void;
  private wake: (() => void) | undefined;
  private token: string | undefined;
  private interrupted = false;
  private requestId = '';

  /**
   * @param start the start parameters
   * @param engine runs it
   */
  constructor(
    readonly start: DurableStart,
    private readonly engine: DurableEngine,
  ) {
    this.history = new DurableHistory(() => Date.now());
    this.done = new Promise((resolve) => (this.finish = resolve));
    const root: Operation = {
      id: start.arn.split('/').at(-1)!,
      parentId: undefined,
      name: start.name,
      type: 'EXECUTION',
      subType: undefined,
      started: this.started,
      status: 'STARTED',
      payload: start.input,
      attempts: 0,
    };
    const { time, clock, call } = engine;
    // There are as many timers as operations.
    setMaxListeners(0, this.ended.signal);
    this.operations = new Operations(
      {
        history: this.history,
        time,
        clock,
        call,
        ended: this.ended.signal,
        callbackId: (operation) => secret(start.arn, operation),
        broken: (error) => this.broken(error),
        changed: () => this.wake?.(),
      },
      root,
    );
  }

  /** Whether it is only waiting for an external answer. */
  get asks(): boolean {
    return this.token === undefined && this.operations.asking;
  }

  /** Starts running. */
  begin(): void {
    const { start, engine } = this;
    this.history.add('ExecutionStarted', { Input: shown(start.input), ExecutionTimeout: start.timeout });
    engine.changed(this);
    const expire = () => {
      const error = { ErrorMessage: `Execution timed out after ${start.timeout} seconds.` };
      if (this.status === 'RUNNING') this.end('TIMED_OUT', { error });
    };
    const broken = (error: unknown) => this.broken(error);
    engine.time.wait(start.timeout, this.ended.signal).then(expire).catch(broken);
    this.run().catch(broken);
  }

  /** Stops it from outside. A running invocation continues until its next checkpoint. */
  stop(error: ErrorObject = {}): void {
    if (this.status === 'RUNNING') this.end('STOPPED', { error });
  }

  /** Records a heartbeat of a callback. */
  hear(callback: Operation): void {
    callback.heard = this.engine.time.now();
  }

  /**
   * Saves a handler's checkpoint.
   * @returns the new state for the handler
   * @throws AwsError when the token is not that of the running invocation, or Lambda refuses the updates
   */
  checkpoint(token: string, updates: readonly OperationUpdate[]): { readonly token?: string; readonly news: object[] } {
    this.checkToken(token);
    this.checkKey();
    const whole = updates.find(({ Type }) => Type === 'EXECUTION');
    this.operations.apply(updates.filter((update) => update !== whole));
    if (whole) {
      if (whole.Action === 'SUCCEED') this.end('SUCCEEDED', { result: whole.Payload });
      else this.end('FAILED', { error: whole.Error });
      return { news: [] };
    }
    const stepped = updates.some(({ Type, Action }) => Type === 'STEP' && ['SUCCEED', 'FAIL'].includes(Action));
    if (this.engine.replays && stepped && !this.operations.working) this.interrupt();
    this.token = secret(this.start.arn);
    return { token: this.token, news: this.operations.takeNews().map((one) => written(one, epoch)) };
  }

  /**
   * Operations that did not fit in the event.
   * @throws AwsError when the token is not that of the running invocation
   */
  state(token: string, marker: string, most: number): object {
    this.checkToken(token);
    this.checkKey();
    return this.page(Number(marker) || 0, most, epoch);
  }

  /** This run's own faults are reported at the end of the execution. */
  private broken(error: unknown): void {
    if (this.status !== 'RUNNING') return;
    this.end('FAILED', { error: { ErrorType: 'LocalRun.Broken', ErrorMessage: messageOf(error) } });
  }

  private checkToken(token: string): void {
    if (this.token === undefined || token !== this.token)
      throw new AwsError('InvalidParameterValueException', 'Invalid Checkpoint Token', 400);
  }

  /** Without its key an execution ends at the next checkpoint. */
  private checkKey(): void {
    const refused = this.engine.keyRefusal();
    if (refused === undefined) return;
    const ErrorType = 'KMSAccessDeniedException';
    this.end('FAILED', { error: { ErrorType, ErrorMessage: refused } });
    throw new AwsError(ErrorType, refused, 502);
  }

  /** Lambda may end an invocation at any time; checkpoints stay, and the handler must reach the same state again. */
  private interrupt(): never {
    this.engine.interrupt(this.requestId);
    this.interrupted = true;
    this.token = undefined;
    throw new AwsError('InvalidParameterValueException', 'Invalid Checkpoint Token: this run replays each step', 400);
  }

  private page(from: number, most: number, time: (milliseconds: number) => unknown): object {
    const { visible } = this.operations;
    const to = from + most;
    return {
      Operations: visible.slice(from, to).map((one) => written(one, time)),
      ...(to < visible.length && { NextMarker: String(to) }),
    };
  }

  private async run(): Promise<void> {
    for (let failures = 0; this.status === 'RUNNING';) {
      const outcome = await this.invoke();
      this.token = undefined;
      if (this.status !== 'RUNNING') return;
      if (outcome === undefined) await this.engine.time.wait(1, this.ended.signal);
      else if (this.interrupted) this.engine.interrupted();
      else if (outcome.error) {
        const error = errorObjectIn(outcome.payload.toString());
        if (++failures === ATTEMPTS || outcome.error.errorType === CANNOT_RUN) return this.end('FAILED', { error });
        await this.engine.time.wait(2 ** failures, this.ended.signal);
      } else {
        failures = 0;
        await this.respond(outcome.payload.toString());
      }
    }
  }

  /** Undefined if the function's concurrency is used up. */
  private async invoke(): Promise<Outcome | undefined> {
    this.interrupted = false;
    this.requestId = randomUUID();
    const { requestId } = this;
    this.token = secret(this.start.arn);
    const updated = this.operations.takeNews().map(({ id }) => id);
    const event = {
      DurableExecutionArn: this.start.arn,
      CheckpointToken: this.token,
      InitialExecutionState: this.page(0, PAGE, iso),
      UpdatedOperationIds: updated,
    };
    const begun = Date.now();
    try {
      const outcome = await this.engine.invoke(JSON.stringify(event), requestId);
      if (this.status === 'RUNNING' && !this.interrupted)
        this.history.add('InvocationCompleted', {
          StartTimestamp: epoch(begun),
          EndTimestamp: epoch(Date.now()),
          RequestId: requestId,
          ...(outcome.error && { Error: failure(errorObjectIn(outcome.payload.toString())) }),
        });
      return outcome;
    } catch (error) {
      if (error instanceof ThrottledError) return undefined;
      throw error;
    }
  }

  /** Handles the answer of an invocation. */
  private async respond(payload: string): Promise<void> {
    const answer = answerIn(payload);
    if (answer.status !== 'PENDING') this.end(answer.status, answer);
    else if (!this.operations.news && !this.operations.pending)
      this.end('FAILED', invalidAnswer('Cannot return PENDING status with no pending operations.'));
    else if (!this.operations.news) await this.woken();
  }

  private async woken(): Promise<void> {
    await new Promise<void>((resolve) => (this.wake = resolve));
    this.wake = undefined;
  }

  private end(
    status: DurableStatus,
    { result, error }: { readonly result?: string | undefined; readonly error?: ErrorObject | undefined },
  ): void {
    this.status = status;
    this.stopped = Date.now();
    this.result = result;
    this.failure = error;
    this.token = undefined;
    const event = { SUCCEEDED: 'Succeeded', TIMED_OUT: 'TimedOut', STOPPED: 'Stopped' }[status as string] ?? 'Failed';
    this.history.add(
      `Execution${event}`,
      status === 'SUCCEEDED' ? { Result: shown(result) } : { Error: failure(error) },
    );
    this.ended.abort();
    this.wake?.();
    this.engine.changed(this);
    this.finish();
  }
}
