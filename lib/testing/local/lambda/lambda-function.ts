import { randomUUID } from 'node:crypto';
import { lambda } from '../../../core/facts';
import type { Clock } from '../kernel/clock';
import type { Deployed } from '../kernel/deployment';
import { LocalRunError } from '../kernel/errors';
import type { SigningCaller } from '../kernel/keys';
import type { ExecutionEnvironment, ResponseSink } from './environment/execution-environment';
import type { Environments } from './environments';
import { CANNOT_RUN, type ErrorPayload, FunctionError, isOfSandbox, ThrottledError } from './function-errors';
import { number } from '../kernel/json';
import type { Logs } from '../kernel/logs';
import { newTrace, traceOfInvocation } from '../kernel/trace';
import { PlatformLog } from './platform-log';
import type { InvocationCounts } from '../report';

/** How a function is invoked. */
export interface InvokeOptions {
  /** The version that runs: `$LATEST` or a number. */
  readonly version?: string;
  /** The ARN it is called by, with the alias or version where one was named. */
  readonly invokedArn?: string;
  /** The id of the request, kept over the retries of an asynchronous invocation. */
  readonly requestId?: string;
  /** The trace header of the caller. */
  readonly traceId?: string;
  /** The client context, as JSON. */
  readonly clientContext?: string;
  /** Receives the answer while it is written, if the handler streams it. */
  readonly sink?: ResponseSink;
}

/** What came of an invocation. */
export interface Outcome {
  /** The id of the request. */
  readonly requestId: string;
  /** What the handler answered, as bytes of JSON; of a streaming handler, what it wrote. With `error`, the error as JSON. */
  readonly payload: Buffer;
  /** Set when the handler failed. */
  readonly error?: FunctionError;
  readonly version: string;
}

/** What a Lambda function is made of. */
export interface FunctionParts {
  readonly deployed: Deployed;
  readonly environments: Environments;
  /** Who its calls are signed by. */
  readonly caller: SigningCaller;
  readonly logs: Logs;
  /** Notified when a handler begins and ends. */
  readonly clock: Clock;
  /** How many environments run at once; more invocations wait. */
  readonly maxEnvironments: number;
}

/** Lambda adds this many bytes to the payload limit when it checks an answer. */
const OVERHEAD = 100;
const MAX_RESPONSE = lambda.synchronousPayload.value + OVERHEAD;

interface Slot {
  readonly making: Promise<ExecutionEnvironment>;
  environment?: ExecutionEnvironment;
  readonly version: string;
  busy: boolean;
  /** Its code has changed since: it ends with its current invocation. */
  outdated?: true;
}

/** A Lambda function: its execution environments, its concurrency, its invocations. */
export class LambdaFunction {
  readonly name: string;
  /** Reserved concurrency; undefined if there is none. */
  readonly reserved: number | undefined;
  private readonly slots: Slot[] = [];
  private readonly waiting: (() => void)[] = [];
  private running = 0;
  private total = 0;
  private failed = 0;
  private throttled = 0;
  private stopped = false;
  private readonly platformLog: PlatformLog;

  /** @param parts what it is made of */
  constructor(private readonly parts: FunctionParts) {
    this.platformLog = new PlatformLog(parts.deployed);
    this.name = parts.deployed.ref;
    this.reserved = number(parts.deployed.properties.ReservedConcurrentExecutions);
  }

  get deployed(): Deployed {
    return this.parts.deployed;
  }

  /** Who its calls are signed by. */
  get caller(): SigningCaller {
    return this.parts.caller;
  }

  /** How many invocations run now. */
  get inFlight(): number {
    return this.running;
  }

  /** How often it was invoked. */
  get counts(): InvocationCounts {
    return { total: this.total, failed: this.failed, throttled: this.throttled };
  }

  /**
   * Runs the handler once.
   * @throws ThrottledError when all reserved concurrency is in use
   */
  async invoke(event: string, options: InvokeOptions = {}): Promise<Outcome> {
    if (this.reserved !== undefined && this.running >= this.reserved) {
      this.throttled++;
      throw new ThrottledError(this.name);
    }
    this.running++;
    this.parts.clock.begin();
    this.total++;
    const outcome = await this.run(event, options);
    if (outcome.error) this.failed++;
    return outcome;
  }

  /** Stops counting the last failure: the run itself caused it. */
  forgive(): void {
    this.failed--;
  }

  /** Its code has changed: idle environments end now, the others after their current invocations. */
  renew(): void {
    for (const slot of [...this.slots]) {
      if (slot.busy) slot.outdated = true;
      else this.discard(slot);
    }
  }

