import { type Failure, PatternError } from '../errors';
import { nearest } from '../nearest';
import { isConstruct, isLiteral, isRecord } from '../record';
import { isLater, isUnresolved } from '../unresolved';
import { type Check, failuresOf, type Scope } from './check';
import { unreadable } from './unreadable';

/** The allowed values of a prop. */
export interface Kind {
  /** The rule, from its verb on: `must be a Duration`. */
  readonly rule: string;
  /** What to do with a value of another type, as an imperative. */
  readonly remedy: (value: unknown) => string;
  /** Whether a value has the type; one known only at deployment does if it represents such a value. */
  readonly is: (value: unknown) => boolean;
  /**
   * Checks inside a value of the type; a required value has no remedy in being removed.
   * @default - none
   */
  readonly inside?: (value: never, prop: string, required?: boolean) => readonly Check[];
  /**
   * Whether a value of another type must not be shown.
   * @default false
   */
  readonly sensitive?: boolean;
  /**
   * Whether a value known only at deployment is refused.
   * @default false
   */
  readonly now?: boolean;
  /**
   * Whether it may be a Pulumi Output or a promise.
   * @default false
   */
  readonly later?: boolean;
  /**
   * Rule and remedy if it is missing.
   * @default - optional
   */
  readonly needed?: { readonly rule: string; readonly remedy: string };
}

/** The kind of each prop: every existing prop, and no other. */
export type Shape<P> = { readonly [K in keyof Required<P>]: Kind };

/** Names that users know from elsewhere, with what to do instead. */
export type ForeignNames = Readonly<Record<string, string>>;

/**
 * Judges props as the user wrote them: unknown names, wrong types, missing values; then the construct's own table,
 * except for props that already failed.
 * @param rows the construct's table; not read if wrong types prevent it
 * @param foreign names from elsewhere, with specific remedies
 * @throws PatternError with all failures at once
 */
export function checkProps<P extends object>(
  scope: Scope,
  props: P,
  shape: Shape<P>,
  rows: (props: P) => readonly Check[] = () => [],
  foreign: ForeignNames = {},
): void {
  const failures = failuresIn(props, () => {
    const typed = [...shapeChecks(props, shape, '', foreign), ...constructsIn(scope, props)];
    const all = [...typed, ...whereTyped(typed, () => rows(props ?? ({} as P)))];
    // A list with an item left out makes a list of rows with one left out.
    return all.filter((row: Check | undefined) => row !== undefined);
  });
  if (failures.length > 0) throw new PatternError(typeof scope === 'string' ? scope : scope.node.path, failures);
}

/** The failures of some props' rows, or what of the props could not be read to make them. */
export function failuresIn(props: unknown, rows: () => readonly Check[]): Failure[] {
  try {
    return failuresOf(rows());
  } catch (error) {
    const failures = failuresOf(unreadable(props));
    if (failures.length === 0) throw error;
    return failures;
  }
}

/** The table expects the right types: with a wrong one it may throw, and the user must fix the types first. */
export function whereTyped(typed: readonly Check[], rows: () => readonly Check[]): readonly Check[] {
  try {
    return rows();
  } catch (error) {
    if (failuresOf(typed).length === 0) throw error;
    return [];
  }
}

/**
 * The rows of a shape for some props.
 * @param prefix of the props' names: `batch.`
 */
export function shapeChecks(props: unknown, shape: Shape<object>, prefix = '', foreign: ForeignNames = {}): Check[] {
  if (props !== undefined && !isWritten(props)) return [noProps(props, Object.keys(shape))];
  const kinds = shape as Readonly<Record<string, Kind>>;
  const given = (props ?? {}) as Readonly<Record<string, unknown>>;
  const rows: Check[] = [];
  for (const name of namesOf(given, kinds)) {
    const value = given[name];
    if (value === undefined) continue;
    const prop = `${prefix}${name}`;
    if (Object.hasOwn(kinds, name)) rows.push(...kindChecks(kinds[name]!, prop, value));
    else rows.push(...unknownName(prop, name, Object.keys(kinds), foreign));
  }
  for (const [name, needed] of neededIn(kinds)) {
    if (given[name] === undefined) rows.push(...missing(`${prefix}${name}`, needed));
  }
  return rows;
}

/** The names of some props: an object of a user's class may have getters, which are its class's. */
function namesOf(given: object, kinds: Readonly<Record<string, Kind>>): readonly string[] {
  const own = Object.keys(given);
  if (isLiteral(given)) return own;
  return [...own, ...Object.keys(kinds).filter((name) => name in given && !own.includes(name))];
}

