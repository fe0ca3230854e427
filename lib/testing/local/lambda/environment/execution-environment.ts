import { type ErrorPayload, FunctionError, isOfSandbox } from '../function-errors';
import type { MemoryWatch, Watched } from './memory';
import type { Invocation, Runtime, RuntimeEvent, StartRuntime } from './runtime';

/** What an execution environment is made of. */
export interface EnvironmentParts {
  /** For messages: the function's name. */
  readonly functionName: string;
  /** Starts the process that runs the code. */
  readonly start: StartRuntime;
  /** The directory in place of /tmp, which outlives the process. */
  readonly tmp: string;
  /** In MB. */
  readonly memory: number;
  /** In seconds. */
  readonly timeout: number;
  /** How long the code outside the handler may take, in seconds, before it is restarted. */
  readonly initLimit: number;
  /** Watches the memory of the process. */
  readonly memoryWatch: MemoryWatch;
  /** Takes what is written to the log. */
  readonly log: (text: string, requestId: string | undefined) => void;
}

/** Receives an answer while it is written. */
export interface ResponseSink {
  /** The handler begins to answer. */
  start(contentType: string): void;
  /** A piece of the answer. */
  chunk(data: Buffer): void;
}

/** An answer of a handler. */
export interface Answer {
  /** As bytes of JSON; of a streaming handler, what it wrote. */
  readonly payload: Buffer;
  /** Whether it was streamed. */
  readonly streamed: boolean;
}

/** What an invocation cost. */
export interface Usage {
  /** Of the handler, in milliseconds. */
  readonly duration: number;
  /** Of the initialization before it, in milliseconds; undefined in a warm environment. */
  readonly init?: number;
  /** Peak memory, in MB; undefined if it was not measured. */
  readonly memory?: number;
}

interface Pending {
  readonly requestId: string;
  readonly sink: ResponseSink | undefined;
  readonly chunks: Buffer[];
  streamed: boolean;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: ErrorPayload) => void;
}

const OUT_OF_MEMORY: ErrorPayload = {
  errorType: 'Runtime.OutOfMemory',
  errorMessage: 'Runtime exited with error: signal: killed',
};

const STOPPED: ErrorPayload = { errorType: 'LocalRun.Stopped', errorMessage: 'the local run has ended' };

/**
 * One execution environment: it serves one invocation at a time. Its process ends on an uncaught error, on a timeout
 * and when it exceeds its memory; the environment, with the same /tmp, then starts another.
 */
export class ExecutionEnvironment {
  private runtime: Runtime | undefined;
  private settleInit: { resolve: () => void; reject: (error: ErrorPayload) => void } | undefined;
  private pending: Pending | undefined;
  private lastRequest: string | undefined;
  private used = false;
  private stopped = false;
  private peak: number | undefined;
  private init: number | undefined;
  private duration = 0;
  private released: (() => void) | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly watched: Watched;

  /** @param parts what it is made of */
  constructor(private readonly parts: EnvironmentParts) {
    this.watched = {
      pid: () => this.runtime?.pid ?? 0,
      limit: parts.memory * 1024,
      onExceeded: () => this.runtime?.kill(OUT_OF_MEMORY),
    };
  }

  /**
   * Runs one invocation.
   * @param sink receives the answer while it is written, if the handler streams it
   * @throws FunctionError when the handler fails, times out or did not load
   */
  async invoke(invocation: Omit<Invocation, 'deadline'>, sink?: ResponseSink): Promise<Answer> {
    const { requestId } = invocation;
    this.peak = undefined;
    this.init = undefined;
    if (!this.used) await this.firstStart();
    const deadline = Date.now() + this.parts.timeout * 1000;
    const begun = performance.now();
    try {
      // After a reset or a failed start, the next start counts towards the invocation's time.
      if (!this.runtime) await this.start(deadline);
      return await this.hand({ ...invocation, deadline }, sink);
    } catch (error) {
      throw this.failure(error as ErrorPayload, requestId);
    } finally {
      this.duration = performance.now() - begun;
    }
  }

  /** What the last invocation cost. */
  get usage(): Usage {
    return {
      duration: this.duration,
      ...(this.init !== undefined && { init: this.init }),
      ...(this.peak !== undefined && { memory: Math.ceil(this.peak / 1024) }),
    };
  }

  /** Whether an invocation is running: a streaming handler may continue after its answer has ended. */
  get isBusy(): boolean {
    return this.pending !== undefined && this.runtime !== undefined;
  }

