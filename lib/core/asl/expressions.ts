import { Text } from '../model/values';
import { isList, isMap } from '../model/select';
import type { Place, State } from './definition';

/** An expression of a state, with its place. */
export interface Expression {
  /** The language: JSONata between `{%` and `%}`, a path, or an intrinsic function of JSONPath states. */
  readonly kind: 'jsonata' | 'path' | 'intrinsic';
  /** Its text, without JSONata's delimiters. Anything known only at deployment reads `open`. */
  readonly source: string;
  readonly place: Place;
  /** The field of the state, or of its catcher, choice or retrier: `Arguments`, `Catch`. */
  readonly field: string;
}

/** Fields with nested states, or that are never evaluated. */
export const NOT_READ = [
  'Branches',
  'Iterator',
  'ItemProcessor',
  'Type',
  'Comment',
  'Next',
  'Default',
  'QueryLanguage',
];
/** Fields of a JSONPath state that are paths; also a choice's `Variable`. */
const PATHS = /^(?:InputPath|OutputPath|ResultPath|ItemsPath|Variable|\w+Path)$/;

/** The JSONata in a text; undefined if it is plain text. */
export function jsonataIn(text: string): string | undefined {
  return text.startsWith('{%') && text.endsWith('%}') && text.length >= 4 ? text.slice(2, -2) : undefined;
}

/** Every expression of a state, without nested states. */
export function expressionsOf(state: State): readonly Expression[] {
  return Object.entries(state.body)
    .filter(([field]) => !NOT_READ.includes(field))
    .flatMap(([field, value]) => [...walk(value, field, field, [...state.place, field], state.language)]);
}

function* walk(
  value: unknown,
  key: string,
  field: string,
  place: Place,
  language: State['language'],
): Iterable<Expression> {
  const text = textOf(value);
  if (text !== undefined) {
    const found = language === 'JSONata' ? jsonata(text) : path(text, key);
    if (found) yield { ...found, place, field };
  } else if (isList(value)) {
    for (const [index, item] of value.entries()) yield* walk(item, '', field, [...place, index], language);
  } else if (isMap(value)) {
    for (const [name, item] of Object.entries(value)) yield* walk(item, name, field, [...place, name], language);
  }
}

function jsonata(text: string): Pick<Expression, 'kind' | 'source'> | undefined {
  const source = jsonataIn(text);
  return source === undefined ? undefined : { kind: 'jsonata', source };
}

function path(text: string, key: string): Pick<Expression, 'kind' | 'source'> | undefined {
  if (!key.endsWith('.$') && !PATHS.test(key)) return undefined;
  return { kind: text.startsWith('States.') ? 'intrinsic' : 'path', source: text };
}

/** A text with the word `open` for each deployment-time value: any word is valid in a string or as a name. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!(value instanceof Text)) return undefined;
  return value.parts.map((part) => (typeof part === 'string' ? part : 'open')).join('');
}
