import { isOpen } from './access-names';
import type { Grant, GrantCondition } from './grants';
import { entriesOf } from './principal-match';
import type { PrincipalElement } from './policy';
import { accountNamedBy } from '../arn';

/** The key of a request that tells a caller whom no key of AWS tells: an identity provider, a session, a user id. */
const OTHER_CALLER = 'lintel:Caller';
const IDENTITY_ARN = /^arn:[^:]+:iam::(\d{12}):(?:role|user)\//;

/**
 * An entry of a `Principal` as conditions on the request, so that callers can be compared: everyone has no condition,
 * an account is wider than its roles.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principal-properties
 */
export function conditionsOfPrincipal(type: string, name: string): readonly GrantCondition[] {
  if (name === '*' && type !== 'Federated') return [];
  if (type === 'Service') return [is('aws:PrincipalServiceName', name)];
  if (type !== 'AWS' || isOpen(name)) return [is(OTHER_CALLER, `${type} ${name}`)];
  const account = accountNamedBy(name);
  if (account !== undefined) return [is('aws:PrincipalAccount', account)];
  const owner = IDENTITY_ARN.exec(name)?.[1];
  if (owner === undefined) return [is(OTHER_CALLER, name)];
  return [is('aws:PrincipalAccount', owner), is('aws:PrincipalArn', name)];
}

/** A `NotPrincipal` as conditions: everyone except these. An account in it means only its root user. */
export function conditionsOfOthers(element: PrincipalElement): readonly GrantCondition[] {
  const byKey = new Map<string, string[]>();
  for (const [type, name] of entriesOf(element)) {
    const isIdentity = type === 'AWS' && IDENTITY_ARN.test(name);
    const key = type === 'Service' ? 'aws:PrincipalServiceName' : isIdentity ? 'aws:PrincipalArn' : OTHER_CALLER;
    const value = key === OTHER_CALLER ? `${type} ${name}` : name;
    byKey.set(key, [...(byKey.get(key) ?? []), value]);
  }
  return [...byKey].map(([key, values]) => ({ operator: 'StringNotEquals', key, values: values.sort() }));
}

/** A grant with what its conditions on the caller say of his other keys besides: no service has an account. */
export function withCallerFacts(grant: Grant): Grant {
  const isRequired = (key: string, operators: RegExp) =>
    grant.conditions.filter(
      (one) => one.key.toLowerCase() === key && operators.test(one.operator) && one.values.length > 0,
    );
  const arns = isRequired('aws:principalarn', /^(Arn|String)(Equals|Like)$/);
  const accounts = [
    ...isRequired('aws:principalaccount', /^StringEquals$/).map(({ values }) => values),
    ...arns.map(({ values }) => values.map((value) => OWNER.exec(value)?.[1])),
  ].filter((values): values is string[] => values.every((value) => value !== undefined));
  const services = [
    ...isRequired('aws:principalservicename', /^StringEquals$/),
    ...isRequired('aws:principalisawsservice', /^Bool$/),
  ];
  const isService = services.some(
    ({ operator, values }) => operator !== 'Bool' || values.join().toLowerCase() === 'true',
  );
  const facts: readonly GrantCondition[] = [
    ...accounts.flatMap((values) => [
      { operator: 'StringEquals', key: 'aws:PrincipalAccount', values },
      {
        operator: 'StringLike',
        key: 'aws:PrincipalArn',
        values: values.flatMap((one) => [`arn:*:iam::${one}:*`, `arn:*:sts::${one}:*`]),
      },
    ]),
    ...(accounts.length > 0 || arns.length > 0 ? OF_IDENTITIES : []),
    ...(isService ? OF_SERVICES : []),
  ];
  return facts.length === 0 ? grant : { ...grant, conditions: [...grant.conditions, ...facts] };
}

const OWNER = /^arn:[^:*?]+:iam::(\d{12}):/;

const OF_SERVICES: readonly GrantCondition[] = [
  { operator: 'Bool', key: 'aws:PrincipalIsAWSService', values: ['true'] },
  { operator: 'Null', key: 'aws:PrincipalAccount', values: ['true'] },
  { operator: 'Null', key: 'aws:PrincipalArn', values: ['true'] },
];

const OF_IDENTITIES: readonly GrantCondition[] = [
  { operator: 'Bool', key: 'aws:PrincipalIsAWSService', values: ['false'] },
  { operator: 'Null', key: 'aws:PrincipalServiceName', values: ['true'] },
];

function is(key: string, value: string): GrantCondition {
  return { operator: 'StringEquals', key, values: [value] };
}
