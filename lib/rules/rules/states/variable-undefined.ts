import { expressionsOf } from '../../../core/asl/expressions';
import { assignedIn, at, eachMachine, flowsOf, variablesRead } from '../../lookups/flows';
import type { Rule } from '../../rule';

export const variableUndefined: Rule = {
  id: 'VariableUndefined',
  severity: 'error',
  title: 'A variable that a state machine reads is one that a state assigns',
  why: 'It reads as undefined, which fails the state with States.QueryEvaluationError.',
  fix: 'correct the name, or assign the variable in an earlier state',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html',
  check: eachMachine(function* (machine) {
    for (const { flow, around } of flowsOf(machine.flow)) {
      // DistributedMapVariable judges those around a distributed map.
      const known = new Set([flow, ...around.map((one) => one.flow)].flatMap(assignedIn).map(({ name }) => name));
      for (const state of flow.states.values()) {
        for (const expression of expressionsOf(state)) {
          const unknown = variablesRead(expression).find((name) => !known.has(name));
          if (unknown === undefined) continue;
          yield at(machine, expression.place, `reads $${unknown} in ${state.name}, which no state assigns`);
        }
      }
    }
  }),
};