type Needed = NonNullable<Kind['needed']>;

/** Found once for each shape: some have fifty kinds, and are asked for every function. */
const NEEDED = new WeakMap<object, readonly (readonly [name: string, needed: Needed])[]>();

function neededIn(kinds: Readonly<Record<string, Kind>>): readonly (readonly [name: string, needed: Needed])[] {
  const found = NEEDED.get(kinds);
  if (found !== undefined) return found;
  const all = Object.entries(kinds).flatMap(([name, { needed }]) =>
    needed === undefined ? [] : [[name, needed] as const],
  );
  NEEDED.set(kinds, all);
  return all;
}

type InApp = { readonly node?: { readonly root?: unknown } };

/** The row for a referenced construct: it must be in the same app, whose templates cannot refer to those of another. */
export function sameAppCheck(scope: InApp, prop: string, value: InApp): Check {
  const [one, other] = [scope.node?.root, value.node?.root];
  const valid = () => one === undefined || other === undefined || one === other;
  return { prop, value, valid, rule: 'must be of the same app', remedy: 'make it in this app, or import it' };
}

/** Calls a function for each construct in some props. */
export function eachConstruct(
  value: unknown,
  visit: (prop: string, construct: object) => void,
  prop = '',
  within: readonly unknown[] = [],
): void {
  if (typeof value !== 'object' || value === null || within.includes(value)) return;
  if (isConstruct(value)) visit(prop, value);
  else if (isLiteral(value) || Array.isArray(value)) {
    const outer = [...within, value];
    for (const [name, one] of Object.entries(value)) {
      if (typeof one === 'object') eachConstruct(one, visit, prop === '' ? name : `${prop}.${name}`, outer);
    }
  }
}

/** The rows for all constructs in some props. */
function constructsIn(scope: Scope, props: unknown): Check[] {
  const rows: Check[] = [];
  if (typeof scope !== 'string') eachConstruct(props, (prop, value) => rows.push(sameAppCheck(scope, prop, value)));
  return rows;
}

/** An object literal, or an object of a user's class; not a construct, list, string or function. */
function isWritten(props: unknown): boolean {
  return isRecord(props) && !isConstruct(props) && !isLater(props);
}

function noProps(value: unknown, names: readonly string[]): Check {
  const remedy = `write { ${names[0] ?? ''}: ... }`;
  return { prop: 'props', value, ofType: true, valid: () => false, rule: 'must be an object', remedy };
}

/** The rows of one value: its type, and the checks inside it. */
export function kindChecks(kind: Kind, prop: string, value: unknown): readonly Check[] {
  const { rule, remedy, is, inside, needed, sensitive, now = false, later = false } = kind;
  const open = isUnresolved(value);
  const comes = isLater(value);
  if (open && !now && (comes ? later : is(value))) return [];
  if ((value === null || value === undefined) && needed !== undefined) return missing(prop, needed);
  if (open && (now || comes)) {
    const known = `${rule}, known when the program runs`;
    const instead = comes ? awaited(value) : remedy(undefined);
    return [{ prop, value, sensitive, ofType: true, valid: () => false, rule: known, remedy: instead }];
  }
  if (!is(value)) return [{ prop, value, sensitive, ofType: true, valid: () => false, rule, remedy: remedy(value) }];
  return inside?.(value as never, prop, needed !== undefined) ?? [];
}

/** The remedy for a value that is known too late. */
function awaited(value: object): string {
  return 'then' in value ? "write 'await' before it" : "give the value itself, such as 'config.require()' does";
}

function missing(prop: string, needed: Needed): Check[] {
  return [{ prop, value: undefined, ofType: true, valid: () => false, ...needed }];
}

function unknownName(prop: string, name: string, names: readonly string[], foreign: ForeignNames): Check[] {
  const meant = nearest(name, names);
  const all = `${names
    .slice(0, MANY)
    .map((known) => `'${known}'`)
    .join(', ')}${names.length > MANY ? ' and others' : ''}`;
  const remedy = Object.hasOwn(foreign, name)
    ? foreign[name]!
    : meant === undefined
      ? `remove it; there ${names.length === 1 ? 'is' : 'are'} ${all}`
      : `did you mean '${meant}'?`;
  return [
    {
      prop,
      value: undefined,
      sensitive: true,
      valid: () => false,
      rule: UNREAD,
      remedy,
    },
  ];
}

const UNREAD = 'must not be given, since nothing reads it';
const MANY = 12;
