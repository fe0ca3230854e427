import type { Flow, State } from '../../../core/asl/definition';
import { at, eachMachine, flowsOf, ONWARD, reached, undoneBy } from '../../lookups/flows';
import type { Rule } from '../../rule';

export const compensationMissing: Rule = {
  id: 'CompensationMissing',
  severity: 'warning',
  title: 'What is undone when one task fails is also undone when a later one fails',
  why: 'The work of the earlier steps is not undone: an order without its payment, a payment without its order.',
  fix: 'point the later task’s Catch at the compensation of the task before it, and continue through the others in reverse',
  source: 'https://docs.aws.amazon.com/prescriptive-guidance/latest/cloud-design-patterns/saga-orchestration.html',
  check: eachMachine(function* (machine) {
    for (const { flow } of flowsOf(machine.flow)) {
      const tasks = [...flow.states.values()].filter(({ type, catchers }) => type === 'Task' && catchers.length > 0);
      for (const later of tasks) {
        const missing = missingIn(flow, later, tasks);
        if (missing)
          yield at(
            machine,
            later.place,
            `does not run ${missing.undo} when ${later.name} fails, though it does when ${missing.earlier}, before it, fails`,
          );
      }
    }
  }),
};

function missingIn(flow: Flow, later: State, tasks: readonly State[]): { earlier: string; undo: string } | undefined {
  const done = undoneBy(flow, later.catchers);
  for (const earlier of tasks) {
    if (earlier === later || reached(flow, [later.name], ONWARD).has(earlier.name)) continue;
    if (!reached(flow, [earlier.name], ONWARD).has(later.name)) continue;
    // A handler that continues to the later task recovers from the failure; it has nothing to undo.
    const undo = [...undoneBy(flow, earlier.catchers)].find(
      (name) => !done.has(name) && name !== later.name && !reached(flow, [name], ONWARD).has(later.name),
    );
    if (undo !== undefined) return { earlier: earlier.name, undo };
  }
  return undefined;
}
