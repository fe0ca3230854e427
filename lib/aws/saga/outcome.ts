/** Outcome of a step. Pure data, for every engine. */
export type Outcome = 'completed' | 'refused' | 'unknown' | 'skipped' | 'undone';

/**
 * Whether an action with this outcome must be undone.
 * @param undoFailed whether the saga also undoes steps that refused
 */
export function isUndoable(outcome: Outcome, undoFailed: boolean): boolean {
  return outcome === 'completed' || outcome === 'unknown' || (outcome === 'refused' && undoFailed);
}

/**
 * Names of errors that leave an action's outcome unknown: those of the platform, whose function may still be running or
 * have done its work, and those of a call that never got its answer, which a handler lets through.
 * Anything else a handler throws is a refusal: it says that nothing was done.
 */
export const UNKNOWN_ERRORS =
  '^(?:States|Lambda|Sandbox|Runtime|Function|Extension|Saga)\\.|^(?:TimeoutError|AbortError|RequestTimeout|NetworkingError|ECONN\\w+|ETIMEDOUT|EPIPE)$';

/** Transient errors of Lambda itself: what an action is retried for by default. */
export const PASSING_ERRORS: readonly string[] = [
  'Lambda.TooManyRequestsException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
];

/** The error names with which an unsuccessful saga ends. */
export const ENDS = {
  /** Everything that was done is undone. */
  undone: 'SagaUndone',
  /** A compensation failed for good: a message waits in the queue. */
  parked: 'SagaParked',
  /** That message could not be sent: the keeper sends it. */
  notParked: 'SagaNotParked',
} as const;

/** The error of a saga that ran out of time. */
export const DEADLINE = 'SagaDeadline';

/** The error of results that do not fit. */
export const TOO_LARGE = 'SagaResultsTooLarge';

/** The error of a distributed list that could not be read. */
export const LIST_FAILED = 'SagaListFailed';

/** The error of a distributed list of which not every item was done. */
export const ITEMS_FAILED = 'SagaItemsFailed';

/** Why a saga turns around before its first step. */
export const INPUT_TOO_LARGE = { step: 'input', error: TOO_LARGE, cause: 'The input has more than 200 KiB', wait: 0 };

/** Maximum bytes of input and results together: what a compensation is called with, and a parked saga's message. */
export const DATA_LIMIT = 200 * 1024;

/**
 * The field of an execution's input in which `start()` puts the saga's input, with what makes the start unique, and
 * `resume()` what another execution left, which is read only if the execution's name says so.
 */
export const ENVELOPE = 'lintel:saga';

/** Suffix of a resumed saga's name: `-resume-1`. */
export const RESUME = '-resume-';
