import { type Failure, PatternError } from '../errors';
import { looksLikeSecret } from '../plaintext-secret';
import { isLiteral } from '../record';
import { isLater, isUnresolved } from '../unresolved';
import { visible } from '../visible';

/** One row of a construct's validation table. */
export interface Check {
  /** The prop as the user wrote it, dotted: `batch.size`. */
  readonly prop: string;
  /** The value received; shown in the message. */
  readonly value: unknown;
  /**
   * Further values that the condition reads: when one of them is unresolved, the row is skipped.
   * @default - just `value`
   */
  readonly reads?: readonly unknown[];
  /** Whether the value is fine. Not called when a value it reads is known only at deployment. */
  readonly valid: () => boolean;
  /** The rule, from its verb on: `must be at most 10 without 'batch.window'`. */
  readonly rule: string;
  /** What to do, as an imperative: `set 'batch.window' to at least 1 second`. */
  readonly remedy: string;
  /**
   * The value must not be shown.
   * @default false
   */
  readonly sensitive?: boolean;
  /**
   * It judges the value's type: if it fails, the prop's other rows are skipped.
   * @default false
   */
  readonly ofType?: boolean;
}

/** A construct, or the name of a component. */
export type Scope = string | { readonly node: { readonly path: string; readonly root?: unknown } };

/**
 * Judges a table of checks and reports all failures at once.
 * @throws PatternError when a row does not hold
 */
export function check(scope: Scope, checks: readonly Check[]): void {
  const failures = failuresOf(checks);
  if (failures.length > 0) throw new PatternError(typeof scope === 'string' ? scope : scope.node.path, failures);
}

/**
 * Refuses missing props before anything reads them: a program run without a type check may omit them.
 * @param remedies by prop
 * @throws PatternError when one is missing
 */
export function required(scope: Scope, props: object, remedies: Readonly<Record<string, string>>): void {
  const given = new Map<string, unknown>(Object.entries(props));
  check(
    scope,
    Object.entries(remedies).map(([prop, remedy]) => ({
      prop,
      value: given.get(prop),
      valid: () => given.get(prop) !== undefined && given.get(prop) !== null,
      rule: 'must be given',
      remedy,
    })),
  );
}

/** The failures of a table of checks, for callers that throw their own error. */
export function failuresOf(checks: readonly Check[]): Failure[] {
  const failing = checks.filter((row) => !holds(row));
  if (failing.length === 0) return [];
  const failed = failing.map((row) => ({ ...row, outcome: outcomeOf(row) }));
  const mistyped = failed.filter(({ ofType }) => ofType);
  const rests = ({ prop, reads }: Check) =>
    mistyped.some((other) => within(prop, other.prop) || listOf(reads).some((one) => one && one === other.value));
  const isShown = (row: (typeof failed)[number]) =>
    row.ofType === true || mistyped.length === 0 || (row.outcome !== 'throws' && !rests(row));
  return failed.filter(isShown).map(({ prop, rule, value, remedy, sensitive }) => ({
    prop,
    message: `'${visible(shortened(prop))}' ${visible(repeated(rule, value))}${sensitive ? '' : `, got ${show(value)}`}; ${repeated(remedy, value)}`,
  }));
}

/** Whether a row has nothing to report. */
export function holds(row: Check): boolean {
  return isOpen(row) || outcomeOf(row) === 'holds';
}

/** Formats a value for a rule or remedy that repeats it. */
function repeated(text: string, value: unknown): string {
  return typeof value === 'string' ? text.replaceAll(value, () => shownText(value)) : text;
}

/** A text on one line, shortened if long, or redacted. */
function shownText(text: string): string {
  return looksLikeSecret('', text) ?? visible(shortened(text));
}

function shortened(text: string): string {
  return text.length > LONG ? `${text.slice(0, LONG)}...` : text;
}

/** Whether a row reads a value that is known only at deployment. */
function isOpen({ value, reads, ofType }: Check): boolean {
  return ofType !== true && (isUnresolved(value) || (reads !== undefined && listOf(reads).some(isUnresolved)));
}

/** A row may read a value of any type if a program is run without a type check. */
function listOf(reads: Check['reads']): readonly unknown[] {
  return Array.isArray(reads) ? (reads as readonly unknown[]) : [];
}

function within(prop: string, other: string): boolean {
  return prop === other || prop.startsWith(`${other}.`);
}

/** A value of the wrong type, possible without a type check, breaks every rule. */
function outcomeOf({ valid }: Check): 'holds' | 'fails' | 'throws' {
  try {
    return valid() ? 'holds' : 'fails';
  } catch (error) {
    if ((error as Error).name === 'TypeError') return 'throws';
    throw error;
  }
}

/** Characters shown of a text. */
const LONG = 300;

/** A value for a message: short, and as the user wrote it. */
function show(value: unknown, depth = 0): string {
  if (value === undefined) return 'nothing';
  if (isLater(value)) return 'then' in value ? 'a promise' : 'an Output of Pulumi';
  if (isUnresolved(value)) return 'a value that is known only at deployment';
  if (typeof value === 'string') return looksLikeSecret('', value) ?? `'${shownText(value)}'`;
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) {
    return depth > 2 ? '[...]' : `[${few(Array.from(value.slice(0, MANY + 1), (item) => show(item, depth + 1)))}]`;
  }
  if (typeof value !== 'object' || value === null) return String(value);
  if ('toHumanString' in value && typeof value.toHumanString === 'function') return String(value.toHumanString());
  if ('node' in value && typeof value.node === 'object' && value.node !== null && 'path' in value.node) {
    return value.node.path === '' ? `'${value.constructor.name}'` : `'${String(value.node.path)}'`;
  }
  if (!isLiteral(value)) return nameOf(value);
  if (depth > 2) return '{ ... }';
  const items = Object.keys(value)
    .slice(0, MANY + 1)
    .map((name) => `${shortened(name)}: ${show(value[name], depth + 1)}`);
  return items.length === 0 ? '{}' : `{ ${few(items)} }`;
}

/** Items shown of a list or an object. */
const MANY = 30;

function few(items: readonly string[]): string {
  return [...items.slice(0, MANY), ...(items.length > MANY ? ['...'] : [])].join(', ');
}

/** An object of a library: what it calls itself, or its class. */
function nameOf(value: object): string {
  const text = String(value);
  return text === '[object Object]' || isUnresolved(text) ? `'${value.constructor.name}'` : text;
}
