import type { Model } from '../core/model/model';
import type { AccessNames } from '../core/iam/access-names';
import { inPatterns, tidy } from '../core/iam/action-set';
import { type Grant, inWords, WHEN } from '../core/iam/grants';
import type { Holding } from '../core/iam/holdings';
import { ModelAccess } from '../core/iam/model-access';
import type { Principal, PrincipalKind } from '../core/iam/principals';
import { changeOf, keyOf, type ChangeWithoutId } from './change-id';
import { ConditionDefinitions } from './condition-definitions';
import { databaseUserChanges } from './database-user-changes';
import { PlatformRows } from './platform-rows';
import { routeGuardChanges } from './route-guards';
import { type Held, lostDeny, type Widening, widenings } from './widening';

/** An action that a principal gained or lost. */
export interface AccessChange {
  /** Derived from every field: a different resource, action or condition is a different change. */
  readonly id: string;
  /** Who. */
  readonly principal: Principal;
  /** The resource. */
  readonly resource: string;
  /** The actions; with `allBut`, all others. */
  readonly actions: readonly string[];
  /** Whether it covers all actions except `actions`. */
  readonly allBut?: true;
  /** The policy's patterns for them. */
  readonly patterns: readonly string[];
  /** The conditions, in words. */
  readonly conditions: readonly string[];
  /** What made the difference. */
  readonly reason: ChangeReason;
  /** Why it cannot be judged, if `reason` is `unknown`. */
  readonly problem?: string;
}

/**
 * Why access widened or narrowed: the principal is `new` or `gone`; a grant was `granted` or `revoked`; a `condition`
 * was removed or added; a `deny` was removed or added; something that cannot be judged (`unknown`) changed.
 */
export type ChangeReason =
  | 'new principal'
  | 'principal gone'
  | 'granted'
  | 'revoked'
  | 'condition'
  | 'deny'
  | 'unknown';

/** How the access of two models differs. */
export interface AccessDiff {
  /** Access gained in the second model. */
  readonly widened: readonly AccessChange[];
  /** Access lost in the second model. */
  readonly narrowed: readonly AccessChange[];
  /** Access gained only for the platform: logs and traces of new resources, routes that call a new function. */
  readonly platform: readonly AccessChange[];
}

/**
 * What widened and narrowed between two models, by the meaning of the policies, not their wording: a statement split in
 * two is not a change, `dynamodb:*` in place of two actions is.
 *
 * @example
 * const { widened } = diffAccess(read('base/cdk.out'), read('head/cdk.out'));
 */
export function diffAccess(base: Model, head: Model): AccessDiff {
  const [before, after] = [accessOf(base), accessOf(head)];
  const widened = changes(before, after, { added: 'granted', principal: 'new principal' });
  const narrowed = changes(after, before, { added: 'revoked', principal: 'principal gone' });
  const rows = new PlatformRows(base, ModelAccess.of(head));
  const [platform, own] = [true, false].map((wanted) =>
    widened.filter(({ principal, widening }) => rows.includes(principal, widening) === wanted),
  );
  // Lost access has the other side's conditions.
  const named = (grant: Grant) => before.conditions.byName(after.conditions.byName(grant));
  const others = [databaseUserChanges(base, head), routeGuardChanges(base, head)];
  return {
    widened: [...merged(own!, after.names, named), ...others.flatMap((one) => one.widened)],
    narrowed: [...merged(narrowed, before.names, named), ...others.flatMap((one) => one.narrowed)],
    platform: merged(platform!, after.names, named),
  };
}

/** A widening, its principal, and what is reported about it. */
interface Change {
  readonly principal: Principal;
  readonly widening: Widening;
  readonly reason: ChangeReason;
}

interface HeldBy extends Held {
  readonly principal: Principal;
  readonly allows: Grant[];
  readonly denies: Grant[];
  readonly open: Grant[];
  readonly requested: Map<Grant, Grant>;
}

const NOTHING: Held = { allows: [], denies: [], open: [], requested: new Map() };

interface Access {
  readonly names: AccessNames;
  readonly conditions: ConditionDefinitions;
  readonly held: ReadonlyMap<string, HeldBy>;
  /** Principals with their own policies, by kind and name. */
  readonly own: ReadonlySet<string>;
  /** What resource policies allow anyone. */
  readonly policies: readonly Grant[];
  /** What resource policies deny anyone. */
  readonly denies: readonly Grant[];
}

