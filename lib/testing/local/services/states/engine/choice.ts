import type { Body } from '../../../../../core/asl/definition';
import { isRecord, records, text } from '../../../kernel/json';
import { atPath } from '../json-path/path';
import { dataOf, type Holder } from './data';
import { EvaluationFault, runtimeFault, StateFault } from './failure';
import type { Outcome } from './flow';
import { dataFor } from './json-path-data';
import { comparison } from './choice-operators';
import type { Visit } from './visit';

/** A Choice follows the first matching rule, with its assignments and output; otherwise its default. */
export async function runChoice(visit: Visit): Promise<Outcome> {
  const { body, language } = visit.state;
  const data = dataOf(language);
  const choices = records(body.Choices);
  for (const [index, choice] of choices.entries()) {
    const holder: Holder = { body: choice, name: `Choices[${index}]` };
    const matches =
      language === 'JSONata' ? await condition(visit, holder) : holds(choice, visit, data.effective(visit));
    if (!matches) continue;
    return { ...(await data.completed(visit, undefined, holder)), next: text(choice.Next) ?? '' };
  }
  const next = text(body.Default);
  if (next === undefined) {
    const said = 'Failed to transition out of the state. The state does not point to a next state.';
    throw new StateFault('States.NoChoiceMatched', said);
  }
  return { ...(await data.completed(visit, undefined)), next };
}

async function condition(visit: Visit, holder: Holder): Promise<boolean> {
  const value = await dataOf('JSONata').field(visit, 'Condition', holder);
  if (typeof value === 'boolean') return value;
  const shown = JSON.stringify(value);
  const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  const source = String(holder.body.Condition).slice(2, -2).trim();
  throw new EvaluationFault(
    `${holder.name}/Condition`,
    `The JSONata expression '${source}' specified for the field '${holder.name}/Condition' returned an unexpected result type. Expected 'boolean', but was '${type}' for value: ${shown}`,
  );
}

/** Whether a rule of a JSONPath state matches. */
function holds(rule: Body, visit: Visit, input: unknown): boolean {
  if (isRecord(rule.Not)) return !holds(rule.Not, visit, input);
  if (rule.And !== undefined) return records(rule.And).every((one) => holds(one, visit, input));
  if (rule.Or !== undefined) return records(rule.Or).some((one) => holds(one, visit, input));
  const data = dataFor(visit, input);
  const path = text(rule.Variable) ?? '$';
  const found = atPath(path, data);
  const { name, test } = comparison(rule);
  const wanted = rule[name];
  if (name === 'IsPresent') return 'value' in found === wanted;
  if (!('value' in found)) throw notThere(path);
  if (!name.endsWith('Path')) return test(found.value, wanted);
  const other = atPath(text(wanted) ?? '$', data);
  if (!('value' in other)) throw notThere(text(wanted) ?? '$');
  return test(found.value, other.value);
}

function notThere(path: string): StateFault {
  return runtimeFault(`Invalid path '${path}': The choice state's condition path references an invalid value.`);
}
