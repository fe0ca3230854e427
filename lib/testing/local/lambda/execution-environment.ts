import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { type ErrorPayload, FunctionError } from './function-errors';

/** What an execution environment runs. */
export interface EnvironmentSettings {
  /** For messages: the function's name. */
  readonly functionName: string;
  /** Everything that the handler sees in `process.env`. */
  readonly variables: Readonly<Record<string, string>>;
  /** The directory of the function's code. */
  readonly taskRoot: string;
  /** As in the template: `index.handler`. */
  readonly handler: string;
  /** The directories of its layers. */
  readonly layers: readonly string[];
  /** Where the SDK that Lambda's runtime provides is taken from. */
  readonly project: string;
  /** Whether a layer is not at hand, so that any module may come from the project. */
  readonly openModules: boolean;
  /** In MB; bounds the heap. */
  readonly memory: number;
  /** In seconds. */
  readonly timeout: number;
  /** `JSON` or `Text`. */
  readonly logFormat: string;
  /** The least level that is written in the JSON format. */
  readonly logLevel: string;
}

/** One invocation, as a worker takes it. */
export interface WorkerInvocation {
  /** The id of the request. */
  readonly requestId: string;
  /** The event, as JSON. */
  readonly event: string;
  /** The ARN it was invoked by, with the qualifier. */
  readonly functionArn: string;
  /** The trace header. */
  readonly traceId: string;
  /** The client context, as JSON. */
  readonly clientContext?: string;
}

type Message =
  | { readonly type: 'ready' }
  | { readonly type: 'log'; readonly requestId?: string; readonly text: string }
  | { readonly type: 'done'; readonly payload: Uint8Array }
  | { readonly type: 'failed' | 'init-failed' | 'crashed'; readonly error: ErrorPayload };

/** Lambda gives the code outside the handler this long, in seconds. */
const INIT_SECONDS = 10;

interface Pending {
  readonly requestId: string;
  readonly resolve: (payload: Buffer) => void;
  readonly reject: (error: FunctionError) => void;
}

/** One execution environment: a worker thread that has loaded the handler and serves one invocation at a time. */
export class ExecutionEnvironment {
  private readonly worker: Worker;
  private readonly initialised: Promise<void>;
  private settleInit: { resolve: () => void; reject: (error: FunctionError) => void } | undefined;
  private pending: Pending | undefined;
  private ended = false;

  /**
   * @param settings what to run
   * @param log takes each line that the handler writes
   */
  constructor(
    private readonly settings: EnvironmentSettings,
    private readonly log: (text: string, requestId: string | undefined) => void,
  ) {
    const { variables, memory, timeout: _timeout, functionName: _name, ...data } = settings;
    const { NODE_OPTIONS: nodeOptions = '', ...env } = variables;
    this.worker = new Worker(path.join(__dirname, 'worker.js'), {
      env,
      execArgv: [],
      workerData: { ...data, sourceMaps: nodeOptions.includes('--enable-source-maps') },
      resourceLimits: { maxOldGenerationSizeMb: memory },
    });
    this.initialised = new Promise((resolve, reject) => (this.settleInit = { resolve, reject }));
    this.initialised.catch(() => undefined);
    this.worker.on('message', (message: Message) => this.receive(message));
    this.worker.on('error', (error: NodeJS.ErrnoException) => this.end(workerFailure(error)));
    this.worker.on('exit', (code) => this.end(exitFailure(code)));
  }

  /** Whether it can take another invocation. */
  get alive(): boolean {
    return !this.ended;
  }

  /**
   * Runs one invocation. The timeout counts from the moment when the handler is loaded.
   * @throws FunctionError when the handler fails, times out or did not load
   */
  async invoke(invocation: WorkerInvocation): Promise<Buffer> {
    await this.within(INIT_SECONDS, invocation.requestId, this.initialised);
    const deadline = Date.now() + this.settings.timeout * 1000;
    const answer = new Promise<Buffer>((resolve, reject) => {
      if (this.ended) reject(this.failure(exitFailure(1), invocation.requestId));
      this.pending = { requestId: invocation.requestId, resolve, reject };
    });
    this.worker.postMessage({ ...invocation, deadline });
    try {
      return await this.within(this.settings.timeout, invocation.requestId, answer);
    } finally {
      this.pending = undefined;
    }
  }

  /** Ends the thread. */
  async stop(): Promise<void> {
    this.ended = true;
    await this.worker.terminate();
  }

  /** Waits for a promise; after the time, the environment is ended as Lambda does it. */
  private async within<T>(seconds: number, requestId: string, promise: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const expiry = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        void this.stop();
        const errorMessage = `Task timed out after ${seconds.toFixed(2)} seconds`;
        reject(this.failure({ errorType: 'Sandbox.Timedout', errorMessage }, requestId));
      }, seconds * 1000);
    });
    try {
      return await Promise.race([promise, expiry]);
    } finally {
      clearTimeout(timer);
    }
  }

  private receive(message: Message): void {
    switch (message.type) {
      case 'log':
        return this.log(message.text, message.requestId);
      case 'ready':
        return this.settleInit?.resolve();
      case 'done':
        return this.pending?.resolve(Buffer.from(message.payload));
      case 'failed':
        return this.pending?.reject(new FunctionError(this.settings.functionName, message.error));
      case 'init-failed':
      case 'crashed':
        this.end(message.error);
        void this.worker.terminate();
    }
  }

  private end(error: ErrorPayload): void {
    this.ended = true;
    const failure = this.failure(error, this.pending?.requestId);
    this.settleInit?.reject(failure);
    this.pending?.reject(failure);
  }

  /** Errors of the sandbox name the request in their message, errors of the handler do not. */
  private failure(error: ErrorPayload, requestId: string | undefined): FunctionError {
    const sandbox = ['Sandbox.Timedout', 'Runtime.ExitError', 'Runtime.OutOfMemory'].includes(error.errorType);
    const errorMessage =
      sandbox && requestId ? `RequestId: ${requestId} Error: ${error.errorMessage}` : error.errorMessage;
    return new FunctionError(this.settings.functionName, { ...error, errorMessage });
  }
}

function workerFailure(error: NodeJS.ErrnoException): ErrorPayload {
  return error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? { errorType: 'Runtime.OutOfMemory', errorMessage: 'Runtime exited with error: signal: killed' }
    : { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}

function exitFailure(code: number): ErrorPayload {
  const errorMessage =
    code === 0 ? 'Runtime exited without providing a reason' : `Runtime exited with error: exit status ${code}`;
  return { errorType: 'Runtime.ExitError', errorMessage };
}
