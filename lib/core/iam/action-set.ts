import { findAction, matchingActions } from './actions';
import { Pattern } from './pattern';

/** The actions of a statement: patterns, or all except these. */
export interface ActionPatterns {
  readonly patterns: readonly string[];
  /** Whether it covers all actions except these (`NotAction`). */
  readonly negated: boolean;
}

const expanded = new Map<string, ReadonlySet<string>>();

/** Names of actions; one that the data does not have belongs to it if the patterns match its text. */
class ActionNames extends Set<string> {
  private matchers?: readonly Pattern[];

  constructor(
    names: Iterable<string>,
    private readonly actions: ActionPatterns,
  ) {
    super(names);
  }

  override has(name: string): boolean {
    return super.has(name) || (findAction(name) === undefined && this.matches(name));
  }

  private matches(name: string): boolean {
    const { patterns, negated } = this.actions;
    this.matchers ??= patterns.map((pattern) => new Pattern(pattern, 'text', { ignoreCase: true }));
    return this.matchers.some((pattern) => pattern.test(name) === 'yes') !== negated;
  }
}

/**
 * The names of all matched actions, in AWS's spelling. An unknown name stays as it is, so that it is still compared: AWS adds
 * actions every week.
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
  const result = new ActionNames(negated ? othersThan(names) : names, { patterns, negated });
  expanded.set(key, result);
  return result;
}

/** The actions in both, whichever of them has an unknown one as it is. */
export function inBoth(one: ActionPatterns, other: ActionPatterns): ReadonlySet<string> {
  const [a, b] = [expand(one), expand(other)];
  return new Set([...[...a].filter((name) => b.has(name)), ...[...b].filter((name) => a.has(name))]);
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
