import { isOpen } from './access-names';
import { type GrantCondition } from './grants';
import { entriesOf } from './principal-match';
import { type PrincipalElement } from './policy';

/** The key of a request that tells a caller whom no key of AWS tells: an identity provider, a session, a user id. */
const OTHER_CALLER = 'lintel:Caller';
const ACCOUNT = /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/;
const IDENTITY = /^arn:[^:]+:iam::(\d{12}):(?:role|user)\//;

/**
 * Whom one entry of a `Principal` means, as conditions on the request, so that callers can be compared: everybody is
 * without a condition, an account is wider than its roles.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principal-properties
 */
export function conditionsOfPrincipal(type: string, name: string): readonly GrantCondition[] {
  const is = (key: string, value: string): GrantCondition => ({ operator: 'StringEquals', key, values: [value] });
  if (name === '*' && type !== 'Federated') return [];
  if (type === 'Service') return [is('aws:PrincipalServiceName', name)];
  if (type !== 'AWS' || isOpen(name)) return [is(OTHER_CALLER, `${type} ${name}`)];
  const account = ACCOUNT.exec(name)?.[1];
  if (account !== undefined) return [is('aws:PrincipalAccount', account)];
  const owner = IDENTITY.exec(name)?.[1];
  if (owner === undefined) return [is(OTHER_CALLER, name)];
  return [is('aws:PrincipalAccount', owner), is('aws:PrincipalArn', name)];
}

/** Whom a `NotPrincipal` means: everybody but these. */
export function conditionsOfOthers(element: PrincipalElement): readonly GrantCondition[] {
  const values = entriesOf(element).map(([type, name]) => `${type} ${name}`);
  return [{ operator: 'StringNotEquals', key: OTHER_CALLER, values: values.sort() }];
}
