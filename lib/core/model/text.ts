import { withDynamicReferences } from './dynamic-references';
import { isList, toText } from './select';
import { Choice, Reference, Secret, Text, Unknown, type Value } from './values';

/** Maximum combinations of conditions to list for a value. */
const MAX_COMBINATIONS = 64;

/** Maximum length and parts of a text: nested functions could double it each time. */
const MAX_LENGTH = 4_000_000;
const MAX_PARTS = 50_000;

/** A part of a text, before neighbouring literals are merged. */
type Part = Text['parts'][number];

/**
 * Joins values into a text: a literal if all are literal, the reference itself if it is the only part, otherwise a
 * Text. A Choice among them becomes a Choice between texts.
 */
export function concatenate(values: readonly (Value | undefined)[]): Value {
  if (!values.some((value) => value instanceof Choice)) return merged(values.flatMap(partsOf));
  return distribute(values, (chosen) => merged(chosen.flatMap(partsOf)));
}

/**
 * Applies a function to values that may be Choices, giving a Choice between the results. A shared condition is decided
 * once for all.
 */
export function distribute(
  values: readonly (Value | undefined)[],
  combine: (values: readonly (Value | undefined)[]) => Value | undefined,
): Value {
  if (!values.some((value) => value instanceof Choice)) return combine(values) ?? new Unknown('it has no value');
  let combinations = 0;
  const visit = (current: readonly (Value | undefined)[]): Value | undefined => {
    if (combinations === MAX_COMBINATIONS) return new Unknown('it depends on too many conditions');
    const chooser = current.find((value) => value instanceof Choice);
    if (!(chooser instanceof Choice)) {
      combinations += 1;
      return combine(current);
    }
    const { condition } = chooser;
    const branch = (outcome: boolean): Value | undefined =>
      visit(current.map((value) => decided(value, condition, outcome)));
    return new Choice(condition, branch(true), branch(false));
  };
  return visit(values) ?? new Unknown('it has no value');
}

/** A value under an assumption about one condition. */
function decided(value: Value | undefined, condition: string, outcome: boolean): Value | undefined {
  if (!(value instanceof Choice)) return value;
  if (value.condition === condition) return decided(outcome ? value.then : value.otherwise, condition, outcome);
  const then = decided(value.then, condition, outcome);
  const otherwise = decided(value.otherwise, condition, outcome);
  return then === value.then && otherwise === value.otherwise ? value : new Choice(value.condition, then, otherwise);
}

function partsOf(value: Value | undefined): readonly Part[] {
  if (value === undefined) return [];
  if (value instanceof Text) return value.parts;
  if (value instanceof Reference || value instanceof Unknown || value instanceof Secret) return [value];
  return [toText(value) ?? new Unknown(isList(value) ? 'a list is inside a string' : 'an object is inside a string')];
}

function merged(parts: readonly Part[]): Value {
  const result: Part[] = [];
  let length = 0;
  for (const part of parts) {
    if (typeof part === 'string') length += part.length;
    if (length > MAX_LENGTH || result.length > MAX_PARTS)
      return new Unknown('it is too long a text to be put together');
    const last = result.at(-1);
    if (part === '') continue;
    if (typeof part === 'string' && typeof last === 'string') result[result.length - 1] = last + part;
    else result.push(part);
  }
  return asValue(withDynamicReferences(result).filter((part) => part !== ''));
}

function asValue(parts: readonly Part[]): Value {
  const [only] = parts;
  if (only === undefined) return '';
  return parts.length === 1 ? only : new Text(parts);
}

/** A literal text of a template, which may contain dynamic references. */
export function literalText(text: string): Value {
  return text.includes('{{resolve:') ? merged([text]) : text;
}
