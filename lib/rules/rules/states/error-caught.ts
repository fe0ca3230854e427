import { ALL } from '../../../core/asl/errors';
import { allStates, type Flow, type State } from '../../../core/asl/definition';
import { at, eachMachine } from '../../lookups/flows';
import type { Rule } from '../../rule';

export const errorCaught: Rule = {
  id: 'ErrorCaught',
  severity: 'warning',
  title: 'A state machine that catches all errors of one state catches those of all others',
  why: 'The error handling (an undo, a message) does not run for an error of another state, and the execution just ends.',
  fix: 'add a Catch for States.ALL to the state, or to the Parallel or Map around it',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  check: eachMachine(function* (machine) {
    const handling = allStates(machine.flow).filter(catchesAll);
    if (handling.length === 0) return;
    // States that only an error leads to are the handling itself.
    const handled = new Set(handling.flatMap(({ catchers }) => catchers.map(({ next }) => next)));
    for (const state of uncaught(machine.flow, handled)) {
      yield at(machine, state.place, `catches the errors of ${handling[0]?.name}, but not those of ${state.name}`);
    }
  }),
};

const CALLING = ['Task', 'Parallel', 'Map'];

function* uncaught(flow: Flow, handled: ReadonlySet<string | undefined>): Iterable<State> {
  const after = followers(flow, handled);
  for (const state of flow.states.values()) {
    if (!CALLING.includes(state.type) || catchesAll(state) || after.has(state.name)) continue;
    if (state.type === 'Task') yield state;
    else for (const inner of state.inner) yield* uncaught(inner, handled);
  }
}

/** The states that follow a handler. */
function followers({ states }: Flow, handled: ReadonlySet<string | undefined>): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...states.keys()].filter((name) => handled.has(name));
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    open.push(...(states.get(name)?.transitions.map(({ to }) => to) ?? []));
  }
  return found;
}

function catchesAll({ catchers }: State): boolean {
  // A name known only at deployment may match.
  return catchers.some(
    ({ errors, body }) => errors.includes(ALL) || errors.length === 0 || !Array.isArray(body.ErrorEquals),
  );
}
