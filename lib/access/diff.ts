import { type Model } from '../core/model/model';
import { type AccessNames } from '../core/iam/access-names';
import { inPatterns, tidy } from '../core/iam/action-set';
import { type Grant, inWords } from '../core/iam/grants';
import { ModelAccess } from '../core/iam/model-access';
import { type Principal } from '../core/iam/principals';
import { type Held, lostDenies, type Widening, widenings } from './widening';

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

interface HeldBy extends Held {
  readonly principal: Principal;
  readonly allows: Grant[];
  readonly denies: Grant[];
  readonly open: Grant[];
  readonly asked: Map<Grant, Grant>;
}

const NOTHING: Held = { allows: [], denies: [], open: [], asked: new Map() };

interface Access {
  readonly names: AccessNames;
  readonly held: ReadonlyMap<string, HeldBy>;
  /** What resource policies allow anybody. */
  readonly policies: readonly Grant[];
}

function accessOf(model: Model): Access {
  const { names, holdings } = ModelAccess.of(model);
  const held = new Map<string, HeldBy>();
  for (const { principals, grants, asked } of holdings) {
    for (const principal of principals) {
      const key = `${principal.kind} ${principal.name}`;
      const known = held.get(key) ?? { principal, allows: [], denies: [], open: [], asked: new Map() };
      for (const [index, grant] of grants.entries()) {
        if (asked) known.asked.set(grant, asked[index]!);
        const list = grant.problem !== undefined ? known.open : grant.effect === 'Allow' ? known.allows : known.denies;
        list.push(grant);
      }
      held.set(key, known);
    }
  }
  const policies = holdings.flatMap(({ asked = [] }) => asked);
  return { names, held, policies: policies.filter(({ effect, problem }) => effect === 'Allow' && !problem) };
}

interface Words {
  readonly added: ChangeReason;
  readonly principal: ChangeReason;
}

/** What the second allows that the first does not. */
function changes(first: Access, second: Access, words: Words): readonly AccessChange[] {
  const found = [...second.held].flatMap(([key, now]) => {
    const before = first.held.get(key);
    const added = before ? words.added : words.principal;
    return widenings(before ?? NOTHING, now, first.policies).map((widening) => {
      const told = widening.cause === 'granted' || !before ? added : widening.cause;
      return toChange(now.principal, widening, told, second.names);
    });
  });
  const gone = [...first.held].filter(([key]) => !second.held.has(key));
  const unclear = gone.flatMap(([, before]) =>
    widenings(before, NOTHING, []).map((widening) => toChange(before.principal, widening, 'unknown', second.names)),
  );
  return merged([...found, ...unclear, ...openedToAll(first, second)]);
}

/** The denies of resource policies that everybody, or a whole account, has lost; whoever is allowed otherwise gains. */
function openedToAll(first: Access, second: Access): readonly AccessChange[] {
  return [...first.held].flatMap(([key, { principal, denies }]) => {
    if (!['anyone', 'account'].includes(principal.kind)) return [];
    const there = denies.filter(({ resource }) => !first.names.find(resource) || second.names.find(resource));
    return lostDenies(there, second.held.get(key)?.denies ?? []).map((widening) =>
      toChange(principal, widening, 'deny', second.names),
    );
  });
}

function toChange(
  principal: Principal,
  { grant, actions, resource }: Widening,
  reason: ChangeReason,
  names: AccessNames,
): AccessChange {
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
