import { Token } from 'aws-cdk-lib';

/** Where something is; parts may be known only at deployment. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** Whether two places are in different accounts; false while either account is known only at deployment. */
export function otherAccount(one: Place, other: Place): boolean {
  return differ(one.account, other.account);
}

/** Whether two places are in different regions; false while either region is known only at deployment. */
export function otherRegion(one: Place, other: Place): boolean {
  return differ(one.region, other.region);
}

/** Whether a client in one place must be told where the other is. */
export function elsewhere(one: Place, other: Place): boolean {
  return otherAccount(one, other) || otherRegion(one, other);
}

function differ(one: string, other: string): boolean {
  return !Token.isUnresolved(one) && !Token.isUnresolved(other) && one !== other;
}
