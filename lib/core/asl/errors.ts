/** The name that matches every error except those of `NOT_CAUGHT_BY_ALL`. */
export const ALL = 'States.ALL';
/** The name that matches every task error except a timeout. */
export const TASK_FAILED = 'States.TaskFailed';
/** A task, or a whole execution, took too long. */
export const TIMEOUT = 'States.Timeout';
/** A task missed its heartbeat; a kind of timeout. */
export const HEARTBEAT_TIMEOUT = 'States.HeartbeatTimeout';
/** A runtime error, such as a path that matches nothing. */
export const RUNTIME = 'States.Runtime';
/** A payload, a variable or a result is larger than the quota. */
export const DATA_LIMIT_EXCEEDED = 'States.DataLimitExceeded';
/** A JSONata expression failed, was undefined, or returned a value invalid for the field. */
export const QUERY_EVALUATION_ERROR = 'States.QueryEvaluationError';

/**
 * Every error name of Step Functions itself; others starting with `States.` do not exist and catch nothing.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export const STATES_ERRORS: readonly string[] = [
  ALL,
  TASK_FAILED,
  TIMEOUT,
  HEARTBEAT_TIMEOUT,
  RUNTIME,
  DATA_LIMIT_EXCEEDED,
  QUERY_EVALUATION_ERROR,
  'States.BranchFailed',
  'States.ExceedToleratedFailureThreshold',
  'States.Http.Socket',
  'States.IntrinsicFailure',
  'States.ItemReaderFailed',
  'States.NoChoiceMatched',
  'States.ParameterPathFailure',
  'States.Permissions',
  'States.ResultPathMatchFailure',
  'States.ResultWriterFailed',
];

/** Errors caught only by name; `States.Runtime` not even then. */
const NOT_CAUGHT_BY_ALL: readonly string[] = [DATA_LIMIT_EXCEEDED, RUNTIME];

/** Whether an `ErrorEquals` covers an error. */
export function covers(errorEquals: readonly unknown[], error: string): boolean {
  if (error === RUNTIME) return false;
  return errorEquals.some((name) => {
    if (name === error) return true;
    if (name === ALL) return !NOT_CAUGHT_BY_ALL.includes(error);
    // A missed heartbeat is a timeout.
    if (name === TIMEOUT) return error === HEARTBEAT_TIMEOUT;
    return name === TASK_FAILED && ![TIMEOUT, HEARTBEAT_TIMEOUT, ...NOT_CAUGHT_BY_ALL].includes(error);
  });
}
