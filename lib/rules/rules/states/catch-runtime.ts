import { RUNTIME } from '../../../core/asl/errors';
import { at, eachState } from '../../lookups/flows';
import type { Rule } from '../../rule';

export const catchRuntime: Rule = {
  id: 'CatchRuntime',
  severity: 'warning',
  title: `No catcher and no retrier names ${RUNTIME}`,
  why: 'It always ends the execution, so what should follow does not run.',
  fix: 'remove the name, and watch failed executions with an EventBridge rule',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  check: eachState(function* (state, machine) {
    for (const { errors, place } of [...state.retriers, ...state.catchers]) {
      if (errors.includes(RUNTIME))
        yield at(machine, place, `names ${RUNTIME} in ${state.name}, which cannot be caught`);
    }
  }),
};
