import { type ActionPatterns, expand, inBoth, inPatterns, othersThan } from '../core/iam/action-set';
import { covers, intersection, overlaps } from '../core/iam/coverage';
import { conditionsKey, type Grant } from '../core/iam/grants';
import { deniesAll } from '../core/iam/limits';
import { withCallerFacts } from '../core/iam/named-principal';
import { near } from '../core/iam/near';
import { someRequest } from '../core/iam/some-request';

/** A principal's grants and denies, judged and not. */
export interface Held {
  readonly allows: readonly Grant[];
  readonly denies: readonly Grant[];
  readonly open: readonly Grant[];
  /** Grants of resource policies as they ask for the caller himself, by the grant among `allows`. */
  readonly requested: ReadonlyMap<Grant, Grant>;
}

/** A gain of access. */
export type Cause = 'granted' | 'condition' | 'deny' | 'unknown';

/** Newly allowed actions of a grant. */
export interface Widening {
  /** The grant that allows them, or the removed deny. */
  readonly grant: Grant;
  readonly actions: ActionPatterns;
  readonly resource: string;
  readonly cause: Cause;
}

/**
 * Every request that is allowed now and was not before belongs to one of these, and each has such a request.
 * @param policies what resource policies allowed anyone before, and deny anyone now; callers as conditions
 */
export function widenings(before: Held, now: Held, policies: Policies): readonly Widening[] {
  const denies = [now.denies, policies.denied];
  return [
    ...now.allows.flatMap((grant) => {
      const requested = now.requested.get(grant);
      const meant = requested ? withCallerFacts(requested) : grant;
      const against = [before.allows, requested ? policies.allowed : [], ...denies];
      return [...granted(grant, meant, before, against), ...undenied(grant, meant, before, denies)];
    }),
    ...unjudged(before, now),
  ];
}

/** What resource policies allow or deny anyone, callers as conditions. */
export interface Policies {
  /** What they allowed before. */
  readonly allowed: readonly Grant[];
  readonly denied: readonly Grant[];
}

/**
 * Actions of a deny that no longer covers everything it used to.
 * @param denies what is denied now
 * @param allows with these, only what one of them allows counts; without, it may be allowed elsewhere
 */
export function lostDeny(lost: Grant, denies: readonly Grant[], allows?: readonly Grant[]): readonly Widening[] {
  const deny = withCallerFacts(lost);
  if (!allows) return found(deny, remaining(deny, [], [denies]), deny.resource, 'deny');
  const names = near(allows, deny.resource).flatMap((allow) => {
    const common = inBoth(deny.actions, allow.actions);
    return [...remaining(deny, [allow], [denies], common)];
  });
  return found(deny, new Set(names), deny.resource, 'deny');
}

/** The actions of a grant that nothing before allowed on the same resource under conditions as wide. */
function granted(
  grant: Grant,
  meant: Grant,
  before: Held,
  against: readonly (readonly Grant[])[],
): readonly Widening[] {
  const left = remaining(meant, [], against);
  if (left.size === 0) return [];
  // The removed deny reports what was denied.
  const denied = before.denies.filter((deny) => deniesAll(deny, grant)).map(({ actions }) => expand(actions));
  const changed = new Set([...left].filter((name) => !denied.some((names) => names.has(name))));
  // Tells actions allowed before under other conditions from new ones.
  const anyhow = before.allows.map((one) => ({ ...one, conditions: [] }));
  const fresh = remaining(grant, [], [anyhow], changed);
  const eased = new Set([...changed].filter((name) => !fresh.has(name)));
  return [...found(grant, fresh, grant.resource, 'granted'), ...found(grant, eased, grant.resource, 'condition')];
}

/** The actions of a grant that are no longer denied. */
function undenied(
  grant: Grant,
  meant: Grant,
  before: Held,
  denies: readonly (readonly Grant[])[],
): readonly Widening[] {
  return before.denies.flatMap((deny) => {
    const common = overlaps(deny.resource, grant.resource) ? intersection(deny.resource, grant.resource) : undefined;
    if (!common || deny.except.some((except) => covers(except, grant.resource))) return [];
    const concerned = inBoth(grant.actions, deny.actions);
    return found(grant, remaining(meant, [deny], denies, concerned), common.resource, 'deny');
  });
}

/**
 * What cannot be judged and was not there, or not like this: its actions, however the statements divide them. A deny
 * that cannot be judged may have denied whatever it named.
 */
function unjudged(before: Held, now: Held): readonly Widening[] {
  const unlike = (these: readonly Grant[], those: readonly Grant[]) =>
    these.flatMap((grant): readonly Widening[] => {
      const same = those.filter((one) => sameProblem(one, grant)).map(({ actions }) => expand(actions));
      const { actions, resource } = grant;
      if (same.length === 0) return [{ grant, actions, resource, cause: 'unknown' }];
      const left = new Set([...expand(actions)].filter((name) => !same.some((names) => names.has(name))));
      return found(grant, left, resource, 'unknown');
    });
  const denies = ({ open }: Held) => open.filter(({ effect }) => effect === 'Deny');
  const allows = ({ open }: Held) => open.filter(({ effect }) => effect === 'Allow');
  // An unlimited grant does not grow by a limit that cannot be judged.
  const fresh = allows(now).filter(
    ({ atMost }) => !atMost || remaining(atMost, [], [before.allows, now.denies]).size > 0,
  );
  return [...unlike(fresh, allows(before)), ...unlike(denies(before), denies(now))];
}

/** The actions of a grant with which there is a request that others mean too, and that those against it do not. */
function remaining(
  grant: Grant,
  meant: readonly Grant[],
  against: readonly (readonly Grant[])[],
  names: ReadonlySet<string> = expand(grant.actions),
): ReadonlySet<string> {
  const close = against.flatMap((grants) => near(grants, grant.resource));
  const sets = close.map(({ actions }) => expand(actions));
  const groups = new Map<string, string[]>();
  for (const name of names) {
    let key = '';
    for (const [index, set] of sets.entries()) if (set.has(name)) key += ` ${index}`;
    const group = groups.get(key);
    if (group) group.push(name);
    else groups.set(key, [name]);
  }
  const left = [...groups].filter(([key]) => {
    const indexes = key.split(' ').slice(1).map(Number);
    return someRequest(
      [grant, ...meant],
      indexes.map((index) => close[index]!),
    );
  });
  return new Set(left.flatMap(([, group]) => group));
}

function found(grant: Grant, names: ReadonlySet<string>, resource: string, cause: Cause): readonly Widening[] {
  if (names.size === 0) return [];
  const whole = names.size === expand(grant.actions).size;
  return [{ grant, actions: whole ? grant.actions : inFewWords(names, grant.actions.patterns), resource, cause }];
}

/** Above this number, actions are described by their exceptions. */
const MANY = 1000;

function inFewWords(names: ReadonlySet<string>, patterns: readonly string[]): ActionPatterns {
  if (names.size <= MANY) return { patterns: inPatterns(names, patterns), negated: false };
  const others = othersThan(names);
  const services = [...new Set([...others].map((name) => `${name.split(':')[0]}:*`))];
  return { patterns: inPatterns(others, services), negated: true };
}

function sameProblem(one: Grant, other: Grant): boolean {
  return (
    one.problem === other.problem &&
    one.effect === other.effect &&
    one.resource === other.resource &&
    conditionsKey(one.conditions) === conditionsKey(other.conditions)
  );
}
