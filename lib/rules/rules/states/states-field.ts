import type { Expression } from '../../../core/asl/expressions';
import { at, eachExpression } from '../../lookups/flows';
import type { Rule } from '../../rule';

/** Fields of `$states` that are available everywhere. */
const ALWAYS = ['input', 'context'];

export const statesField: Rule = {
  id: 'StatesField',
  severity: 'error',
  title: 'A JSONata expression reads only the parts of $states that exist where it is',
  why: 'A result exists once the work is done, an error only in a Catch: elsewhere the deployment is rejected or the state fails.',
  fix: 'read $states.result in Output and Assign, and $states.errorOutput in the Output and Assign of a Catch',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html',
  check: eachExpression(function* ({ state, expression, reading }, machine) {
    const there = [...ALWAYS, ...hereOnly(expression)];
    for (const { name, path } of reading.variables) {
      const [field] = path;
      if (name !== 'states' || field === undefined || there.includes(field)) continue;
      yield at(
        machine,
        expression.place,
        `reads $states.${field} in ${expression.field} of ${state.name}, where there is none`,
      );
      return;
    }
  }),
};

function hereOnly({ field }: Expression): readonly string[] {
  if (field === 'Catch') return ['errorOutput'];
  return field === 'Output' || field === 'Assign' ? ['result'] : [];
}
