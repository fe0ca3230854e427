import { Stack } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Check } from '../../core/check/check';
import { sameAppCheck } from '../../core/check/shape';
import type { AccessStatement } from './capability';
import { elsewhere, isKnownElsewhere, otherAccount, otherRegion, type Place, reader } from './place';
import { isAdmitting, isOwn, type Target } from './target';

/** Where a function is; for an imported one, taken from its ARN. */
export function placeOf(fn: IFunction): Place {
  return fn.env;
}

/** Checks of a statement about a resource in another account or region. */
export function acrossChecks(fn: IFunction, prop: string, statement: AccessStatement): Check[] {
  const target = statement.of?.();
  const place = placeOf(fn);
  if (target === undefined) return [];
  if (fn.node.root !== target.resource.node.root) return [sameAppCheck(fn, prop, target.resource)];
  if (!elsewhere(place, target.place)) return [];
  const { resource, name, refusal, admit, copies = [] } = target;
  const other = otherAccount(place, target.place);
  const where = other
    ? `account ${target.place.account}, and the function of ${place.account}`
    : `${target.place.region}, and the function in ${place.region}`;
  const known = name === undefined || (name.chosen !== false && isKnownElsewhere(name.arn)) || referred(fn, resource);
  const admits = refusal !== undefined || isAdmitting(resource) || (isOwn(resource) && admit !== undefined);
  const isTooFar = target.near === true && otherRegion(place, target.place);
  const row = { prop, value: resource.node.path };
  return [
    {
      ...row,
      valid: () => known || (other && refusal !== undefined) || isTooFar,
      rule: `must have a name known at synthesis, which its ARN needs: it is ${target.what} of ${where}`,
      remedy: `set '${name?.prop}' on it; naming a deployed resource replaces it`,
    },
    {
      ...row,
      valid: () => !isTooFar,
      rule: `must be in the region of the function that consumes it: it is ${target.what} of ${where}`,
      remedy: 'put the function in that region, and let it forward what it receives',
    },
    {
      ...row,
      valid: () => other || copies.length === 0 || copies.includes(place.region),
      rule: `must have a replica in ${place.region}, where the function is: it is ${target.what} in ${copies.join(', ')}`,
      remedy: `add '${place.region}' to 'replicas', put the function in one of these regions, or import the replica it should use with TableV2.fromTableArn`,
    },
    ...(other
      ? [
          {
            ...row,
            valid: () => refusal === undefined,
            rule: refusal?.rule ?? '',
            remedy: refusal?.remedy ?? '',
          },
          {
            ...row,
            valid: () => admits || !known,
            rule: `must admit the function in its own policy, which this app does not manage: it is ${target.what} of ${where}`,
            remedy: `add ${admits || !known ? '' : JSON.stringify(statementFor(fn, statement))} to that policy, and declare it by wrapping the resource in Access.admitting(...)`,
          },
          {
            ...row,
            valid: () => fn.role === undefined || !admits || refusal !== undefined || isKnownElsewhere(fn.role.roleArn),
            rule: "must be used by a role with a known name, for the resource's policy to refer to",
            remedy: "set 'roleName' on the function's role, for example to PhysicalName.GENERATE_IF_NEEDED",
          },
          {
            ...row,
            valid: () => !admits || refusal !== undefined || !/[*?]/.test(fn.role?.roleArn ?? ''),
            rule: "must be used by one role, which the resource's policy can admit alone: the ARN of the function's role has a wildcard",
            remedy: 'import the role by its full ARN',
          },
          {
            ...row,
            valid: () => target.waitsFor?.(fn) ?? true,
            rule: `must be in a stack deployed after the function's, whose role its policy names: the function's stack waits for it, and it is ${target.what} of ${where}`,
            remedy: 'put one of the two functions in a stack of its own',
          },
        ]
      : []),
  ];
}

/** CDK passes values between regions of an account if both stacks enable it. */
function referred(fn: IFunction, resource: Target['resource']): boolean {
  const asks = (stack: Stack) => (stack as { readonly _crossRegionReferences?: boolean })._crossRegionReferences;
  return !otherAccount(placeOf(fn), resource.env) && asks(Stack.of(fn)) === true && asks(Stack.of(resource)) === true;
}

/** A statement for a function's role, as it must read for another environment. */
export function fromElsewhere(fn: IFunction, statement: AccessStatement): AccessStatement {
  const target = statement.of?.();
  const copy = target?.copyAt?.(placeOf(fn));
  if (copy) return { ...statement, ...copy };
  if (target?.foreignArns === undefined || !elsewhere(placeOf(fn), target.place)) return statement;
  return { ...statement, ...target.foreignArns };
}

/** The statement that the resource's owner is asked to add. */
function statementFor(fn: IFunction, { actions, resources, conditions = {}, of }: AccessStatement): object {
  const { account } = placeOf(fn);
  return inOtherEnvironment({
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: actions,
    Resource: of?.().foreignArns === undefined ? resources : '*',
    Condition: { ...conditions, ArnEquals: { ...conditions.ArnEquals, 'aws:PrincipalArn': fn.role?.roleArn } },
  });
}

/** A value with its ARNs as seen from another account, with the names CDK generates for it. */
function inOtherEnvironment(value: object): object {
  const text = JSON.stringify(reader().resolve(value));
  return JSON.parse(
    text.replace(/\{"Fn::Join":\["",(\[[^\]]*\])\]\}/g, (_, parts: string) =>
      JSON.stringify((JSON.parse(parts) as unknown[]).map(partOf).join('')),
    ),
  ) as object;
}

function partOf(part: unknown): string {
  if (typeof part === 'string') return part;
  const { Ref: ref } = part as { readonly Ref?: string };
  return ref === 'AWS::Partition' ? 'aws' : `\${${ref ?? 'value'}}`;
}
