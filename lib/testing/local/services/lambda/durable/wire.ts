/** The type of an operation in a durable execution. */
export type OperationType = 'EXECUTION' | 'CONTEXT' | 'STEP' | 'WAIT' | 'CALLBACK' | 'CHAINED_INVOKE';

/** The status of an operation. */
export type OperationStatus =
  | 'STARTED'
  | 'PENDING'
  | 'READY'
  | 'SUCCEEDED'
  | 'FAILED'
  | 'CANCELLED'
  | 'TIMED_OUT'
  | 'STOPPED';

/** The status of an execution. */
export type DurableStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'STOPPED';

/** An error, as the API writes it. */
export interface ErrorObject {
  readonly ErrorType?: string;
  readonly ErrorMessage?: string;
  readonly ErrorData?: string;
  readonly StackTrace?: readonly string[];
}

/** A handler's update of an operation. */
export interface OperationUpdate {
  readonly Id: string;
  readonly ParentId?: string;
  readonly Name?: string;
  readonly Type: OperationType;
  readonly SubType?: string;
  readonly Action: 'START' | 'SUCCEED' | 'FAIL' | 'RETRY' | 'CANCEL';
  readonly Payload?: string;
  readonly Error?: ErrorObject;
  readonly ContextOptions?: { readonly ReplayChildren?: boolean };
  readonly StepOptions?: { readonly NextAttemptDelaySeconds?: number };
  readonly WaitOptions?: { readonly WaitSeconds?: number };
  readonly CallbackOptions?: { readonly TimeoutSeconds?: number; readonly HeartbeatTimeoutSeconds?: number };
  readonly ChainedInvokeOptions?: { readonly FunctionName?: string };
}

/** An operation of a durable execution. Times are milliseconds since the epoch. */
export interface Operation {
  readonly id: string;
  readonly parentId: string | undefined;
  readonly name: string | undefined;
  readonly type: OperationType;
  readonly subType: string | undefined;
  readonly started: number;
  ended?: number;
  status: OperationStatus;
  /** Its result; for the execution itself, its input. */
  payload?: string | undefined;
  error?: ErrorObject | undefined;
  /** Failed attempts of a step. */
  attempts: number;
  /** When a wait ends, or a step is retried. */
  due?: number;
  /** The id of a callback. */
  callbackId?: string;
  /** The last heartbeat of a callback, in service time. */
  heard?: number;
  /** Keeps the context's operations, since its result is rebuilt from them. */
  replayChildren?: boolean;
}

/** An event of an execution, as in the API. */
export interface DurableEvent {
  /** From 1. */
  readonly EventId: number;
  /** `ContextStarted`. */
  readonly EventType: string;
  /** Seconds since the epoch, with milliseconds. */
  readonly EventTimestamp: number;
  readonly Id?: string;
  readonly Name?: string;
  readonly ParentId?: string;
  readonly SubType?: string;
  /** The details, under a key such as `ContextStartedDetails`. */
  readonly [details: string]: unknown;
}

/** Seconds since the epoch, as the API writes times. */
export function epoch(milliseconds: number): number {
  return milliseconds / 1000;
}

/** A time as an event of Lambda has it. */
export function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** An operation as the API writes it. */
export function written(operation: Operation, time: (milliseconds: number) => unknown): object {
  const { id, parentId, name, type, subType, started, ended, status } = operation;
  return {
    Id: id,
    ...(parentId !== undefined && { ParentId: parentId }),
    ...(name !== undefined && { Name: name }),
    Type: type,
    ...(subType !== undefined && { SubType: subType }),
    StartTimestamp: time(started),
    ...(ended !== undefined && { EndTimestamp: time(ended) }),
    Status: status,
    ...detailsOf(operation, time),
  };
}

function detailsOf(operation: Operation, time: (milliseconds: number) => unknown): object {
  const { payload, error, attempts, due, callbackId, replayChildren } = operation;
  const ended = { ...(payload !== undefined && { Result: payload }), ...(error && { Error: error }) };
  switch (operation.type) {
    case 'EXECUTION':
      return { ExecutionDetails: { InputPayload: payload } };
    case 'CONTEXT':
      return { ContextDetails: { ...(replayChildren && { ReplayChildren: true }), ...ended } };
    case 'STEP': {
      const next = operation.status === 'PENDING' && due !== undefined ? { NextAttemptTimestamp: time(due) } : {};
      return { StepDetails: { Attempt: attempts, ...next, ...ended } };
    }
    case 'WAIT':
      return { WaitDetails: { ScheduledEndTimestamp: time(due ?? operation.started) } };
    case 'CALLBACK':
      return { CallbackDetails: { CallbackId: callbackId, ...ended } };
    case 'CHAINED_INVOKE':
      return { ChainedInvokeDetails: ended };
  }
}
