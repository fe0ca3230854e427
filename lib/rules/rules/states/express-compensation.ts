import { at, eachMachine, undoneBy } from '../../lookups/flows';
import type { Rule } from '../../rule';

const UNDO = /undo|compensat|revert|refund|roll ?back|cancel|release|void|reverse/i;

export const expressCompensation: Rule = {
  id: 'ExpressCompensation',
  severity: 'warning',
  title: 'A state machine with compensations is a Standard one',
  why: 'An asynchronous Express execution may run twice, and ends after five minutes wherever it is, with no status event and no redrive.',
  fix: 'make it a Standard state machine',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html',
  check: eachMachine(function* (machine) {
    if (!machine.express) return;
    const { flow } = machine;
    const undone = new Set([...flow.states.values()].flatMap(({ catchers }) => [...undoneBy(flow, catchers)]));
    const compensation = [...undone].find((name) => UNDO.test(name));
    if (compensation === undefined) return;
    yield at(
      machine,
      flow.states.get(compensation)?.place ?? [],
      `is Express, and has ${compensation} undo what it did`,
    );
  }),
};
