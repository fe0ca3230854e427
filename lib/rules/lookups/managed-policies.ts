import { managedPolicy, managedPolicyName } from '../../core/iam/managed-policies';
import { isUnknown, toText } from '../../core/model/select';
import { Text, type Value } from '../../core/model/values';

/**
 * The name of an AWS-managed policy (`service-role/AWSLambdaBasicExecutionRole`, `AdministratorAccess`); undefined for
 * anything else. Its partition may be open.
 */
export function managedPolicyNamed(policy: Value): string | undefined {
  const parts = policy instanceof Text ? policy.parts : [policy];
  const texts = parts.map((part) => (isUnknown(part) && part.name === 'AWS::Partition' ? 'aws' : toText(part)));
  return texts.includes(undefined) ? undefined : managedPolicyName(texts.join(''));
}

/** The actions that an AWS-managed policy allows, as patterns; undefined where its body is not known. */
export function managedActions(policy: Value): readonly string[] | undefined {
  const name = managedPolicyNamed(policy);
  const statements = name === undefined ? undefined : managedPolicy(name)?.document.Statement;
  if (!statements) return undefined;
  return [statements].flat().flatMap(({ Effect, Action = [] }) => (Effect === 'Allow' ? [Action].flat() : []));
}
