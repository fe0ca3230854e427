import type { PolicyDocument } from '../../access';
import { managedPolicy, managedPolicyName } from '../../core/iam/managed-policies';
import type { CallerPolicies } from './caller';
import type { Deployed, Deployment } from './deployment';
import { isRecord, list, records, text, texts } from './json';

/** The policies of a role: inline, attached from either side, AWS's own where their text is known, and the boundary. */
export function policiesOfRole(role: Deployed, deployment: Deployment): CallerPolicies {
  const { properties } = role;
  const attached = deployment
    .ofType('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy')
    .filter((policy) => {
      const roles = [...texts(policy.properties.Roles), text(policy.properties.RoleName)];
      return roles.includes(role.ref) || texts(properties.ManagedPolicyArns).includes(policy.ref);
    })
    .map((policy) => policy.properties.PolicyDocument);
  const inline = records(properties.Policies).map((policy) => policy.PolicyDocument);
  const managed = texts(properties.ManagedPolicyArns).map(awsManagedPolicy);
  const boundary = text(properties.PermissionsBoundary);
  return {
    identity: documents([...inline, ...attached, ...managed]),
    ...(boundary !== undefined && { boundary: boundaryOf(boundary, deployment) }),
  };
}

function boundaryOf(arn: string, deployment: Deployment): PolicyDocument {
  const known = deployment.withRef(arn, 'AWS::IAM::ManagedPolicy')?.properties.PolicyDocument ?? awsManagedPolicy(arn);
  // A boundary whose text is not known allows nothing here: better a refusal that names it than a false pass.
  return documents([known])[0] ?? { Statement: [] };
}

function documents(values: readonly unknown[]): PolicyDocument[] {
  return values.filter(
    (value): value is PolicyDocument & object => isRecord(value) && list(value.Statement).length > 0,
  );
}

function awsManagedPolicy(arn: string): PolicyDocument | undefined {
  const name = managedPolicyName(arn);
  return name === undefined ? undefined : managedPolicy(name)?.document;
}

/** The managed policies of a role whose text is neither in the templates nor known here. */
export function unknownPolicies(role: Deployed, deployment: Deployment): readonly string[] {
  return texts(role.properties.ManagedPolicyArns).filter(
    (arn) => !deployment.withRef(arn, 'AWS::IAM::ManagedPolicy') && !awsManagedPolicy(arn),
  );
}
