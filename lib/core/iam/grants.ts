import { type Statement, listOf } from './policy';
import type { ActionPatterns } from './action-set';
import { CompiledConditions } from './conditions';
import type { TemplateStatement } from './documents';

/** A condition of a grant; `When` is one of the template (`Fn::If`, `Condition`). */
export interface GrantCondition {
  /** `StringEquals`, `When`. */
  readonly operator: string;
  /** Context key, or name of the template's condition. */
  readonly key: string;
  /** Sorted. */
  readonly values: readonly string[];
}

/** Actions on one resource, allowed or denied by one statement. */
export interface Grant {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: ActionPatterns;
  /** The resource, as a pattern. */
  readonly resource: string;
  /** Excluded resources (`NotResource`). */
  readonly except: readonly string[];
  readonly conditions: readonly GrantCondition[];
  /** Why it cannot be judged. */
  readonly problem?: string;
  /** Its upper bound, if only a limit to it cannot be judged. */
  readonly atMost?: Grant;
  /** The policy that contains it. */
  readonly source: string;
}

/** The grants of a statement, one per resource. */
export function grantsOf(
  { statement, when, problem, effect }: Pick<TemplateStatement, 'statement' | 'when' | 'problem' | 'effect'>,
  source: string,
  targets: readonly string[] = ['*'],
): readonly Grant[] {
  const guards = Object.entries(when).map(([key, value]) => ({ operator: WHEN, key, values: [String(value)] }));
  if (!statement) {
    const nothing = { patterns: [], negated: false };
    return targets.map((resource) => ({
      effect: effect ?? 'Allow',
      actions: nothing,
      resource,
      except: [],
      conditions: guards,
      problem: problem ?? 'it cannot be read',
      source,
    }));
  }
  const actions: ActionPatterns = {
    patterns: listOf(statement.Action ?? statement.NotAction),
    negated: statement.Action === undefined,
  };
  const all = [...conditionsOf(statement), ...guards];
  const conditions = all.length > 1 ? all.sort(byText) : all;
  const unjudged = problemsOf(statement);
  const own = statement.Resource === undefined && statement.NotResource === undefined;
  const resources = own ? ['*'] : statement.NotResource === undefined ? listOf(statement.Resource) : ['*'];
  return resources
    .flatMap((resource) => (resource === '*' ? targets : [resource]))
    .map((resource) => ({
      effect: statement.Effect,
      actions,
      resource,
      except: listOf(statement.NotResource),
      conditions,
      ...(unjudged !== undefined && { problem: unjudged }),
      source,
    }));
}

/** Conditions in words, without malformed ones, which the grant itself reports. */
export function inWords(conditions: readonly GrantCondition[]): readonly string[] {
  return conditions.flatMap(({ operator, key, values }) => {
    if (operator === WHEN) return [values[0] === 'true' ? `when ${key}` : `when not ${key}`];
    if (operator === NEEDS) return [key];
    if (operator === WITHIN) return [`the resource is also '${values.join()}'`];
    return new CompiledConditions({ [operator]: { [key]: values } }, true).words;
  });
}

/** The operator for the template's condition. */
export const WHEN = 'When';

/** The operator for a further pattern that the resource must match. */
export const WITHIN = 'Within';

/** The operator for what else must allow it. */
export const NEEDS = 'Needs';

/** A key that is equal for equal conditions. */
export function conditionsKey(conditions: readonly GrantCondition[]): string {
  return conditions.map(({ operator, key, values }) => `${operator} ${key} ${values.join()}`).join('; ');
}

function conditionsOf({ Condition }: Statement): GrantCondition[] {
  if (!Condition) return [];
  return Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => ({ operator, key, values: listOf(values).map(String).sort() })),
  );
}

function problemsOf({ Condition }: Statement): string | undefined {
  if (!Condition) return undefined;
  const { problems } = new CompiledConditions(Condition, true);
  return problems.length > 0 ? problems.join('; ') : undefined;
}

function byText(a: GrantCondition, b: GrantCondition): number {
  const [one, other] = [conditionsKey([a]), conditionsKey([b])];
  return one < other ? -1 : one > other ? 1 : 0;
}

/** A grant that counts only if something else holds. */
export function needing(grant: Grant, key: string): Grant {
  if (grant.effect === 'Deny') return grant;
  return { ...grant, conditions: [...grant.conditions, { operator: NEEDS, key, values: [] }] };
}
