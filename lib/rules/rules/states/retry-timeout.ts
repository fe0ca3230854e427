import { covers, TASK_FAILED, TIMEOUT } from '../../../core/asl/errors';
import { at, eachState } from '../../lookups/flows';
import type { Rule } from '../../rule';

export const retryTimeout: Rule = {
  id: 'RetryTimeout',
  severity: 'warning',
  title: `A retrier for ${TASK_FAILED} comes with one for ${TIMEOUT}`,
  why: `${TASK_FAILED} means every error but a timeout, so the failure that a retry helps most is not retried.`,
  fix: `name ${TIMEOUT} as well, or add a retrier with MaxAttempts 0 for it if that is intended`,
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  check: eachState(function* ({ name, retriers, type }, machine) {
    const failed = retriers.find(({ errors }) => errors.includes(TASK_FAILED));
    if (type !== 'Task' || !failed || retriers.some(({ errors }) => covers(errors, TIMEOUT))) return;
    yield at(machine, failed.place, `retries ${name} on ${TASK_FAILED}, which does not cover timeouts`);
  }),
};
