import { CallbackTimeoutError, DurableOperationError, InvokeError } from '@aws/durable-execution-sdk-js';
import { UNKNOWN_ERRORS } from '../outcome';

/** Why something failed. */
export interface Failure {
  readonly error: string;
  readonly cause: string;
}

/** An attempt that timed out, named as in the other engine. */
export const TIMEOUT: Failure = { error: 'States.Timeout', cause: '' };

/** Maximum length of a cause. */
const CAUSE = 1000;

/**
 * Lambda's own errors, unprefixed when it invokes a function on behalf of another. A handler that lets
 * such an error from its own calls through does not know what it has done either.
 */
const OF_LAMBDA =
  /^(?:TooManyRequests|Service|Lambda\w*|AWSLambda|EC2\w*|ENI\w*|EFS\w*|S3Files\w*|KMS\w*|Snap\w*|Subnet\w*|Resource\w*|Runtime|Recursive\w*|Invalid\w*|RequestTooLarge|UnsupportedMediaType|AccessDenied|Client\w*|Capacity\w*|NoPublished\w*|Mode\w*|Durable\w*|CodeArtifact\w*|CallbackTimeout|SerializedRequest\w*)Exception$|^(?:ChainedInvoke|Callback)\./;

/** An operation's error, identified by name. Classes and fields do not survive a replay. */
export function failureOf(error: unknown): Failure {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  const failure = { error: name, cause: message.slice(0, CAUSE) };
  if (!(error instanceof DurableOperationError)) return failure;
  // For a function the name is in the data, see `withNames`; for a callback it is the cause's.
  if (error instanceof InvokeError) return { ...failure, error: error.errorData ?? 'Lambda.Unknown' };
  if (error instanceof CallbackTimeoutError)
    return { ...failure, error: /heartbeat/i.test(message) ? 'States.HeartbeatTimeout' : TIMEOUT.error };
  return { ...failure, error: error.cause instanceof Error ? error.cause.name : name };
}

/** Whether an error of this name leaves the outcome of an action unknown. */
export function isUnknown(error: string): boolean {
  return error === '' || new RegExp(UNKNOWN_ERRORS).test(error) || OF_LAMBDA.test(error);
}

/** Whether an action is retried after an error: Lambda's own occur with and without their prefix. */
export function isRetried(error: string, errors: readonly string[]): boolean {
  const names = [error, `Lambda.${error}`];
  return errors.some((one) => {
    if (one === 'States.ALL') return true;
    if (one === 'States.TaskFailed') return error !== TIMEOUT.error;
    if (one === 'States.Timeout') return /^States\.(?:Heartbeat)?Timeout$/.test(error);
    return names.includes(one);
  });
}
