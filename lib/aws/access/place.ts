import { Stack, Token } from 'aws-cdk-lib';

/** Where something is; parts may be known only at deployment. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** A place in a message, as far as it is known: `111122223333/eu-west-1`. */
export function nameOf({ account, region }: Place): string {
  return [account, region].filter((part) => !Token.isUnresolved(part)).join('/');
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

/** Whether CDK can build an ARN for another environment; if told to, it also generates the name. */
export function isKnownElsewhere(arn: string): boolean {
  try {
    reader().resolve(arn);
    return true;
  } catch (error) {
    if (/cross-environment|physical name/.test((error as Error).message)) return false;
    throw error;
  }
}

/** A stack in another environment, to resolve values as seen from there. */
export function reader(): Stack {
  return new Stack(undefined, 'Reader', { env: { account: '000000000000', region: 'us-east-1' } });
}
