import { findAction, matchingActions } from './actions';

/** The actions of a statement: patterns, or all but these. */
export interface ActionPatterns {
  readonly patterns: readonly string[];
  /** Whether every action but these is meant (`NotAction`). */
  readonly negated: boolean;
}

const expanded = new Map<string, ReadonlySet<string>>();

/**
 * The names of all actions that are meant, in AWS's spelling. A name that AWS does not know stands for itself, so that
 * it is still compared.
 */
export function expand({ patterns, negated }: ActionPatterns): ReadonlySet<string> {
  const key = `${negated ? '!' : ''}${patterns.join()}`;
  const known = expanded.get(key);
  if (known) return known;
  const names = new Set(
    patterns.flatMap((pattern) => {
      const actions = matchingActions(pattern);
      return actions.length > 0 ? actions.map(({ name }) => name) : [pattern];
    }),
  );
  const result = negated ? othersThan(names) : names;
  expanded.set(key, result);
  return result;
}

/** All actions of AWS but these. */
export function othersThan(names: ReadonlySet<string>): ReadonlySet<string> {
  return new Set(allActions().filter((name) => !names.has(name)));
}

/** The patterns, in AWS's spelling, sorted, without those that another one includes. */
export function tidy(patterns: readonly string[]): readonly string[] {
  const spelled = [...new Set(patterns.map((pattern) => findAction(pattern)?.name ?? pattern))];
  const wild = spelled.filter((pattern) => /[*?]/.test(pattern));
  return spelled.filter((pattern) => !wild.some((outer) => outer !== pattern && includes(outer, pattern))).sort();
}

/** The shortest way to say a set of actions: those of the patterns that are in it as a whole, and single names. */
export function inPatterns(names: ReadonlySet<string>, patterns: readonly string[]): readonly string[] {
  const whole = patterns.filter((pattern) => {
    const actions = matchingActions(pattern);
    return actions.length > 1 && actions.every(({ name }) => names.has(name));
  });
  return tidy([...whole, ...names]);
}

/** Patterns that no action of AWS matches. */
export function unknownActions(patterns: readonly string[]): readonly string[] {
  return patterns.filter((pattern) => matchingActions(pattern).length === 0);
}

function includes(outer: string, inner: string): boolean {
  const actions = matchingActions(inner);
  const all = expand({ patterns: [outer], negated: false });
  if (actions.length === 0 || !actions.every(({ name }) => all.has(name))) return false;
  return all.size > actions.length || outer < inner; // of two that mean the same, one stays
}

function allActions(): readonly string[] {
  return matchingActions('*').map(({ name }) => name);
}
