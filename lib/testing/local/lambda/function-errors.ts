/** An error as a function's caller sees it: the payload of a failed invocation. */
export interface ErrorPayload {
  /** `Error`, `Runtime.ImportModuleError`, `Sandbox.Timedout`, ... */
  readonly errorType: string;
  /** What went wrong. */
  readonly errorMessage: string;
  /** The stack, line by line, as Node.js runtimes report it. */
  readonly trace?: readonly string[];
  /** The same, as other runtimes report it. */
  readonly stackTrace?: unknown;
}

/** Whether an error is the sandbox's: it ended the process, or the process exited; no runtime logged it. */
export function isOfSandbox({ errorType }: ErrorPayload): boolean {
  return /^(Sandbox\.|Runtime\.(ExitError|OutOfMemory|InvalidEntrypoint)$)/.test(errorType);
}

/** The error type for a function that cannot run locally: on AWS it may well succeed. */
export const CANNOT_RUN = 'LocalRun.CannotRun';

/** A handler failed, timed out, or did not load. Lambda answers 200 with `FunctionError: Unhandled`. */
export class FunctionError extends Error {
  /** The error's type as Lambda reports it; also the name of this error. */
  readonly errorType: string;
  /** The stack of the handler, line by line. */
  readonly trace: readonly string[];

  /**
   * @param functionName which function failed
   * @param payload the error as Lambda reports it
   */
  constructor(
    readonly functionName: string,
    readonly payload: ErrorPayload,
  ) {
    super(payload.errorMessage);
    this.name = payload.errorType;
    this.errorType = payload.errorType;
    const { trace = payload.stackTrace } = payload;
    this.trace = Array.isArray(trace) ? trace.map(String) : [];
  }
}

/** The function's reserved concurrency is used up. Lambda answers 429. */
export class ThrottledError extends Error {
  override readonly name = 'TooManyRequestsException';
  /** The status that Lambda's Invoke answers. */
  readonly statusCode = 429;
  /** Why, in Lambda's words. */
  readonly reason = 'ReservedFunctionConcurrentInvocationLimitExceeded';

  /** @param functionName which function is busy */
  constructor(readonly functionName: string) {
    super('Rate Exceeded.');
  }
}
