import { expressionsOf } from '../../../core/asl/expressions';
import type { Catcher, State } from '../../../core/asl/definition';
import { readJsonata } from '../../../core/asl/jsonata';
import { Computed } from '../../../core/model/values';
import { at, eachState } from '../../lookups/flows';
import type { Rule } from '../../rule';

export const catchKeepsError: Rule = {
  id: 'CatchKeepsError',
  severity: 'warning',
  title: 'A catcher keeps the error that it caught',
  why: 'The next states cannot report what went wrong or act on it, and you have to search the history.',
  fix: 'use $states.errorOutput in Output or Assign of the Catch; with JSONPath, set ResultPath to a path such as $.error',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  check: eachState(function* (state, machine) {
    for (const catcher of state.catchers) {
      if (loses(catcher, state)) yield at(machine, catcher.place, `catches an error of ${state.name} and drops it`);
    }
  }),
};

function loses({ body, place }: Catcher, state: State): boolean {
  if (state.language === 'JSONPath') return body.ResultPath === null;
  // Without an Output, the error is the output; a value known only at deployment may contain it.
  if (body.Output === undefined || body.Output instanceof Computed) return false;
  const inside = expressionsOf(state).filter((one) => place.every((part, index) => one.place[index] === part));
  return !inside.some(({ source }) => {
    const reading = readJsonata(source);
    // All of $states, or an expression that cannot be read, may contain it.
    return (
      'fault' in reading ||
      reading.variables.some(({ name, path }) => name === 'states' && ['errorOutput', undefined].includes(path[0]))
    );
  });
}
