import { expand } from '../core/iam/action-set';
import { CompiledConditions } from '../core/iam/conditions';
import { RequestContext } from '../core/iam/context';
import { covers, overlaps } from '../core/iam/coverage';
import { type Grant, inWords } from '../core/iam/grants';

/** A principal's allows and denies. */
export interface Held {
  readonly allows: readonly Grant[];
  readonly denies: readonly Grant[];
}

/** The conditions under which something is allowed; undefined if it is not. */
export type Permission = { readonly conditions: readonly string[] } | undefined;

/** Whether a principal may do something on any resource. */
export function has({ allows }: Held, action: string): boolean {
  return allows.some(({ actions }) => expand(actions).has(action));
}

/**
 * Whether a principal may do something, with or without conditions.
 * @param target an ARN or a pattern of ARNs; undefined for anything
 * @param context what is known about the request
 */
export function can(
  { allows, denies }: Held,
  action: string,
  target: string | undefined,
  context: Readonly<Record<string, string>> = {},
): Permission {
  const about = (grant: Grant) =>
    expand(grant.actions).has(action) &&
    (target === undefined || covers(grant.resource, target)) &&
    !grant.except.some((except) => target !== undefined && overlaps(except, target));
  const fitting = allows.filter((grant) => about(grant) && mayHold(grant, context));
  if (fitting.length === 0 || denies.some((deny) => about(deny) && deny.conditions.length === 0)) return undefined;
  const limited = denies.filter(
    (deny) => expand(deny.actions).has(action) && (target === undefined || overlaps(deny.resource, target)),
  );
  const words = fitting.map(({ conditions }) => inWords(conditions)).toSorted((a, b) => a.length - b.length)[0]!;
  return { conditions: [...words, ...limited.map((deny) => `it is not denied by ${deny.source}`)] };
}

/** Whether a grant's conditions may hold, given some known keys. */
function mayHold({ conditions }: Grant, context: Readonly<Record<string, string>>): boolean {
  const keys = new Set(Object.keys(context).map((key) => key.toLowerCase()));
  return conditions.every(({ operator, key, values }) => {
    if (!keys.has(key.toLowerCase())) return true;
    const compiled = new CompiledConditions({ [operator]: { [key]: values } }, true);
    return compiled.judge(new RequestContext(context)).truth !== 'no';
  });
}

/** Whether a principal may do one of each group of actions, on any resource. */
export function startedBy(
  holder: Held,
  groups: readonly (readonly string[])[],
): { readonly actions: readonly string[]; readonly conditions: readonly string[] } | undefined {
  const chosen = groups.map((actions) =>
    actions.map((action) => ({ action, given: can(holder, action, undefined) })).find(({ given }) => given),
  );
  if (chosen.some((one) => one === undefined)) return undefined;
  return {
    actions: chosen.map((one) => one!.action),
    conditions: chosen.flatMap((one) => one!.given!.conditions),
  };
}
