/** The name that stands for every error but those of `NOT_CAUGHT_BY_ALL`. */
export const ALL = 'States.ALL';
/** The name that stands for every error of a task but a timeout. */
export const TASK_FAILED = 'States.TaskFailed';
/** A task, or a whole execution, took too long. */
export const TIMEOUT = 'States.Timeout';
/** A task did not say in time that it is still at work; a kind of timeout. */
export const HEARTBEAT_TIMEOUT = 'States.HeartbeatTimeout';
/** Something that cannot be worked with, such as a path that leads nowhere. */
export const RUNTIME = 'States.Runtime';
/** A payload, a variable or a result is larger than the quota. */
export const DATA_LIMIT_EXCEEDED = 'States.DataLimitExceeded';
/** A JSONata expression failed, was undefined or gave what the field does not take. */
export const QUERY_EVALUATION_ERROR = 'States.QueryEvaluationError';

/**
 * Every name that Step Functions itself gives to an error; others that begin with `States.` are no error's, and catch nothing.
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

/** Errors that nothing catches unless it names them; `States.Runtime` not even then. */
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
