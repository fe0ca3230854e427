import type { Raw } from '../intrinsics';
import { isObject, listOf, objectOf } from './raw';

/**
 * The resource policy of a REST API by `Auth.ResourcePolicy`: accounts that may or may not call, networks that are let in or
 * kept out, and statements of its own. Each list names what it is for; everybody else is kept out by a denial.
 * @returns undefined where it says nothing
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-resourcepolicystatement.html
 */
export function resourcePolicy(policy: unknown): Raw | undefined {
  const given = objectOf(policy);
  const list = (name: string): readonly unknown[] => listOf(given[name]);
  const statements = [
    ...principals('Allow', list('AwsAccountWhitelist')),
    ...principals('Deny', list('AwsAccountBlacklist')),
    ...networks([['NotIpAddress', 'aws:SourceIp', list('IpRangeWhitelist')]]),
    ...networks([['IpAddress', 'aws:SourceIp', list('IpRangeBlacklist')]]),
    ...networks([
      [
        'StringNotEquals',
        'aws:SourceVpc',
        [...named(list('SourceVpcWhitelist'), 'vpc-'), ...list('IntrinsicVpcWhitelist')],
      ],
      [
        'StringNotEquals',
        'aws:SourceVpce',
        [...named(list('SourceVpcWhitelist'), 'vpce-'), ...list('IntrinsicVpceWhitelist')],
      ],
    ]),
    ...networks([
      [
        'StringEquals',
        'aws:SourceVpc',
        [...named(list('SourceVpcBlacklist'), 'vpc-'), ...list('IntrinsicVpcBlacklist')],
      ],
      [
        'StringEquals',
        'aws:SourceVpce',
        [...named(list('SourceVpcBlacklist'), 'vpce-'), ...list('IntrinsicVpceBlacklist')],
      ],
    ]),
    ...list('CustomStatements'),
  ];
  return statements.length === 0 ? undefined : { Version: '2012-10-17', Statement: unique(statements) };
}

const CALL = { Action: 'execute-api:Invoke', Resource: 'execute-api:/*' };

function principals(effect: string, accounts: readonly unknown[]): Raw[] {
  return accounts.length === 0 ? [] : [{ Effect: effect, ...CALL, Principal: { AWS: flat(accounts) } }];
}

/** One intrinsic function may be a whole list. */
function flat(values: readonly unknown[]): unknown {
  return values.length === 1 ? values[0] : values;
}

type Network = readonly [operator: string, key: string, values: readonly unknown[]];

/** Everybody may call, but for those whom the keys keep out. */
function networks(all: readonly Network[]): Raw[] {
  const given = all.filter(([, , values]) => values.length > 0);
  if (given.length === 0) return [];
  const condition = Object.fromEntries(given.map(([operator]) => [operator, {} as Record<string, unknown>]));
  for (const [operator, key, values] of given) condition[operator]![key] = flat(values);
  return [
    { Effect: 'Allow', ...CALL, Principal: '*' },
    { Effect: 'Deny', ...CALL, Principal: '*', Condition: condition },
  ];
}

function named(list: readonly unknown[], prefix: string): readonly unknown[] {
  return list.filter((one) => typeof one === 'string' && one.startsWith(prefix));
}

function unique(statements: readonly unknown[]): unknown[] {
  return [...new Map(statements.map((one) => [JSON.stringify(one), one])).values()].filter(isObject);
}
