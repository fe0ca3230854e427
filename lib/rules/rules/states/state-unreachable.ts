import type { Flow } from '../../../core/asl/definition';
import { ANY_WAY, at, eachMachine, flowsOf, reached } from '../../lookups/flows';
import type { Rule } from '../../rule';

export const stateUnreachable: Rule = {
  id: 'StateUnreachable',
  severity: 'warning',
  title: 'Every state of a state machine can be reached',
  why: 'A state that nothing leads to never runs: most often a Next or a Catch was forgotten.',
  fix: 'add a transition to it, or remove it',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html',
  check: eachMachine(function* (machine) {
    for (const { flow } of flowsOf(machine.flow)) {
      if (flow.startAt === undefined || isBroken(flow)) continue;
      const found = reached(flow, [flow.startAt], ANY_WAY);
      for (const { name, place } of flow.states.values()) {
        if (!found.has(name)) yield at(machine, place, `has ${name}, which nothing leads to`);
      }
    }
  }),
};

/** A transition that leads nowhere, which StateMachineDefinition judges. */
function isBroken({ startAt, states }: Flow): boolean {
  return (
    !states.has(startAt ?? '') ||
    [...states.values()].some(
      ({ end, transitions }) =>
        (!end && !transitions.some(({ by }) => by !== 'Catch')) || transitions.some(({ to }) => !states.has(to)),
    )
  );
}
