import { at, eachState, openIn } from '../../lookups/flows';
import type { Rule } from '../../rule';

export const retryDelay: Rule = {
  id: 'RetryDelay',
  severity: 'error',
  title: 'MaxDelaySeconds of a retrier is more than its IntervalSeconds',
  why: 'Step Functions rejects the deployment otherwise.',
  fix: 'lengthen MaxDelaySeconds, or remove it',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  check: eachState(function* (state, machine) {
    for (const { interval, maxDelay, place, body } of state.retriers) {
      if (body.MaxDelaySeconds !== undefined) yield* openIn(machine, place, body, 'MaxDelaySeconds', 'IntervalSeconds');
      if (interval === undefined || maxDelay === undefined || maxDelay > interval) continue;
      const message = `waits at most ${maxDelay} seconds before it retries ${state.name}, but ${interval} the first time`;
      yield at(machine, [...place, 'MaxDelaySeconds'], message);
    }
  }),
};
