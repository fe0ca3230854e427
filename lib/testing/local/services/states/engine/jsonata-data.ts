import { type JsonObject, isRecord } from '../../../kernel/json';
import type { Completed, DataLanguage, Holder, Result } from './data';
import { contextOf, type Visit } from './visit';

/** Data of JSONata states: `Arguments`, `Output`, `Assign`, and expressions in every other field. */
export const jsonataData: DataLanguage = {
  effective: ({ input }) => input,
  arguments: async (visit) =>
    visit.state.body.Arguments === undefined ? visit.input : evaluate(visit, visit.state.body.Arguments, 'Arguments'),
  field: (visit, name, holder) => evaluate(visit, (holder?.body ?? visit.state.body)[name], nameIn(holder, name)),
  template: (visit, template, name) => evaluate(visit, template, name),
  completed: (visit, result, holder) => {
    const states = result === undefined ? {} : { result: result.value };
    return handedOn(visit, holder, states, result ?? { value: visit.input });
  },
  caught: (visit, catcher, errorOutput) => {
    const name = `Catch[${visit.state.catchers.indexOf(catcher)}]`;
    return handedOn(visit, { body: catcher.body, name }, { errorOutput }, { value: errorOutput });
  },
};

/** Output and assignments are both evaluated with the variables' previous values. */
async function handedOn(
  visit: Visit,
  holder: Holder | undefined,
  states: JsonObject,
  otherwise: Result,
): Promise<Completed> {
  const { Output, Assign } = holder?.body ?? visit.state.body;
  const output =
    Output === undefined ? otherwise.value : await evaluate(visit, Output, nameIn(holder, 'Output'), states);
  if (!isRecord(Assign)) return { output };
  const assigned = await evaluate(visit, Assign, nameIn(holder, 'Assign'), states);
  return { output, assigned: isRecord(assigned) ? assigned : {} };
}

function nameIn(holder: Holder | undefined, name: string): string {
  return holder ? `${holder.name}/${name}` : name;
}

function evaluate(visit: Visit, template: unknown, field: string, states: JsonObject = {}): Promise<unknown> {
  const { run, flowing, input } = visit;
  const bindings = { ...flowing.variables.all(), states: { input, context: contextOf(visit), ...states } };
  return run.time.own(() => run.jsonata.evaluate(template, field, bindings, run.time.now()));
}
