import { Token } from 'aws-cdk-lib';

/** Where something is; a part may be known only at deployment. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** Whether two places are of different accounts; an account that is known only at deployment is not said to differ. */
export function otherAccount(one: Place, other: Place): boolean {
  return differ(one.account, other.account);
}

/** Whether two places are in different regions; a region that is known only at deployment is not said to differ. */
export function otherRegion(one: Place, other: Place): boolean {
  return differ(one.region, other.region);
}

/** Whether a client of the one must be told where the other is. */
export function elsewhere(one: Place, other: Place): boolean {
  return otherAccount(one, other) || otherRegion(one, other);
}

function differ(one: string, other: string): boolean {
  return !Token.isUnresolved(one) && !Token.isUnresolved(other) && one !== other;
}
