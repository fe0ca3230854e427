import { at, eachExpression } from '../../lookups/flows';
import type { Rule } from '../../rule';

export const jsonataRoot: Rule = {
  id: 'JsonataRoot',
  severity: 'error',
  title: 'A JSONata expression in a state machine reads $states and variables, not a root document',
  why: 'JSONata elsewhere has a root document; Step Functions has none, and rejects the deployment or fails with States.QueryEvaluationError.',
  fix: 'write $states.input before the name, or the variable that holds it',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html',
  check: eachExpression(function* ({ state, expression, reading }, machine) {
    const [bare] = reading.topLevel;
    const [root] = reading.root;
    const found = root ? '$$' : bare?.name;
    if (found === undefined) return;
    yield at(
      machine,
      expression.place,
      `reads ${found} in ${state.name} from a root that Step Functions does not have`,
    );
  }),
};
