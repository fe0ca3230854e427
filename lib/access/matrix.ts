import { type AccessLevel, findAction } from '../core/iam/actions';
import type { Model } from '../core/model/model';
import { type AccessNames, isOpen } from '../core/iam/access-names';
import { expand, tidy, unknownActions } from '../core/iam/action-set';
import { conditionsKey, type Grant, type GrantCondition, inWords } from '../core/iam/grants';
import type { Holding, Through } from '../core/iam/holdings';
import { ModelAccess } from '../core/iam/model-access';
import { isManaged } from '../core/iam/policy-reader';
import type { Principal } from '../core/iam/principals';
import { databaseUserEntries } from './database-users';

/** A principal's access to a resource. */
export interface AccessEntry {
  /** Who. */
  readonly principal: Principal;
  /** The resource: a construct path with a suffix (`Shop/Orders/index/*`), or the ARN or pattern of something else. */
  readonly resource: string;
  /** `denied` is an explicit deny; the others are grants: unconditional, conditional, or not judged. */
  readonly verdict: 'allowed' | 'conditional' | 'denied' | 'unknown';
  /** The actions, as in the policies, without those covered by another. */
  readonly actions: readonly string[];
  /** Whether it covers all actions except `actions`. */
  readonly allBut?: true;
  /** The access levels of the actions. */
  readonly levels: readonly AccessLevel[];
  /** Further conditions, in words. */
  readonly conditions: readonly string[];
  /** Excluded resources. */
  readonly except?: readonly string[];
  /** Whether the principal's or the resource's policies grant it. */
  readonly through: Through;
  /** Why it cannot be judged. */
  readonly problem?: string;
}

/** Who may do what with which resource. Deterministic for the same templates. */
export interface AccessMatrix {
  /** The version of this format. */
  readonly version: 1;
  /** Sorted by principal and resource. */
  readonly entries: readonly AccessEntry[];
  /** Actions that do not exist on AWS, with the policies that name them. */
  readonly unknownActions: readonly { readonly action: string; readonly policies: readonly string[] }[];
}

const LEVELS: readonly AccessLevel[] = ['read', 'list', 'write', 'tagging', 'permissions'];

/**
 * Who may do what, by all policies of a model: inline, attached and managed policies, boundaries, explicit denies, and
 * the policies of queues, topics, buckets, keys, functions, buses, secrets and tables.
 *
 * @example
 * accessMatrix(read('cdk.out')).entries.filter(({ principal }) => principal.kind === 'function');
 */
export function accessMatrix(model: Model): AccessMatrix {
  const { names: access, holdings } = ModelAccess.of(model);
  const entries = byPrincipal(holdings).flatMap(({ principal, through, grants }) =>
    group(grants).map((row) => toEntry(principal, through, row, access)),
  );
  return {
    version: 1,
    entries: unique([...entries, ...databaseUserEntries(model)]),
    unknownActions: unknownIn(holdings),
  };
}

interface Held {
  readonly principal: Principal;
  readonly through: Through;
  readonly grants: Grant[];
}

function byPrincipal(holdings: readonly Holding[]): readonly Held[] {
  const held = new Map<string, Held>();
  for (const { principals, through, grants } of holdings) {
    for (const principal of principals) {
      const key = `${principal.kind} ${principal.name} ${through}`;
      const known = held.get(key) ?? { principal, through, grants: [] };
      known.grants.push(...grants);
      held.set(key, known);
    }
  }
  return [...held.values()];
}

interface Row {
  readonly grant: Grant;
  readonly patterns: Set<string>;
}

/** Merges grants that differ only in their actions into one row. */
function group(grants: readonly Grant[]): readonly Row[] {
  const rows = new Map<string, Row>();
  for (const grant of grants) {
    const { effect, resource, except, conditions, problem, actions } = grant;
    const parts = [effect, resource, except.join(), conditionsKey(conditions), problem ?? '', actions.negated];
    const key = parts.join('|') + (actions.negated ? actions.patterns.join() : '');
    const row = rows.get(key) ?? { grant, patterns: new Set() };
    for (const pattern of actions.patterns) row.patterns.add(pattern);
    rows.set(key, row);
  }
  return withSources([...rows.values()]);
}

