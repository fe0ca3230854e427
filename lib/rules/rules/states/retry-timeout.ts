import { covers, TASK_FAILED, TIMEOUT } from '../../../core/asl/errors';
import { at, eachState } from '../../lookups/flows';
import type { Rule } from '../../rule';

/** A retrier for every error of a task knows that a timeout is none of them. */
export const retryTimeout: Rule = {
  id: 'RetryTimeout',
  severity: 'warning',
  title: `A retrier for ${TASK_FAILED} is beside one for ${TIMEOUT}`,
  why: `${TASK_FAILED} means every error but a timeout, so the failure that a retry helps most is not retried.`,
  fix: `name ${TIMEOUT} as well, or say with another retrier (MaxAttempts 0) that it is meant`,
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  check: eachState(function* ({ name, retriers, type }, machine) {
    const failed = retriers.find(({ errors }) => errors.includes(TASK_FAILED));
    if (type !== 'Task' || !failed || retriers.some(({ errors }) => covers(errors, TIMEOUT))) return;
    yield at(machine, failed.place, `tries ${name} again for ${TASK_FAILED}, which a timeout is not`);
  }),
};