  stop(): void {
    this.stopped = true;
    for (const slot of [...this.slots]) this.discard(slot);
    for (const wake of this.waiting.splice(0)) wake();
  }

  private async run(event: string, options: InvokeOptions): Promise<Outcome> {
    const { version = '$LATEST', requestId = randomUUID() } = options;
    let slot: Slot | undefined;
    try {
      slot = this.freeSlot(version) ?? (await this.slot(version));
      const environment = (slot.environment ??= await this.orFailure(slot.making));
      if (this.stopped) throw this.ended();
      const invocation = {
        requestId,
        event,
        functionArn: options.invokedArn ?? this.deployed.arn,
        traceId: options.traceId ?? traceOfInvocation(newTrace()),
        ...(options.clientContext !== undefined && { clientContext: options.clientContext }),
      };
      this.tell(requestId, () => this.platformLog.start(requestId, version));
      const { payload, streamed } = await environment.invoke(invocation, options.sink);
      const outcome = { requestId, version, ...(streamed ? { payload } : checkedSize(this.name, payload)) };
      this.tell(requestId, () => this.platformLog.end({ requestId, usage: environment.usage }));
      return outcome;
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error;
      const payload = JSON.stringify(error.payload);
      this.tellFailure(error, requestId);
      const usage = slot?.environment?.usage;
      if (usage) this.tell(requestId, () => this.platformLog.end({ requestId, usage, error }));
      return { requestId, version, payload: Buffer.from(payload), error };
    } finally {
      this.leave(slot);
    }
  }

  private freeSlot(version: string): Slot | undefined {
    if (this.stopped) return undefined;
    const free = this.slots.find((slot) => !slot.busy && slot.version === version);
    if (free) free.busy = true;
    return free;
  }

  /** A free environment of a version; a new one up to the limit, otherwise the next one to become free. */
  private async slot(version: string): Promise<Slot> {
    for (;;) {
      if (this.stopped) {
        throw this.ended();
      }
      const free = this.freeSlot(version);
      if (free) return free;
      if (this.slots.length < this.parts.maxEnvironments) {
        const slot = { making: this.environment(version), version, busy: true };
        this.slots.push(slot);
        return slot;
      }
      const idle = this.slots.find((slot) => !slot.busy);
      if (idle) this.discard(idle);
      else await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** The invocation is over once its process asks for the next one, which may be after the end of its answer. */
  private leave(slot: Slot | undefined): void {
    if (slot?.environment) slot.environment.whenFree(() => this.release(slot));
    else this.release(slot);
  }

  private release(slot: Slot | undefined): void {
    this.running--;
    this.parts.clock.end();
    if (slot?.environment && !slot.outdated) slot.busy = false;
    // It could not be made, or its code was changed.
    else if (slot) this.discard(slot);
    this.waiting.shift()?.();
  }

  private discard(slot: Slot): void {
    const index = this.slots.indexOf(slot);
    if (index < 0) return;
    this.slots.splice(index, 1);
    slot.making.then((environment) => environment.stop()).catch(() => undefined);
  }

  private environment(version: string): Promise<ExecutionEnvironment> {
    const { deployed, caller: credentials } = this;
    const log = (text: string, requestId: string | undefined) =>
      this.parts.logs.write(deployed.displayName, text, requestId);
    return this.parts.environments.make({ deployed, version, credentials, log });
  }

  /** A function whose code is missing fails when called, with the reason. */
  private async orFailure<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof LocalRunError)) throw error;
      throw new FunctionError(this.name, { errorType: CANNOT_RUN, errorMessage: error.message });
    }
  }

  private ended(): FunctionError {
    return new FunctionError(this.name, { errorType: 'LocalRun.Stopped', errorMessage: 'the local run has ended' });
  }

  /** Writes Lambda's own lines, if there is a listener. */
  private tell(requestId: string, lines: () => readonly string[]): void {
    const { logs } = this.parts;
    if (logs.isHeard) for (const line of lines()) logs.tell(this.deployed.displayName, line, requestId);
  }

  /** Logs what the handler's runtime did not: how the platform ended it, or why nothing ran. */
  private tellFailure({ payload, message }: FunctionError, requestId: string): void {
    const { displayName } = this.deployed;
    const ours = isOfSandbox(payload) || /^(LocalRun|Function)\./.test(payload.errorType);
    if (ours) this.parts.logs.write(displayName, `${message}\n${payload.errorType}`, requestId);
  }
}

function checkedSize(name: string, payload: Buffer): { payload: Buffer } {
  if (payload.length <= MAX_RESPONSE) return { payload };
  const error: ErrorPayload = {
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size exceeded maximum allowed payload size (${MAX_RESPONSE} bytes).`,
  };
  throw new FunctionError(name, error);
}
