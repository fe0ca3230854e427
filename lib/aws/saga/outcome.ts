/** What became of a step. Pure data, for every engine. */
export type Outcome = 'completed' | 'refused' | 'unknown' | 'skipped' | 'undone';

/**
 * Whether what became of an action is to be undone.
 * @param undoFailed of a saga that undoes what has refused, too
 */
export function isUndoable(outcome: Outcome, undoFailed: boolean): boolean {
  return outcome === 'completed' || outcome === 'unknown' || (outcome === 'refused' && undoFailed);
}

/**
 * Names of errors after which nobody knows what became of an action: those of the platform, whose function may still run or
 * have done its work, and those of a call that never got its answer, which a handler lets through.
 * What else a handler throws is a refusal: it says that nothing was done.
 */
export const UNKNOWN_ERRORS =
  '^(?:States|Lambda|Sandbox|Runtime|Function|Extension|Saga)\\.|^(?:TimeoutError|AbortError|RequestTimeout|NetworkingError|ECONN\\w+|ETIMEDOUT|EPIPE)$';

/** Errors of Lambda itself, which pass: the default of what an action is retried for. */
export const PASSING_ERRORS: readonly string[] = [
  'Lambda.TooManyRequestsException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
];

/** The names under which a saga ends that did not succeed. */
export const ENDS = {
  /** Everything that was done is undone. */
  undone: 'SagaUndone',
  /** A compensation failed for good: a message waits in the queue. */
  parked: 'SagaParked',
  /** And that message could not be sent: the keeper sends it. */
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

/** Why a saga turns round before its first step. */
export const INPUT_TOO_LARGE = { step: 'input', error: TOO_LARGE, cause: 'The input has more than 200 KiB', wait: 0 };

/** Most bytes of input and results together: what a compensation is called with, and a message of a parked saga. */
export const DATA_LIMIT = 200 * 1024;

/**
 * The field of an execution's input in which `start()` puts the saga's input, with what makes the start unlike any other, and
 * `resume()` what another execution has left, which is read only where the execution's name says so.
 */
export const ENVELOPE = 'lintel:saga';

/** Ends the name of a resumed saga: `-resume-1`. */
export const RESUME = '-resume-';