function accessOf(model: Model): Access {
  const { names, holdings } = ModelAccess.of(model);
  const conditions = new ConditionDefinitions(model);
  const held = new Map<string, HeldBy>();
  const own = new Set<string>();
  const policies: Grant[] = [];
  for (const holding of holdings) {
    const { principals, grants: read, requested: requestedAs, through } = holding;
    const grants = read.map((grant) => conditions.byDefinition(grant));
    const requested = requestedAs?.map((grant) => conditions.byDefinition(grant));
    policies.push(...(requested ?? []).filter(({ problem }) => problem === undefined));
    for (const [place, principal] of principals.entries()) {
      const key = `${principal.kind} ${principal.name}`;
      const guards = existenceOf(holding, place, model);
      if (through === 'identity policy') own.add(key);
      const known = held.get(key) ?? { principal, allows: [], denies: [], open: [], requested: new Map() };
      for (const [index, grant] of grants.entries()) {
        if (requested) known.requested.set(grant, requested[index]!);
        const list = grant.problem !== undefined ? known.open : grant.effect === 'Allow' ? known.allows : known.denies;
        list.push(
          grant.effect === 'Allow' && !requested ? conditions.byDefinition(guarded(read[index]!, guards)) : grant,
        );
      }
      held.set(key, known);
    }
  }
  const of = (wanted: Grant['effect']) => policies.filter(({ effect }) => effect === wanted);
  return { names, conditions, held, own, policies: of('Allow'), denies: of('Deny') };
}

/** The template conditions under which a principal and its role exist, which limit all its access. */
function existenceOf({ identity, ids, principals }: Holding, place: number, model: Model): readonly string[] {
  const user = ids.length === principals.length ? model.resources.get(ids[place]!) : undefined;
  const names = [identity?.resource, user].map((resource) => resource?.attributes.condition);
  return [...new Set(names.filter((name) => name !== undefined))];
}

function guarded(grant: Grant, names: readonly string[]): Grant {
  const known = new Set(grant.conditions.map(({ operator, key }) => `${operator} ${key}`));
  const guards = names.filter((name) => !known.has(`${WHEN} ${name}`));
  if (guards.length === 0) return grant;
  const added = guards.map((key) => ({ operator: WHEN, key, values: ['true'] }));
  return { ...grant, conditions: [...grant.conditions, ...added] };
}

interface Words {
  readonly added: ChangeReason;
  readonly principal: ChangeReason;
}

/** What the second allows and the first does not. */
function changes(first: Access, second: Access, words: Words): readonly Change[] {
  const policies = { allowed: first.policies, denied: second.denies };
  const found = [...second.held].flatMap(([key, now]) => {
    const before = first.held.get(key);
    const added = before ? words.added : words.principal;
    return widenings(before ?? NOTHING, now, policies).map((widening): Change => {
      const reason = widening.cause === 'granted' || !before ? added : widening.cause;
      return { principal: now.principal, widening, reason };
    });
  });
  return [...found, ...openedToOthers(first, second)];
}

/** Principals that may have policies outside the model. */
const IDENTITIES: readonly PrincipalKind[] = ['anyone', 'account', 'role', 'user', 'unknown'];

/**
 * Removed (or possibly removed) denies of resource policies for principals whose own policies are outside the model: if
 * allowed there, they gain access.
 */
function openedToOthers(first: Access, second: Access): readonly Change[] {
  return [...first.held].flatMap(([key, { principal, denies, open, requested }]): readonly Change[] => {
    if (first.own.has(key)) return [];
    const isThere = ({ resource }: Grant) => !first.names.find(resource) || second.names.find(resource) !== undefined;
    const now = second.held.get(key);
    // Others have no policies of their own.
    const allows = IDENTITIES.includes(principal.kind) ? undefined : second.policies;
    const lost = denies.filter(isThere).flatMap((deny) => {
      const widened = lostDeny(requested.get(deny) ?? deny, second.denies, allows);
      return widened.map((widening) => ({ ...widening, grant: deny }));
    });
    // For a principal that still exists, what cannot be judged is reported with the rest.
    const unclear = now
      ? []
      : widenings({ ...NOTHING, open: open.filter(isThere) }, NOTHING, { allowed: [], denied: [] });
    return [
      ...lost.map((widening) => ({ principal, widening, reason: 'deny' as const })),
      ...unclear.map((widening) => ({ principal, widening, reason: 'unknown' as const })),
    ];
  });
}

/** A grant with the names of the template's conditions. */
type Naming = (grant: Grant) => Grant;

/** Merges changes that differ only in their actions; sorted. */
function merged(all: readonly Change[], names: AccessNames, named: Naming): readonly AccessChange[] {
  const byKey = new Map<string, ChangeWithoutId>();
  for (const change of all) {
    const described = describe(change, names, named);
    const { allBut, actions, patterns } = described;
    const key = keyOf(described);
    const known = byKey.get(key);
    const together = known ? [...known.actions, ...actions] : actions;
    byKey.set(key, {
      ...described,
      actions: allBut ? actions : inPatterns(new Set(together), together),
      patterns: tidy([...(known?.patterns ?? []), ...patterns]),
    });
  }
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, described]) => changeOf(described));
}

function describe(
  { principal, reason, widening: { grant, actions, resource } }: Change,
  names: AccessNames,
  named: Naming,
): ChangeWithoutId {
  return {
    principal,
    resource: names.show(resource),
    actions: actions.negated ? actions.patterns : inPatterns(new Set(actions.patterns), actions.patterns),
    ...(actions.negated && { allBut: true as const }),
    patterns: grant.actions.patterns,
    conditions: inWords(named(grant).conditions).map((words) => names.showIn(words)),
    reason,
    ...(grant.problem !== undefined && { problem: names.showIn(grant.problem) }),
  };
}
