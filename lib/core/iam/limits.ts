import { type ActionPatterns, expand, inBoth, inPatterns } from './action-set';
import { covers, intersection } from './coverage';
import { type Grant, WITHIN } from './grants';
import { someRequest } from './some-request';

/** The intersection of grants with a boundary. */
export function withinBoundary(grants: readonly Grant[], boundary: readonly Grant[]): readonly Grant[] {
  const limits = boundary.filter(({ effect }) => effect === 'Allow');
  const open = limits.find(({ problem }) => problem !== undefined);
  if (open) {
    const problem = `the boundary cannot be judged: ${open.problem}`;
    return grants.map((grant) => ({ ...grant, problem, ...(grant.problem === undefined && { atMost: grant }) }));
  }
  return grants.flatMap((grant) =>
    grant.effect === 'Deny' || grant.problem !== undefined ? [grant] : limits.flatMap((limit) => both(grant, limit)),
  );
}

/** Removes patterns covered by unconditional denies. Partly denied ones stay. */
export function withoutDenied(grants: readonly Grant[], denies: readonly Grant[]): readonly Grant[] {
  return grants.flatMap((grant) => {
    const covering = denies.filter((deny) => deniesAll(deny, grant)).map(({ actions }) => expand(actions));
    if (grant.effect === 'Deny' || grant.problem !== undefined || covering.length === 0) return [grant];
    const denied = (actions: ActionPatterns) =>
      [...expand(actions)].every((name) => covering.some((names) => names.has(name)));
    if (grant.actions.negated) return denied(grant.actions) ? [] : [grant];
    const patterns = grant.actions.patterns.filter((pattern) => !denied({ patterns: [pattern], negated: false }));
    return patterns.length === 0 ? [] : [{ ...grant, actions: { patterns, negated: false } }];
  });
}

/** Whether a deny covers everything a grant allows, by resource and conditions. */
export function deniesAll(deny: Grant, grant: Grant): boolean {
  return (
    deny.effect === 'Deny' &&
    deny.problem === undefined &&
    covers(deny.resource, grant.resource) &&
    !leavesSome(grant, deny)
  );
}

const left = new Map<string, boolean>();

/** Whether a grant allows some request that a deny, whose resource covers the grant's, does not match. */
function leavesSome(grant: Grant, deny: Grant): boolean {
  if (deny.conditions.length + deny.except.length === 0) return false;
  const besides = [...grant.conditions, ...deny.conditions].some(({ operator }) => operator === WITHIN);
  if (besides || grant.except.length + deny.except.length > 0) return someRequest([grant], [deny]);
  // Then only the conditions decide, and there are few: that the request uses TLS.
  const key = JSON.stringify([grant.conditions, deny.conditions]);
  const before = left.get(key);
  if (before !== undefined) return before;
  const answer = someRequest([{ ...grant, resource: '*' }], [{ ...deny, resource: '*' }]);
  left.set(key, answer);
  return answer;
}

function both(grant: Grant, limit: Grant): readonly Grant[] {
  const actions = commonActions(grant.actions, limit.actions);
  const common = intersection(grant.resource, limit.resource);
  if (!actions || !common) return [];
  const within = common.and === undefined ? [] : [{ operator: WITHIN, key: '', values: [common.and] }];
  return [
    {
      ...grant,
      actions,
      resource: common.resource,
      except: [...new Set([...grant.except, ...limit.except])],
      conditions: [
        ...grant.conditions,
        ...limit.conditions.filter((one) =>
          someRequest([grant], [{ ...limit, resource: '*', except: [], conditions: [one] }]),
        ),
        ...within,
      ],
    },
  ];
}

function commonActions(one: ActionPatterns, other: ActionPatterns): ActionPatterns | undefined {
  const [a, b] = [expand(one), expand(other)];
  const common = inBoth(one, other);
  if (common.size === 0) return undefined;
  if (common.size === a.size) return one;
  return common.size === b.size ? other : patternsOf(common, { patterns: [...one.patterns, ...other.patterns] });
}

/** A set of actions in the shortest form that its original patterns allow. */
function patternsOf(names: ReadonlySet<string>, { patterns }: Pick<ActionPatterns, 'patterns'>): ActionPatterns {
  return { patterns: inPatterns(names, patterns), negated: false };
}
