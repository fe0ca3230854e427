import { STATES_ERRORS } from '../../../core/asl/errors';
import { nearest } from '../../../core/nearest';
import { at, eachState } from '../../lookups/flows';
import type { Rule } from '../../rule';

export const errorName: Rule = {
  id: 'ErrorName',
  severity: 'error',
  title: 'An error name that begins with States. is one of Step Functions’ own',
  why: 'Such names are reserved: any other one matches no error, so it catches nothing.',
  fix: 'correct the name',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  check: eachState(function* (state, machine) {
    for (const { errors, place } of [...state.retriers, ...state.catchers]) {
      const invented = errors.find((name) => name.startsWith('States.') && !STATES_ERRORS.includes(name));
      if (invented === undefined) continue;
      const meant = nearest(invented, STATES_ERRORS);
      const hint = meant === undefined ? '' : `; ${meant} is`;
      yield at(
        machine,
        [...place, 'ErrorEquals'],
        `names ${invented} in ${state.name}, which is not an error of Step Functions${hint}`,
      );
    }
  }),
};
