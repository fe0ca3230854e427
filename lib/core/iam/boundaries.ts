import { indexed } from '../model/indexed';
import type { Resource } from '../model/model';
import { at, items } from '../model/select';
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
  const policies = model.ofType(MANAGED).filter((policy) => !attached.has(policy) && !attachesItself(policy));
  if (policies.length === 0) return new Set();
  const bounding = model
    .ofType('AWS::IAM::Role', 'AWS::IAM::User')
    .flatMap((one) => access.named(at(one, 'PermissionsBoundary'), one.template, MANAGED));
  const asked = access.identityPolicies
    .flatMap(({ statements }) => statements)
    .flatMap(({ statement }) => Object.values(statement?.Condition ?? {}))
    .flatMap((block) => Object.entries(block))
    .filter(([key]) => key.toLowerCase() === 'iam:permissionsboundary')
    .flatMap(([, values]) => listOf(values).flatMap((value) => access.names.find(String(value))?.resource ?? []));
  const boundaries = new Set([...bounding, ...asked]);
  return new Set(policies.filter((policy) => boundaries.has(policy)));
});

function attachesItself(policy: Resource): boolean {
  return ['Roles', 'Users', 'Groups'].some((name) => items(at(policy, name)).length > 0);
}
