import { instantOf, numberOf } from './condition-operators';
import { OPERATOR } from './conditions';
import type { ContextValue } from './context';
import { tokensOf } from './glob';
import { OTHER } from './glob-relations';
import { type RegionPattern, regionsOf } from './glob-regions';
import { edgesOf } from './ip-edges';
import type { OneOrMany } from './policy';

/** A request's values for a context key; undefined if absent. */
export type KeyState = OneOrMany<ContextValue> | undefined;

/** A condition's operator with the values of a key. */
export interface KeyCondition {
  /** `StringEquals`, `ForAnyValue:StringLike`. */
  readonly operator: string;
  /** The values in the policy. */
  readonly values: readonly string[];
}

/** How to compare values; `any` needs few samples (`Bool`, `Null`). */
type Family = 'text' | 'number' | 'date' | 'ip' | 'binary' | 'any';

/** Maximum combinations of values in a list to try. */
const MAX_LISTS = 400;

/**
 * Representative states of a context key, as far as the given conditions distinguish them: absent, one value, several
 * values. Undefined if there are no such states.
 */
export function statesOf(
  conditions: readonly KeyCondition[],
  judge: (state: KeyState) => string,
): readonly KeyState[] | undefined {
  const values = valuesOf(conditions);
  if (!values) return undefined;
  const single = distinct(values, judge);
  const quantified = conditions.filter(({ operator }) => operator.includes(':')).length;
  // A lone empty string is no value to some operators, so it represents no other text; next to another, it is a value.
  const listed = ['', ...distinct(values.filter(Boolean), judge)];
  const lists = listsOf(listed, Math.max(1, quantified));
  return lists && distinct([undefined, ...single, ...lists], judge);
}

/** The first of each group with equal verdicts. */
function distinct<T extends KeyState>(states: readonly T[], judge: (state: KeyState) => string): readonly T[] {
  return [...new Map(states.toReversed().map((state) => [judge(state), state])).values()];
}

/**
 * Lists of up to `length` values; a list needs at most one value per condition that requires one. A list of only empty
 * strings counts as absent.
 */
function listsOf(values: readonly string[], length: number): readonly (readonly string[])[] | undefined {
  let last: readonly (readonly string[])[] = values.map((value) => [value]);
  const all = values.map((value) => [value, value]);
  for (let size = 2; size <= Math.min(length + 1, values.length); size++) {
    last = last.flatMap((list) => values.slice(values.indexOf(list.at(-1)!) + 1).map((value) => [...list, value]));
    all.push(...last.map((list) => [...list]));
    if (all.length > MAX_LISTS) return undefined;
  }
  return all.filter((list) => list.some(Boolean));
}

/** Representative single values; undefined if the conditions' comparisons cannot be combined. */
function valuesOf(conditions: readonly KeyCondition[]): readonly string[] | undefined {
  const families = new Map<Family, string[]>();
  const patterns: RegionPattern[] = [];
  for (const { operator, values } of conditions) {
    const name = OPERATOR.exec(operator)?.[2] ?? '';
    const family = familyOf(name);
    families.set(family, [...(families.get(family) ?? []), ...values]);
    if (family === 'text') patterns.push(...values.map((value) => patternOf(name, value)));
  }
  const compared = [...families.keys()].filter((family): family is Exclude<Family, 'any'> => family !== 'any');
  const texts = regionsOf(patterns);
  if (!texts) return undefined;
  const truths = families.has('any') ? ['true', 'false'] : [];
  const own =
    compared.length > 1 ? mixed(families, patterns) : compared.flatMap((family) => ownValues(family, families));
  return own && [...new Set([...texts, OTHER, ...own, ...truths])];
}

function ownValues(
  family: Exclude<Family, 'any'>,
  families: ReadonlyMap<Family, readonly string[]>,
): readonly string[] {
  const values = families.get(family) ?? [];
  switch (family) {
    case 'text':
      return [];
    case 'number':
      return between(values, numberOf).map(String);
    case 'date':
      return between(values, instantOf).map(dateText);
    case 'ip':
      return edgesOf(values);
    case 'binary':
      return values;
  }
}

/**
 * Values of a key that is compared as a text and as a number or a date as well. A number has as many spellings as one likes, so
 * that each that is told apart has one that no text of the policy is; `DateLessThan` takes numbers for seconds. Undefined
 * where wildcards decide which spellings count, and for addresses.
 */
function mixed(
  families: ReadonlyMap<Family, readonly string[]>,
  patterns: readonly RegionPattern[],
): readonly string[] | undefined {
  if (families.has('ip') || families.has('binary')) return undefined;
  if (patterns.some(({ tokens }) => tokens.some(({ kind }) => kind !== 'char'))) return undefined;
  const taken = new Set((families.get('text') ?? []).map((text) => text.toLowerCase()));
  const dates = families.get('date') ?? [];
  const seconds = dates.flatMap((text) => (instantOf(text) ?? NaN) / 1000).map(String);
  const numbers = between([...(families.get('number') ?? []), ...seconds], numberOf).map((value) =>
    apart(String(value), '0', taken),
  );
  const instants = between(dates, instantOf).map(dateText);
  return [...numbers, ...instants.map((text) => apart(text, '0Z', taken))];
}

/** A different spelling of a number, or of a date's last part. */
function apart(text: string, more: '0' | '0Z', taken: ReadonlySet<string>): string {
  let spelled = more === '0' && !/[.e]/.test(text) ? `${text}.0` : text;
  while (taken.has(spelled.toLowerCase())) spelled = spelled.replace(/Z?$/, more);
  return spelled;
}

function familyOf(name: string): Family {
  if (/^(String|Arn)/.test(name)) return 'text';
  if (name.startsWith('Numeric')) return 'number';
  if (name.startsWith('Date')) return 'date';
  if (name.endsWith('IpAddress')) return 'ip';
  return name === 'BinaryEquals' ? 'binary' : 'any';
}

function patternOf(name: string, value: string): RegionPattern {
  const wildcards = name.startsWith('Arn') ? (value === '*' ? 'text' : 'arn') : name.endsWith('Like') ? 'text' : 'none';
  return { tokens: tokensOf(value, wildcards, { variables: true }), ignoreCase: name.endsWith('IgnoreCase') };
}

/** The values themselves, and one below, between and above them. */
function between(texts: readonly string[], read: (text: string) => number | undefined): readonly number[] {
  const known = texts.map(read).filter((value) => value !== undefined);
  const sorted = [...new Set(known)].sort((a, b) => a - b);
  const middles = sorted.slice(1).map((value, index) => (value + sorted[index]!) / 2);
  return [...sorted, ...middles, ...(sorted.length > 0 ? [sorted[0]! - 1000, sorted.at(-1)! + 1000] : [])];
}

function dateText(instant: number): string {
  const date = new Date(instant);
  const year = Number.isNaN(date.valueOf()) ? -1 : date.getUTCFullYear();
  return year >= 0 && year <= 9999 ? date.toISOString() : String(instant / 1000);
}
