import type { Match } from './pattern';
import { listOf, type PrincipalElement } from './policy';
import { accountNamedBy } from '../arn';

/** The caller, as the evaluator sees it. */
export type Caller =
  /** A user, role or session in an account; `role` is the name of the role, also of a session. */
  | { readonly kind: 'identity'; readonly arn: string; readonly account: string; readonly role?: string }
  /** The root user of an account. */
  | { readonly kind: 'root'; readonly arn: string; readonly account: string }
  /** An AWS service principal: `sns.amazonaws.com`. */
  | { readonly kind: 'service'; readonly name: string }
  /** A caller without credentials. */
  | { readonly kind: 'anonymous' }
  /** A caller from elsewhere: an identity provider, a canonical user id. */
  | { readonly kind: 'foreign'; readonly name: string };

/** How a statement of a resource policy names a caller, which decides what else may limit it. */
export type Naming =
  /** By its own ARN, or as everyone. Only an explicit deny limits it. */
  | 'direct'
  /** By the ARN of the role behind a session. A boundary limits it. */
  | 'role'
  /** By its account, which leaves the decision to the identity policies there. */
  | 'account';

/** How a statement names a caller, and whether for certain (`maybe`: it names another session of the same role). */
export interface Named {
  readonly naming: Naming;
  /** Whether it is this caller. */
  readonly match: Exclude<Match, 'unresolved' | 'no'>;
}

const IAM_ARN = /^arn:[^:]+:(?:iam|sts)::(\d{12}):(.+)$/;
const SERVICE = /^[a-z0-9.-]+\.(?:amazonaws\.com(?:\.cn)?|amazon\.com|aws\.internal|aws\.dev)$/i;

/** Reads the principal of a request: an ARN, an account id, a service principal, `*` or `anonymous`. */
export function callerOf(principal: string): Caller {
  if (principal === '*' || principal === 'anonymous') return { kind: 'anonymous' };
  const account = accountNamedBy(principal);
  if (account !== undefined) return { kind: 'root', arn: principal, account };
  const arn = IAM_ARN.exec(principal);
  if (!arn)
    return SERVICE.test(principal) ? { kind: 'service', name: principal } : { kind: 'foreign', name: principal };
  const [type, ...path] = arn[2]!.split('/');
  const role = type === 'role' ? path.at(-1) : type === 'assumed-role' ? path[0] : undefined;
  return { kind: 'identity', arn: principal, account: arn[1]!, role };
}

/** How a `Principal` names a caller; undefined when it does not. */
export function naming(element: PrincipalElement, caller: Caller): Named | undefined {
  const found = entriesOf(element).flatMap(([type, name]) => named(type, name, caller) ?? []);
  const order: readonly Naming[] = ['direct', 'role', 'account'];
  const best = (candidates: readonly Named[]) =>
    candidates.toSorted((a, b) => order.indexOf(a.naming) - order.indexOf(b.naming))[0];
  return best(found.filter(({ match }) => match === 'yes')) ?? best(found);
}

/** Whether a `NotPrincipal` exempts a caller. An account in the list means only its root user. */
export function exempts(element: PrincipalElement, caller: Caller): boolean {
  const found = naming(element, caller);
  return found?.match === 'yes' && (found.naming !== 'account' || caller.kind === 'root');
}

/** Every principal of an element: `['AWS', 'arn:...']`. */
export function entriesOf(element: PrincipalElement): readonly (readonly [string, string])[] {
  if (typeof element === 'string') return [['AWS', element]];
  return Object.entries(element).flatMap(([type, names]) => listOf(names).map((name) => [type, name] as const));
}

function named(type: string, name: string, caller: Caller): Named | undefined {
  const direct: Named = { naming: 'direct', match: 'yes' };
  if (type === 'Service') {
    return caller.kind === 'service' && (name === '*' || name.toLowerCase() === caller.name.toLowerCase())
      ? direct
      : undefined;
  }
  if (type !== 'AWS') return caller.kind === 'foreign' && name === caller.name ? direct : undefined;
  if (name === '*') return direct;
  if (caller.kind !== 'identity' && caller.kind !== 'root') return undefined;
  const account = accountNamedBy(name);
  if (account !== undefined) return account === caller.account ? { naming: 'account', match: 'yes' } : undefined;
  if (caller.kind === 'root') return undefined;
  if (name === caller.arn) return isRole(name) ? { naming: 'role', match: 'yes' } : direct;
  const other = callerOf(name);
  if (other.kind !== 'identity' || other.account !== caller.account || other.role === undefined) return undefined;
  if (other.role !== caller.role || (isRole(name) && isRole(caller.arn))) return undefined;
  if (isRole(name)) return { naming: 'role', match: 'yes' };
  return isRole(caller.arn) ? { naming: 'direct', match: 'maybe' } : undefined;
}

function isRole(arn: string): boolean {
  return arn.includes(':role/');
}
