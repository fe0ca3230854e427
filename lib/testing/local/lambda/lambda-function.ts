import { randomBytes, randomUUID } from 'node:crypto';
import { lambda } from '../../../core/facts';
import type { Caller } from '../kernel/caller';
import type { Deployed } from '../kernel/deployment';
import { type EnvironmentSettings, ExecutionEnvironment } from './execution-environment';
import { type ErrorPayload, FunctionError, ThrottledError } from './function-errors';
import { number } from '../kernel/json';
import type { Logs } from '../kernel/logs';
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
}

/** What came of an invocation. */
export interface Outcome {
  /** The id of the request. */
  readonly requestId: string;
  /** What the handler answered, as bytes of JSON; of a streaming handler, what it wrote. With `error`, the error as JSON. */
  readonly payload: Buffer;
  /** Set when the handler failed. */
  readonly error?: FunctionError;
  /** The version that ran. */
  readonly version: string;
}

/** What a Lambda function is made of. */
export interface FunctionParts {
  /** The resource. */
  readonly deployed: Deployed;
  /** The settings of its environments, given the version; throws when the code cannot be run here. */
  readonly settings: (version: string) => EnvironmentSettings;
  /** Who its calls are signed by. */
  readonly caller: Caller;
  /** Takes what it writes. */
  readonly logs: Logs;
  /** How many environments run at once; more invocations wait. */
  readonly maxEnvironments: number;
}

/** Lambda adds this many bytes to the limit of a payload when it judges an answer. */
const OVERHEAD = 100;
const MAX_RESPONSE = lambda.synchronousPayload.value + OVERHEAD;

interface Slot {
  readonly environment: ExecutionEnvironment;
  readonly version: string;
  busy: boolean;
}

/** A Lambda function: its execution environments, its concurrency, its invocations. */
export class LambdaFunction {
  /** The function's name. */
  readonly name: string;
  /** Reserved concurrency; undefined where there is none. */
  readonly reserved: number | undefined;
  private readonly slots: Slot[] = [];
  private readonly waiting: (() => void)[] = [];
  private running = 0;
  private total = 0;
  private failed = 0;
  private throttled = 0;
  private stopped = false;

  /** @param parts what it is made of */
  constructor(private readonly parts: FunctionParts) {
    this.name = parts.deployed.ref;
    this.reserved = number(parts.deployed.properties.ReservedConcurrentExecutions);
  }

  /** The resource. */
  get deployed(): Deployed {
    return this.parts.deployed;
  }

  /** Who its calls are signed by. */
  get caller(): Caller {
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
   * @throws ThrottledError when as many invocations run as are reserved
   */
  async invoke(event: string, options: InvokeOptions = {}): Promise<Outcome> {
    if (this.reserved !== undefined && this.running >= this.reserved) {
      this.throttled++;
      throw new ThrottledError(this.name);
    }
    this.running++;
    this.total++;
    try {
      const outcome = await this.run(event, options);
      if (outcome.error) this.failed++;
      return outcome;
    } finally {
      this.running--;
    }
  }

  /** Ends its execution environments. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.slots.splice(0).map(({ environment }) => environment.stop()));
  }

  private async run(event: string, options: InvokeOptions): Promise<Outcome> {
    const { version = '$LATEST', requestId = randomUUID() } = options;
    let slot: Slot | undefined;
    try {
      slot = await this.slot(version);
      const payload = await slot.environment.invoke({
        requestId,
        event,
        functionArn: options.invokedArn ?? this.deployed.arn,
        traceId: options.traceId ?? newTraceId(),
        ...(options.clientContext !== undefined && { clientContext: options.clientContext }),
      });
      return { requestId, version, ...checkedSize(this.name, payload) };
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error;
      const payload = JSON.stringify(error.payload);
      this.parts.logs.write(this.deployed.displayName, `ERROR Invoke Error ${payload}`, requestId);
      return { requestId, version, payload: Buffer.from(payload), error };
    } finally {
      if (slot) this.release(slot);
    }
  }

  /** A free environment of a version; a new one while there may be more, else the next that becomes free. */
  private async slot(version: string): Promise<Slot> {
    for (;;) {
      if (this.stopped) {
        throw new FunctionError(this.name, { errorType: 'LocalRun.Stopped', errorMessage: 'the local run has ended' });
      }
      const free = this.slots.find((slot) => !slot.busy && slot.version === version && slot.environment.alive);
      if (free) {
        free.busy = true;
        return free;
      }
      if (this.slots.length < this.parts.maxEnvironments) {
        const slot = { environment: this.environment(version), version, busy: true };
        this.slots.push(slot);
        return slot;
      }
      const idle = this.slots.find((slot) => !slot.busy);
      if (idle) this.discard(idle);
      else await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  private release(slot: Slot): void {
    slot.busy = false;
    if (!slot.environment.alive) this.discard(slot);
    this.waiting.shift()?.();
  }

  private discard(slot: Slot): void {
    this.slots.splice(this.slots.indexOf(slot), 1);
    void slot.environment.stop();
  }

  private environment(version: string): ExecutionEnvironment {
    return new ExecutionEnvironment(this.parts.settings(version), (line, requestId) =>
      this.parts.logs.write(this.deployed.displayName, line, requestId),
    );
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

/** A trace that nobody samples, so that tracing libraries send nothing. */
function newTraceId(): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')};Parent=${randomBytes(8).toString('hex')};Sampled=0`;
}
