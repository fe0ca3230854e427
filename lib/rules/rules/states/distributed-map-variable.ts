import { expressionsOf } from '../../../core/asl/expressions';
import { assignedIn, at, eachMachine, flowsOf, type Nested, variablesRead } from '../../lookups/flows';
import type { Rule } from '../../rule';

export const distributedMapVariable: Rule = {
  id: 'DistributedMapVariable',
  severity: 'error',
  title: 'A distributed map reads no variables from outside it',
  why: 'Its iterations are executions of their own, which do not have the variables of the parent execution.',
  fix: 'pass the value in ItemSelector or ItemBatcher, and read $states.input',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html',
  check: eachMachine(function* (machine) {
    for (const nested of flowsOf(machine.flow)) {
      const { inside, outside } = parted(nested);
      const names = (flows: readonly Nested[]) =>
        new Set(flows.flatMap(({ flow }) => assignedIn(flow)).map(({ name }) => name));
      const [own, outer] = [names(inside), names(outside)];
      for (const state of nested.flow.states.values()) {
        for (const expression of expressionsOf(state)) {
          const found = variablesRead(expression).find((name) => outer.has(name) && !own.has(name));
          if (found === undefined) continue;
          yield at(
            machine,
            expression.place,
            `reads $${found} in ${state.name}, a variable from outside the distributed map`,
          );
        }
      }
    }
  }),
};

/** The enclosing flows of the same execution, and the others. */
function parted(nested: Nested): { readonly inside: readonly Nested[]; readonly outside: readonly Nested[] } {
  const line = [...nested.around, nested];
  const start = line.findLastIndex(({ distributed }) => distributed);
  return start < 0 ? { inside: line, outside: [] } : { inside: line.slice(start), outside: line.slice(0, start) };
}
