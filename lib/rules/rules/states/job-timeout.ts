import { at, eachState } from '../../lookups/flows';
import type { Rule } from '../../rule';

const LIMITS = ['TimeoutSeconds', 'TimeoutSecondsPath'];

export const jobTimeout: Rule = {
  id: 'JobTimeout',
  severity: 'warning',
  title: 'A task that waits for the end of a job has a timeout',
  why: 'A job that hangs blocks the execution for up to a year, costs money, and nobody notices.',
  fix: 'set TimeoutSeconds, and catch States.Timeout',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/sfn-stuck-execution.html',
  check: eachState(function* ({ name, body, place, call }, machine) {
    if (call?.kind !== 'integration' || call.waits !== 'job' || LIMITS.some((limit) => body[limit] !== undefined))
      return;
    yield at(machine, place, `has ${name} wait for a job without a timeout`);
  }),
};
