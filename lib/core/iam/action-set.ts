import { findAction, matchingActions } from './actions';

/** The actions of a statement: patterns, or all except these. */
export interface ActionPatterns {
  readonly patterns: readonly string[];
  /** Whether it covers all actions except these (`NotAction`). */
  readonly negated: boolean;
}

const expanded = new Map<string, ReadonlySet<string>>();

/**
 * The names of all matched actions, in AWS's spelling. An unknown name stays as it is, so that it is still compared.
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

/** All AWS actions except these. */
export function othersThan(names: ReadonlySet<string>): ReadonlySet<string> {
  return new Set(allActions().filter((name) => !names.has(name)));
}

/** The patterns, in AWS's spelling, sorted, without those covered by another. */
export function tidy(patterns: readonly string[]): readonly string[] {
  const spelled = [...new Set(patterns.map((pattern) => findAction(pattern)?.name ?? pattern))];
  const wild = spelled.filter((pattern) => /[*?]/.test(pattern));
  return spelled.filter((pattern) => !wild.some((outer) => outer !== pattern && includes(outer, pattern))).sort();
}

/** The shortest form of a set of actions: the patterns fully in it, and single names. */
export function inPatterns(names: ReadonlySet<string>, patterns: readonly string[]): readonly string[] {
  const whole = patterns.filter((pattern) => {
    const actions = matchingActions(pattern);
    return actions.length > 1 && actions.every(({ name }) => names.has(name));
  });
  return tidy([...whole, ...names]);
}

/** Patterns that match no AWS action. */
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