  /** Calls back when it can take another invocation: at once, or when this one has ended. */
  whenFree(tell: () => void): void {
    if (this.isBusy) this.released = tell;
    else tell();
  }

  stop(): void {
    this.stopped = true;
    this.fail(STOPPED);
  }

  /** The first start, outside the invocation's time. If it fails, it is repeated, and the repeat counts. */
  private async firstStart(): Promise<void> {
    this.used = true;
    const begun = performance.now();
    try {
      await this.start(Date.now() + this.parts.initLimit * 1000);
      this.init = performance.now() - begun;
    } catch {
      this.reset();
    }
  }

  private async start(deadline: number): Promise<void> {
    if (this.stopped) throw STOPPED;
    const started = new Promise<void>((resolve, reject) => (this.settleInit = { resolve, reject }));
    let current: Runtime | undefined = undefined;
    current = this.parts.start(this.parts.tmp, (event) => {
      if (this.runtime === current) this.receive(event);
      else if (event.type === 'log') this.parts.log(event.text, this.lastRequest);
    });
    this.runtime = current;
    this.work(deadline);
    return started;
  }

  private hand(invocation: Invocation, sink: ResponseSink | undefined): Promise<Answer> {
    const { requestId } = invocation;
    this.lastRequest = requestId;
    const answer = new Promise<Answer>((resolve, reject) => {
      this.pending = { requestId, sink, chunks: [], streamed: false, resolve, reject };
    });
    this.work(invocation.deadline);
    this.runtime?.invoke(invocation);
    return answer;
  }

  /** Watches the memory of the busy process, and ends it at the deadline as Lambda does. */
  private work(deadline: number): void {
    this.parts.memoryWatch.add(this.watched);
    const errorMessage = `Task timed out after ${this.parts.timeout.toFixed(2)} seconds`;
    this.timer = setTimeout(() => this.fail({ errorType: 'Sandbox.Timedout', errorMessage }), deadline - Date.now());
  }

  private rest(): void {
    clearTimeout(this.timer);
    this.parts.memoryWatch.remove(this.watched);
  }

  private receive(event: RuntimeEvent): void {
    const { pending } = this;
    switch (event.type) {
      case 'log':
        return this.parts.log(event.text, pending?.requestId ?? this.lastRequest);
      case 'ready':
        this.rest();
        return this.settleInit?.resolve();
      case 'init-failed':
        return this.fail(event.error);
      case 'response':
        return this.done(event.peak, { payload: event.payload, streamed: false });
      case 'error':
        return event.last ? this.fail(event.error) : this.settle(() => pending?.reject(event.error));
      case 'stream-start':
        if (pending) pending.streamed = true;
        return pending?.sink?.start(event.contentType);
      case 'stream-chunk':
        pending?.chunks.push(event.chunk);
        return pending?.sink?.chunk(event.chunk);
      case 'stream-end':
        if (event.error) return pending?.reject(event.error);
        return pending?.resolve({ payload: Buffer.concat(pending.chunks), streamed: true });
      case 'next':
        // After any other answer, the environment is free already.
        return pending?.streamed ? this.done(event.peak, undefined) : undefined;
      case 'ended':
        return this.fail(event.error);
    }
  }

  /** The handler is done; a memory peak between two samples counts as well. */
  private done(peak: number | undefined, answer: Answer | undefined): void {
    this.peak = peak;
    if ((peak ?? 0) > this.parts.memory * 1024) return this.fail(OUT_OF_MEMORY);
    this.settle(() => answer && this.pending?.resolve(answer));
  }

  /** Ends an invocation after its last output has arrived: two pipes are read in the same turn of the event loop. */
  private settle(action: () => void): void {
    setImmediate(() => {
      action();
      this.free();
    });
  }

  /** Gives the process up. */
  private fail(error: ErrorPayload): void {
    const { settleInit, pending } = this;
    this.reset();
    settleInit?.reject(error);
    pending?.reject(error);
  }

  private reset(): void {
    const { runtime } = this;
    this.runtime = undefined;
    runtime?.kill();
    this.free();
  }

  private free(): void {
    this.rest();
    this.pending = undefined;
    this.released?.();
    this.released = undefined;
  }

  /** Errors of the sandbox name the request in their message, errors of the handler do not. */
  private failure(error: ErrorPayload, requestId: string): FunctionError {
    const errorMessage = isOfSandbox(error)
      ? `RequestId: ${requestId} Error: ${error.errorMessage}`
      : error.errorMessage;
    return new FunctionError(this.parts.functionName, { ...error, errorMessage });
  }
}
