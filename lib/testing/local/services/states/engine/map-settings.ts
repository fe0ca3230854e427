import { dataOf } from './data';
import { type Item, itemsIn } from './items';
import { EvaluationFault, runtimeFault } from './failure';
import type { Visit } from './visit';

/** The items of a map from the state's input. `Items` may also be an object. */
export async function itemsOf(visit: Visit): Promise<readonly Item[]> {
  const { state, input } = visit;
  const { body, language } = state;
  const data = dataOf(language);
  if (language === 'JSONata') {
    const given = body.Items === undefined ? input : await data.field(visit, 'Items');
    const found = body.Items !== undefined || Array.isArray(given) ? itemsIn(given) : undefined;
    if (found) return found;
    throw body.Items === undefined
      ? new EvaluationFault('', `Map state input must be an array but was: ${JSON.stringify(given)}`)
      : unexpected(visit, 'Items', 'array', given);
  }
  const path = typeof body.ItemsPath === 'string' ? body.ItemsPath : '$';
  const items = body.ItemsPath === undefined ? data.effective(visit) : await data.field(visit, 'Items');
  if (Array.isArray(items)) return itemsIn(items)!;
  throw runtimeFault(`Reference path "${path}" must point to array.`);
}

/** A numeric setting of a map, with a default. */
export async function numberOf(
  visit: Visit,
  name: string,
  otherwise: number,
  kind: 'integer' | 'float' = 'integer',
): Promise<number> {
  const { body, language } = visit.state;
  const given = await dataOf(language).field(visit, name);
  if (given === undefined) return otherwise;
  const valid = typeof given === 'number' && (kind === 'float' || Number.isInteger(given));
  if (valid) return given;
  if (language === 'JSONata') throw unexpected(visit, name, kind === 'float' ? 'number' : 'integer', given);
  const path = String(body[`${name}Path`]);
  const shown = typeof given === 'string' ? given : JSON.stringify(given);
  throw runtimeFault(`The ${name}Path field refers to value "${shown}" which is not a valid ${kind}: ${path}`);
}

/** The fault for a result of the wrong type. */
export function unexpected({ state }: Visit, field: string, wanted: string, value: unknown): EvaluationFault {
  const source = String(state.body[field]).replace(/^\{%\s*|\s*%\}$/g, '');
  const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  return new EvaluationFault(
    field,
    `The JSONata expression '${source}' specified for the field '${field}' returned an unexpected result type. ` +
      `Expected '${wanted}', but was '${type}' for value: ${JSON.stringify(value)}`,
  );
}
