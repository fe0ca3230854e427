import type { Resource } from './model';
import { Choice, Computed, Reference, type Scalar, Secret, Text, Unknown, type Value, type ValueMap } from './values';

/** The assumed conditions of a branch: `{ IsProd: true }`. */
export type Assumptions = Readonly<Record<string, boolean>>;

/** A value without a Choice at its top, with its conditions. */
export interface Branch {
  /** The value; undefined if absent. */
  readonly value: Value | undefined;
  /** The conditions; empty without a choice. */
  readonly when: Assumptions;
}

/** Maximum branches to look at; no real template comes near. */
const MAX_BRANCHES = 256;
const UNCONDITIONAL: Assumptions = {};

/** Whether a value is a plain object of values. */
export function isMap(value: unknown): value is ValueMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Computed);
}

/** Whether a value is a list of values. */
export function isList(value: unknown): value is readonly Value[] {
  return Array.isArray(value);
}

/** Whether a value itself is known only at deployment. References, Secrets and Text made of them count as known. */
export function isUnknown(value: unknown): value is Unknown {
  return value instanceof Unknown;
}

/** The value if it is a literal; undefined for anything else. */
export function literal(value: unknown): Scalar | undefined {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value) ? (value as Scalar) : undefined;
}

/** A value as text, including numbers and booleans, as in CloudFormation; undefined for anything else. */
export function toText(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

/** The number that a value is or spells (`'30'`); undefined for anything else. */
export function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : undefined;
}

/** The boolean that a value is or spells (`'true'`); undefined for anything else. */
export function toBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return value === 'true' ? true : value === 'false' ? false : undefined;
}

/**
 * The value at a path below a resource's properties or a value. A Choice on the way gives a Choice between the values
 * of its branches. Anything below an unknown value is that Unknown.
 *
 * @param path names and indexes, dotted (`Environment.Variables.URL`, `Statement.0.Action`), or a list if a name has
 * dots
 * @returns undefined if there is nothing
 */
export function at(from: Resource | Value | undefined, path: string | readonly string[]): Value | undefined {
  return below(isResource(from) ? from.properties : from, typeof path === 'string' ? namesOf(path) : path, 0);
}

/** There are few paths, looked up very often. */
const splitPaths = new Map<string, readonly string[]>();

function namesOf(path: string): readonly string[] {
  const known = splitPaths.get(path);
  if (known) return known;
  const names = path === '' ? [] : path.split('.');
  if (splitPaths.size < 10_000) splitPaths.set(path, names);
  return names;
}

function below(from: Value | undefined, names: readonly string[], start: number): Value | undefined {
  let value = from;
  for (let index = start; index < names.length; index += 1) {
    if (value === undefined || typeof value !== 'object' || value === null) return undefined;
    const name = names[index]!;
    if (value instanceof Computed) return belowComputed(value, names, index);
    if (isList(value)) value = value[Number(name)];
    else value = Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return value;
}

function belowComputed(value: Computed, names: readonly string[], start: number): Value | undefined {
  if (value instanceof Choice) {
    const then = below(value.then, names, start);
    const otherwise = below(value.otherwise, names, start);
    return then === undefined && otherwise === undefined ? undefined : new Choice(value.condition, then, otherwise);
  }
  if (value instanceof Unknown) return value;
  return new Unknown(`the content of ${describe(value as Reference | Text | Secret)} is known only at deployment`);
}

/** Every branch of a value: one without a Choice. Contradictory branches are left out. */
export function eachBranch(value: Value | undefined): Branch[] {
  if (!(value instanceof Choice)) return [{ value, when: UNCONDITIONAL }];
  return [...together({ value })].map(({ values, when }) => ({ value: values.value, when }));
}

/**
 * Every possible combination of branches of several values: a condition in two of them is true in both or false in
 * both. So settings that must agree are compared as deployed.
 */
export function together<K extends string>(
  values: Readonly<Record<K, Value | undefined>>,
): readonly { readonly values: Readonly<Record<K, Value | undefined>>; readonly when: Assumptions }[] {
  const names = Object.keys(values) as K[];
  const found: { values: Record<K, Value | undefined>; when: Assumptions }[] = [];
  const visit = (current: Record<K, Value | undefined>, when: Assumptions): void => {
    if (found.length >= MAX_BRANCHES) return;
    const chooser = names.map((name) => current[name]).find((value) => value instanceof Choice);
    if (!(chooser instanceof Choice)) {
      found.push({ values: current, when });
      return;
    }
    for (const outcome of [true, false]) {
      if (Object.hasOwn(when, chooser.condition) && when[chooser.condition] !== outcome) continue;
      const next = { ...current };
      for (const name of names) next[name] = decided(current[name], chooser.condition, outcome);
      visit(next, { ...when, [chooser.condition]: outcome });
    }
  };
  visit({ ...values }, {});
  return found;
}

function decided(value: Value | undefined, condition: string, outcome: boolean): Value | undefined {
  let current = value;
  while (current instanceof Choice && current.condition === condition)
    current = outcome ? current.then : current.otherwise;
  return current;
}

/** The items of a list, or a single value as one item; from every branch, without absent ones. */
export function items(value: Value | undefined): Value[] {
  if (value === undefined) return [];
  if (!(value instanceof Computed)) {
    if (!isList(value)) return [value];
    if (!value.some((item) => item instanceof Choice)) return value as Value[];
  }
  return eachBranch(value).flatMap((branch) => {
    if (branch.value === undefined) return [];
    if (!isList(branch.value)) return [branch.value];
    return branch.value.flatMap((item) => (item instanceof Choice ? items(item) : [item]));
  });
}

/** The names and values of a map, from every branch. */
export function entries(value: Value | undefined): [string, Value][] {
  if (isMap(value)) return Object.entries(value);
  return eachBranch(value).flatMap((branch) => (isMap(branch.value) ? Object.entries(branch.value) : []));
}

/**
 * The conditions of a branch in words, to end a sentence with: ` when IsProd and not IsTest`; empty if there are none.
 */
export function inWords(when: Assumptions): string {
  const terms = Object.entries(when).map(([condition, outcome]) => (outcome ? condition : `not ${condition}`));
  return terms.length === 0 ? '' : ` when ${terms.join(' and ')}`;
}

/** A value in a few words, for messages; never the content of a secret. */
export function describe(value: Value | undefined): string {
  if (value === undefined) return 'nothing';
  if (value instanceof Reference) return value.attribute ? `${value.target}.${value.attribute}` : value.target;
  if (value instanceof Text) {
    return `'${value.parts.map((part) => (typeof part === 'string' ? part : `\${${describe(part)}}`)).join('')}'`;
  }
  if (value instanceof Choice) return `${describe(value.then)} or ${describe(value.otherwise)}`;
  if (value instanceof Unknown) return value.name ?? value.reason;
  if (value instanceof Secret) return `the secret ${value.source}`;
  if (typeof value === 'string') return `'${value}'`;
  return typeof value === 'object' && value !== null ? (isList(value) ? 'a list' : 'an object') : String(value);
}

function isResource(value: Resource | Value | undefined): value is Resource {
  return (
    typeof value === 'object' && value !== null && 'logicalId' in value && 'properties' in value && 'template' in value
  );
}
