import { indexed } from '../model/indexed';
import type { Resource } from '../model/model';
import type { Names } from '../model/names';
import { at, items } from '../model/select';
import type { Value } from '../model/values';
import { ModelAccess } from './model-access';
import { listOf } from './policy';

const MANAGED = 'AWS::IAM::ManagedPolicy';
const IDENTITIES = ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'];

/**
 * The managed policies of a model that serve as permissions boundaries and are attached to nobody: they allow nothing by
 * themselves. Also those that a condition requires as the boundary of new roles.
 */
export const boundariesAlone = indexed((model): ReadonlySet<Resource> => {
  const access = ModelAccess.of(model);
  const attached = new Set(
    model.ofType(...IDENTITIES).flatMap((one) => access.named(at(one, 'ManagedPolicyArns'), one.template, MANAGED)),
  );
  const { names } = access.names;
  const referred = new Set(
    model
      .ofType('AWS::SSO::PermissionSet')
      .flatMap((set) =>
        items(at(set, 'CustomerManagedPolicyReferences')).map((one) => nameOf(names, set, one, 'Name')),
      ),
  );
  const isReferred = (policy: Resource): boolean => {
    const name = nameOf(names, policy, policy, 'ManagedPolicyName');
    return name !== undefined && referred.has(name);
  };
  const policies = model
    .ofType(MANAGED)
    .filter((policy) => !attached.has(policy) && !attachesItself(policy) && !isReferred(policy));
  if (policies.length === 0) return new Set();
  const bounding = model
    .ofType('AWS::IAM::Role', 'AWS::IAM::User')
    .flatMap((one) => access.named(at(one, 'PermissionsBoundary'), one.template, MANAGED));
  const requested = access.identityPolicies
    .flatMap(({ statements }) => statements)
    .flatMap(({ statement }) => Object.values(statement?.Condition ?? {}))
    .flatMap((block) => Object.entries(block))
    .filter(([key]) => key.toLowerCase() === 'iam:permissionsboundary')
    .flatMap(([, values]) => listOf(values).flatMap((value) => access.names.find(String(value))?.resource ?? []));
  const boundaries = new Set([...bounding, ...requested]);
  return new Set(policies.filter((policy) => boundaries.has(policy)));
});

function attachesItself(policy: Resource): boolean {
  return ['Roles', 'Users', 'Groups'].some((name) => items(at(policy, name)).length > 0);
}

function nameOf(names: Names, { template }: Resource, from: Resource | Value, property: string): string | undefined {
  const name = at(from, property);
  return name === undefined ? undefined : names.text(name, template);
}
