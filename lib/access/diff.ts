import { type Model } from '../core/model/model';
import { type AccessNames } from '../core/iam/access-names';
import { type ActionPatterns, expand, inPatterns, othersThan, tidy } from '../core/iam/action-set';
import { covers, intersection, overlaps } from '../core/iam/coverage';
import { conditionsKey, type Grant, implies, inWords } from '../core/iam/grants';
import { ModelAccess } from '../core/iam/model-access';
import { deniesAll } from '../core/iam/limits';
import { type Principal } from '../core/iam/principals';

/** Something that somebody may do now and could not before, or the other way round. */
export interface AccessChange {
  /** Who. */
  readonly principal: Principal;
  /** With what. */
  readonly resource: string;
  /** The actions; `allBut` says that all others are meant. */
  readonly actions: readonly string[];
  /** All actions but `actions` are meant. */
  readonly allBut?: true;
  /** The patterns that mean them, as the policy has them. */
  readonly patterns: readonly string[];
  /** Under which conditions, in words. */
  readonly conditions: readonly string[];
  /** What made the difference. */
  readonly reason: ChangeReason;
  /** Why it cannot be judged, where `reason` is `unknown`. */
  readonly problem?: string;
}

/**
 * Why access widened or narrowed: the principal is `new` or `gone`; a grant was `granted` or `revoked`; it now stands
 * without a `condition`, or with one; a `deny` fell away, or came; something that cannot be judged (`unknown`) changed.
 */
export type ChangeReason =
  'new principal' | 'principal gone' | 'granted' | 'revoked' | 'condition' | 'deny' | 'unknown';

/** How the access of two models differs. */
export interface AccessDiff {
  /** What somebody may do in the second and could not in the first. */
  readonly widened: readonly AccessChange[];
  /** What somebody could do in the first and may not in the second. */
  readonly narrowed: readonly AccessChange[];
}

/**
 * What widened and what narrowed between two models, by what the policies mean rather than how they are written: a
 * statement split in two is no change, `dynamodb:*` in place of two actions is.
 *
 * @example
 * const { widened } = diffAccess(read('base/cdk.out'), read('head/cdk.out'));
 */
export function diffAccess(base: Model, head: Model): AccessDiff {
  const [before, after] = [accessOf(base), accessOf(head)];
  return {
    widened: changes(before, after, { added: 'granted', principal: 'new principal' }),
    narrowed: changes(after, before, { added: 'revoked', principal: 'principal gone' }),
  };
}

interface Held {
  readonly principal: Principal;
  readonly allows: Grant[];
  readonly denies: Grant[];
  readonly open: Grant[];
}

interface Access {
  readonly names: AccessNames;
  readonly held: ReadonlyMap<string, Held>;
}

function accessOf(model: Model): Access {
  const { names, holdings } = ModelAccess.of(model);
  const held = new Map<string, Held>();
  for (const { principals, grants } of holdings) {
    for (const principal of principals) {
      const key = `${principal.kind} ${principal.name}`;
      const known = held.get(key) ?? { principal, allows: [], denies: [], open: [] };
      for (const grant of grants) {
        const list = grant.problem !== undefined ? known.open : grant.effect === 'Allow' ? known.allows : known.denies;
        list.push(grant);
      }
      held.set(key, known);
    }
  }
  return { names, held };
}

interface Words {
  readonly added: ChangeReason;
  readonly principal: ChangeReason;
}

/** What the second allows that the first does not. */
function changes(first: Access, second: Access, words: Words): readonly AccessChange[] {
  const nothing = { allows: [], denies: [] };
  const found = [...second.held].flatMap(([key, now]) => {
    const before = first.held.get(key);
    const reason = before ? words.added : words.principal;
    const { principal } = now;
    const changed = [
      ...now.allows.flatMap((grant) => added(grant, before ?? nothing, now.denies, reason)),
      ...(before ? now.allows.flatMap((grant) => undenied(grant, before, now)) : []),
      ...unjudged(now, before, reason),
    ];
    return changed.map((change) => toChange(principal, change, second.names));
  });
  return merged([...found, ...openedToAll(first, second)]);
}

interface Found {
  readonly grant: Grant;
  readonly actions: ActionPatterns;
  readonly resource: string;
  readonly reason: ChangeReason;
}

/** The actions of a grant that nothing before allowed on the same resource under conditions as wide. */
function added(
  grant: Grant,
  before: Pick<Held, 'allows' | 'denies'>,
  denies: readonly Grant[],
  reason: ChangeReason,
): readonly Found[] {
  const related = before.allows.filter((one) => covers(one.resource, grant.resource) && excludesNoMore(one, grant));
  if (related.some((one) => sameActions(one, grant) && implies(grant.conditions, one.conditions))) return [];
  const left = without(
    without(
      expand(grant.actions),
      denies.filter((deny) => deniesAll(deny, grant)),
    ),
    related.filter((one) => implies(grant.conditions, one.conditions)),
  );
  // What was allowed before under other conditions is told apart from what is new.
  // What was denied is told by the deny that fell away.
  const denied = before.denies.filter((deny) => deniesAll(deny, grant));
  const fresh = without(left, [...related, ...denied]);
  const eased = new Set([...without(left, denied)].filter((name) => !fresh.has(name)));
  return [
    ...found(grant, fresh, grant.resource, reason),
    ...found(grant, eased, grant.resource, reason === 'granted' || reason === 'revoked' ? 'condition' : reason),
  ];
}

