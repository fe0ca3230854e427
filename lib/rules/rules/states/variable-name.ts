import { variableNameLength } from '../../../core/facts/step-functions';
import { assignedIn, at, eachMachine, flowsOf } from '../../lookups/flows';
import type { Rule } from '../../rule';

const NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;

export const variableName: Rule = {
  id: 'VariableName',
  severity: 'error',
  title: 'A state machine’s variable is named with letters, digits and underscores, and not states',
  why: 'Step Functions rejects the deployment: Assign creates variables, not fields of them, and $states is reserved.',
  fix: 'assign the whole variable: { "order": "{% $merge([$order, {...}]) %}" }',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html',
  check: eachMachine(function* (machine) {
    for (const { flow } of flowsOf(machine.flow)) {
      for (const { name, state, place } of assignedIn(flow)) {
        if (NAME.test(name) && name.length <= variableNameLength.value && name !== 'states') continue;
        yield at(machine, place, `assigns '${name}' in ${state.name}, which is not a variable name`);
      }
    }
  }),
};
