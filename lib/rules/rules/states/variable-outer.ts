import { assignedIn, at, eachMachine, flowsOf } from '../../lookups/flows';
import type { Rule } from '../../rule';

export const variableOuter: Rule = {
  id: 'VariableOuter',
  severity: 'error',
  title: 'A branch or an iteration assigns no variable of the states around it',
  why: 'Branches run at once, and cannot change what they share: Step Functions rejects the deployment.',
  fix: 'give the variable another name, and pass the value out in Output; assign it in the Parallel or Map',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html',
  check: eachMachine(function* (machine) {
    for (const { flow, around } of flowsOf(machine.flow)) {
      const outer = new Set(around.flatMap((one) => assignedIn(one.flow)).map(({ name }) => name));
      for (const { name, state, place } of assignedIn(flow)) {
        if (outer.has(name))
          yield at(machine, place, `assigns $${name} in ${state.name}, a variable of the states around it`);
      }
    }
  }),
};
