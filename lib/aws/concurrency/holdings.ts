import { Stack, Stage, Token } from 'aws-cdk-lib';
import { CfnAlias, CfnEventSourceMapping, CfnFunction, CfnVersion } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { referencedBy } from '../references';

/** What one function holds of its account's concurrency, and what its queues may take of it. */
export interface Holding {
  readonly fn: CfnFunction;
  /** `111122223333/eu-west-1`; for a stack without an environment, its stage and what is unknown. */
  readonly place: string;
  /** Its reservation, if any. */
  readonly reserved?: number;
  /** Execution environments kept ready on its versions and aliases. */
  readonly provisioned: number;
  /** Combined maximum concurrency of its event source mappings. */
  readonly mapped: number;
}

/** Holdings of every function below a construct, in tree order. Tokens count as nothing. */
export function holdingsOf(root: IConstruct): Holding[] {
  const constructs = root.node.findAll();
  const provisioned = sumByFunction(constructs.filter(isQualifier), (qualifier) => {
    const config = qualifier.provisionedConcurrencyConfig;
    return config && 'provisionedConcurrentExecutions' in config ? config.provisionedConcurrentExecutions : undefined;
  });
  const mapped = sumByFunction(constructs.filter(CfnEventSourceMapping.isCfnEventSourceMapping), (mapping) => {
    const config = mapping.scalingConfig;
    return config && 'maximumConcurrency' in config ? config.maximumConcurrency : undefined;
  });
  return constructs.filter(CfnFunction.isCfnFunction).map((fn) => ({
    fn,
    place: placeOf(fn),
    reserved: numberOf(fn.reservedConcurrentExecutions),
    provisioned: provisioned.get(fn) ?? 0,
    mapped: mapped.get(fn) ?? 0,
  }));
}

/** Account and region of a construct. Stacks of one stage without an environment are deployed together. */
export function placeOf(construct: IConstruct): string {
  const { account, region } = Stack.of(construct);
  if (!Token.isUnresolved(account) && !Token.isUnresolved(region)) return `${account}/${region}`;
  const stage = Stage.of(construct)?.stageName;
  return [stage, 'unknown account', Token.isUnresolved(region) ? 'unknown region' : region].filter(Boolean).join('/');
}

/** The function that a name or ARN refers to, also through an alias or version. */
export function functionOf(user: IConstruct, nameOrArn: unknown): CfnFunction | undefined {
  const targets = referencedBy(user, nameOrArn);
  const qualifier = targets.find(isQualifier);
  return (
    targets.find((target) => CfnFunction.isCfnFunction(target)) ??
    (qualifier && functionOf(qualifier, qualifier.functionName))
  );
}

function isQualifier(value: unknown): value is CfnAlias | CfnVersion {
  return CfnAlias.isCfnAlias(value) || CfnVersion.isCfnVersion(value);
}

function sumByFunction<T extends IConstruct & { functionName: string }>(
  users: readonly T[],
  amount: (user: T) => number | undefined,
): Map<CfnFunction, number> {
  const sums = new Map<CfnFunction, number>();
  for (const user of users) {
    const fn = functionOf(user, user.functionName);
    if (fn) sums.set(fn, (sums.get(fn) ?? 0) + (numberOf(amount(user)) ?? 0));
  }
  return sums;
}

function numberOf(value: number | undefined): number | undefined {
  return Token.isUnresolved(value) ? undefined : value;
}