/** The actions of a grant that were denied before and are no longer. */
function undenied(grant: Grant, before: Held, now: Held): readonly Found[] {
  return before.denies.flatMap((deny) => {
    const common = overlaps(deny.resource, grant.resource) ? intersection(deny.resource, grant.resource) : undefined;
    if (!common || deny.except.some((except) => covers(except, grant.resource))) return [];
    const still = now.denies.filter(
      (one) =>
        covers(one.resource, common.resource) && excludesNoMore(one, deny) && implies(deny.conditions, one.conditions),
    );
    const denied = new Set([...expand(grant.actions)].filter((name) => expand(deny.actions).has(name)));
    return found(grant, without(denied, still), common.resource, 'deny');
  });
}

/** What cannot be judged and was not there, or not like this: its actions, however the statements divide them. */
function unjudged(now: Held, before: Held | undefined, added: ChangeReason): readonly Found[] {
  const reason = before ? 'unknown' : added;
  return now.open.flatMap((grant) => {
    const same = before?.open.filter((one) => sameProblem(one, grant)) ?? [];
    if (same.length === 0) return [{ grant, actions: grant.actions, resource: grant.resource, reason }];
    return found(grant, without(expand(grant.actions), same), grant.resource, reason);
  });
}

/** The denies of resource policies that everybody, or a whole account, has lost; whoever is allowed otherwise gains. */
function openedToAll(first: Access, second: Access): readonly AccessChange[] {
  return [...first.held].flatMap(([key, { principal, denies }]) => {
    if (!['anyone', 'account'].includes(principal.kind)) return [];
    const kept = second.held.get(key)?.denies ?? [];
    return denies.flatMap((deny) => {
      if (first.names.find(deny.resource) && !second.names.find(deny.resource)) return [];
      const still = kept.filter(
        (one) =>
          covers(one.resource, deny.resource) && excludesNoMore(one, deny) && implies(deny.conditions, one.conditions),
      );
      const lost = found(deny, without(expand(deny.actions), still), deny.resource, 'deny');
      return lost.map((change) => toChange(principal, change, second.names));
    });
  });
}

function without(names: ReadonlySet<string>, grants: readonly Grant[]): ReadonlySet<string> {
  const sets = grants.map(({ actions }) => expand(actions));
  return sets.length === 0 ? names : new Set([...names].filter((name) => !sets.some((set) => set.has(name))));
}

function found(grant: Grant, names: ReadonlySet<string>, resource: string, reason: ChangeReason): readonly Found[] {
  if (names.size === 0) return [];
  const whole = names.size === expand(grant.actions).size;
  return [{ grant, actions: whole ? grant.actions : inFewWords(names, grant.actions.patterns), resource, reason }];
}

/** More actions than this are said by those that are left out. */
const MANY = 1000;

function inFewWords(names: ReadonlySet<string>, patterns: readonly string[]): ActionPatterns {
  if (names.size <= MANY) return { patterns: inPatterns(names, patterns), negated: false };
  const others = othersThan(names);
  const services = [...new Set([...others].map((name) => `${name.split(':')[0]}:*`))];
  return { patterns: inPatterns(others, services), negated: true };
}

/** Whether a grant leaves out nothing of its resource that another one includes. */
function excludesNoMore(wide: Grant, narrow: Grant): boolean {
  return wide.except.every(
    (except) => !overlaps(except, narrow.resource) || narrow.except.some((own) => covers(own, except)),
  );
}

function sameActions(one: Grant, other: Grant): boolean {
  return one.actions.negated === other.actions.negated && one.actions.patterns.join() === other.actions.patterns.join();
}

function sameProblem(one: Grant, other: Grant): boolean {
  return (
    one.problem === other.problem &&
    one.effect === other.effect &&
    one.resource === other.resource &&
    conditionsKey(one.conditions) === conditionsKey(other.conditions)
  );
}

function toChange(principal: Principal, { grant, actions, resource, reason }: Found, names: AccessNames): AccessChange {
  return {
    principal,
    resource: names.show(resource),
    actions: actions.negated ? actions.patterns : inPatterns(new Set(actions.patterns), actions.patterns),
    ...(actions.negated && { allBut: true as const }),
    patterns: grant.actions.patterns,
    conditions: inWords(grant.conditions).map((words) => names.showIn(words)),
    reason,
    ...(grant.problem !== undefined && { problem: names.showIn(grant.problem) }),
  };
}

/** Changes that differ in their actions alone are one; sorted. */
function merged(all: readonly AccessChange[]): readonly AccessChange[] {
  const byKey = new Map<string, AccessChange>();
  for (const change of all) {
    const { principal, resource, conditions, reason, problem, allBut, actions, patterns } = change;
    const parts = [principal.name, principal.kind, resource, reason, conditions.join(), problem ?? ''];
    const key = [...parts, allBut ? actions.join() : ''].join('\u0000');
    const known = byKey.get(key);
    const together = known ? [...known.actions, ...actions] : actions;
    byKey.set(key, {
      ...change,
      actions: allBut ? actions : inPatterns(new Set(together), together),
      patterns: tidy([...(known?.patterns ?? []), ...patterns]),
    });
  }
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, change]) => change);
}
