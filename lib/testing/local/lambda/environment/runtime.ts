import type { ErrorPayload } from '../function-errors';

/** One invocation, as a runtime takes it. */
export interface Invocation {
  /** The id of the request. */
  readonly requestId: string;
  /** The event, as JSON. */
  readonly event: string;
  /** The ARN it was invoked by, with the qualifier. */
  readonly functionArn: string;
  readonly traceId: string;
  /** When it times out, in milliseconds since the epoch. */
  readonly deadline: number;
  /** The client context, as JSON. */
  readonly clientContext?: string;
}

/** What happens in a runtime. */
export type RuntimeEvent =
  /** It has loaded the handler. */
  | { readonly type: 'ready' }
  /** It could not load the handler; it ends. */
  | { readonly type: 'init-failed'; readonly error: ErrorPayload }
  /** Something was written to the log. */
  | { readonly type: 'log'; readonly text: string }
  | { readonly type: 'response'; readonly payload: Buffer; readonly peak?: number }
  /** The handler failed. @remarks `last` where the runtime ends with it */
  | { readonly type: 'error'; readonly error: ErrorPayload; readonly last: boolean }
  /** The handler begins to stream its answer. */
  | { readonly type: 'stream-start'; readonly contentType: string }
  | { readonly type: 'stream-chunk'; readonly chunk: Buffer }
  /** A streamed answer ends, with an error or without. */
  | { readonly type: 'stream-end'; readonly error?: ErrorPayload }
  /** It is ready for the next invocation, after a streamed answer. */
  | { readonly type: 'next'; readonly peak?: number }
  | { readonly type: 'ended'; readonly error: ErrorPayload };

/** A process that runs a function's code: a Node.js process, or one that speaks the Lambda Runtime API. */
export interface Runtime {
  /** The id of its process. */
  readonly pid: number;
  /** Gives it an invocation; it has one at a time. */
  invoke(invocation: Invocation): void;
  /** Ends it and its child processes. */
  kill(reason?: ErrorPayload): void;
}

export type StartRuntime = (tmp: string, listen: (event: RuntimeEvent) => void) => Runtime;