/** Merges rows that differ only in the calling source (an API's routes). */
function withSources(rows: readonly Row[]): readonly Row[] {
  const merged = new Map<string, Row>();
  for (const row of rows) {
    const { grant, patterns } = row;
    const source = grant.conditions.find(isSource);
    const others = grant.conditions.filter((condition) => condition !== source);
    const parts = [
      grant.effect,
      grant.resource,
      grant.except.join(),
      conditionsKey(others),
      [...patterns].sort().join(),
    ];
    const key = [...parts, grant.problem ?? '', grant.actions.negated, source?.operator ?? ''].join('|');
    const known = merged.get(key);
    const earlier = known?.grant.conditions.find(isSource);
    const values = [...new Set([...(earlier?.values ?? []), ...(source?.values ?? [])])].sort();
    const conditions = source ? [...others, { ...source, values }] : grant.conditions;
    merged.set(key, { ...row, grant: { ...grant, conditions } });
  }
  return [...merged.values()];
}

function isSource({ operator, key }: GrantCondition): boolean {
  return key.toLowerCase() === 'aws:sourcearn' && /^(Arn|String)(Equals|Like)$/.test(operator);
}

function toEntry(principal: Principal, through: Through, { grant, patterns }: Row, access: AccessNames): AccessEntry {
  const { resource, except, conditions, actions, problem } = grant;
  const names = tidy([...patterns]);
  return {
    principal,
    resource: access.show(resource),
    verdict: verdictOf(grant, names),
    actions: names,
    ...(actions.negated && { allBut: true as const }),
    levels: levelsOf(names, actions.negated),
    conditions: inWords(conditions).map((words) => access.showIn(words)),
    ...(except.length > 0 && { except: except.map((one) => access.show(one)) }),
    through,
    ...(problem !== undefined && { problem: access.showIn(problem) }),
  };
}

function verdictOf(grant: Grant, actions: readonly string[]): AccessEntry['verdict'] {
  if (grant.problem !== undefined || isOpen(grant.resource) || actions.some(isOpen)) return 'unknown';
  if (grant.effect === 'Deny') return 'denied';
  return grant.conditions.length > 0 ? 'conditional' : 'allowed';
}

const levels = new Map<string, readonly AccessLevel[]>();

function levelsOf(patterns: readonly string[], negated: boolean): readonly AccessLevel[] {
  const key = `${negated}${patterns.join()}`;
  const known = levels.get(key);
  if (known) return known;
  const found = new Set([...expand({ patterns, negated })].map((name) => findAction(name)?.level));
  const sorted = LEVELS.filter((level) => found.has(level));
  levels.set(key, sorted);
  return sorted;
}

function unique(entries: readonly AccessEntry[]): readonly AccessEntry[] {
  const byKey = new Map(entries.map((entry) => [sortKey(entry), entry]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}

function sortKey({ principal, through, actions, conditions, ...entry }: AccessEntry): string {
  const { resource, verdict, allBut, except = [], problem } = entry;
  const parts = [principal.name, principal.kind, resource, verdict, through, actions.join(), allBut, conditions.join()];
  return [...parts, except.join(), problem].join('\u0000');
}

function unknownIn(holdings: readonly Holding[]): AccessMatrix['unknownActions'] {
  const found = new Map<string, Set<string>>();
  for (const { grants } of holdings) {
    for (const { actions, source } of grants) {
      // AWS's own policies name actions that AWS no longer has.
      if (isManaged(source)) continue;
      for (const action of unknownActions(actions.patterns)) {
        if (isOpen(action)) continue;
        found.set(action, (found.get(action) ?? new Set()).add(source));
      }
    }
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([action, policies]) => ({ action, policies: [...policies].sort() }));
}
