import { isRecord } from '../record';
import type { Sections } from './sections';
import { subVariables } from './sub-text';
import { Choice, Text, Unknown, type Value } from './values';

/** Expressions nested deeper than this are not followed, as with values. */
const MAX_DEPTH = 100;

/**
 * The basis of an expression, as text: the expression itself, and the parameters, mappings and conditions it names.
 * @param raw the expression, as parsed
 */
export function basisOf(raw: unknown, { parameters, mappings, conditions }: Sections): string {
  const named = new Map<string, unknown>();
  const parameter = (name: string): void => {
    const declared = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (isRecord(declared)) named.set(name, [declared.Default, declared.AllowedValues]);
  };
  const visit = (one: unknown, depth: number): void => {
    if (depth > MAX_DEPTH) return;
    if (Array.isArray(one)) for (const item of one) visit(item, depth + 1);
    if (!isRecord(one)) return;
    for (const [key, operand] of Object.entries(one)) {
      const [first]: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
      if (key === 'Ref' && typeof operand === 'string') parameter(operand);
      else if (key === 'Fn::FindInMap')
        named.set(`map ${String(first)}`, typeof first === 'string' ? mappings[first] : mappings);
      else if (key === 'Fn::Sub') for (const name of subVariables(String(first))) parameter(name);
      else if ((key === 'Fn::If' || key === 'Condition') && typeof first === 'string' && !named.has(`if ${first}`)) {
        named.set(`if ${first}`, conditions[first]);
        visit(conditions[first], depth + 1);
      }
      visit(operand, depth + 1);
    }
  };
  visit(raw, 0);
  return JSON.stringify([raw, ...named]);
}

/** These return their arguments, at least in part. */
const PASS_ON = ['Ref', 'Fn::GetAtt', 'Fn::If', 'Fn::Join', 'Fn::Sub'];

/**
 * The value of a function, with its basis on each unknown: two values are equal only if the functions that compute them
 * are.
 */
export function addBasis(value: Value | undefined, operator: string, basis: () => string): Value | undefined {
  if (value instanceof Unknown) {
    const { reason, name, origin, basis: inner } = value;
    if (name !== undefined || origin !== undefined || (inner !== undefined && PASS_ON.includes(operator))) return value;
    return new Unknown(reason, undefined, undefined, `${basis()}${inner ?? ''}`);
  }
  if (value instanceof Choice) {
    const { condition } = value;
    const [then, otherwise] = [value.then, value.otherwise].map((one) => addBasis(one, operator, basis));
    return then === value.then && otherwise === value.otherwise ? value : new Choice(condition, then, otherwise);
  }
  if (value instanceof Text) {
    const parts = value.parts.map((part) => {
      const isKnown = !(part instanceof Unknown) || part.basis !== undefined;
      return isKnown ? part : (addBasis(part, operator, basis) as Unknown);
    });
    return parts.every((part, index) => part === value.parts[index]) ? value : new Text(parts);
  }
  return value;
}
