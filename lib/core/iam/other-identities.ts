import { displayName } from '../model/display';
import type { Resource } from '../model/model';
import { at } from '../model/select';
import type { Identity } from './identities';
import { branchesOf, type Policy, type PolicyReader, withGuards } from './policy-reader';
import { type Principal, principalOf } from './principals';

/** The permission sets of a model, with their assignees. */
export function permissionSets(reader: PolicyReader): readonly Identity[] {
  return reader.model.ofType('AWS::SSO::PermissionSet').map((set): Identity => {
    const boundary =
      reader.boundary(set, 'PermissionsBoundary.ManagedPolicyArn') ??
      referred(reader, set, 'PermissionsBoundary.CustomerManagedPolicyReference')[0];
    const inline = at(set, 'InlinePolicy') === undefined ? [] : [reader.document(set, 'InlinePolicy')];
    const policies = [
      ...inline,
      ...reader.managedAt(set, 'ManagedPolicies'),
      ...referred(reader, set, 'CustomerManagedPolicyReferences'),
    ];
    const members = reader.model
      .ofType('AWS::SSO::Assignment')
      .filter((one) =>
        branchesOf(at(one, 'PermissionSetArn')).some(({ value }) => reader.find(value, one.template).includes(set)),
      )
      .map((one) => assigned(one, reader));
    return { principal: principalOf(set), resource: set, template: set.template, policies, boundary, members };
  });
}

/** Policies that a permission set references by name in each account. */
function referred(reader: PolicyReader, set: Resource, property: string): readonly Policy[] {
  return branchesOf(at(set, property)).map(({ value, when }, index) => {
    const name = at(value, 'Name');
    const place = `${property}.${index}`;
    if (name !== undefined && reader.find(name, set.template, 'AWS::IAM::ManagedPolicy').length > 0) {
      return withGuards(reader.managed(name, set, place), when);
    }
    const text = reader.names.text(name, set.template) ?? 'that is chosen at deployment';
    const problem = `the policy '${text}' of each account is not part of what was read`;
    return { name: text, holder: set, property: place, statements: [{ holder: set, property: place, when, problem }] };
  });
}

function assigned(assignment: Resource, { names }: PolicyReader): Principal {
  const text = (property: string) => names.text(at(assignment, property), assignment.template) ?? '<unknown>';
  const kind = text('PrincipalType') === 'USER' ? 'user' : 'group';
  return { kind, name: `${text('PrincipalId')} in ${text('TargetId')}` };
}

/** IoT policies, with their certificates and groups. */
export function thingPolicies(reader: PolicyReader): readonly Identity[] {
  const attachments = reader.model.ofType('AWS::IoT::PolicyPrincipalAttachment');
  return reader.model.ofType('AWS::IoT::Policy').map((policy): Identity => {
    const members = attachments
      .filter((one) =>
        branchesOf(at(one, 'PolicyName')).some(({ value }) =>
          reader.find(value, one.template, 'AWS::IoT::Policy').includes(policy),
        ),
      )
      .flatMap((one) => branchesOf(at(one, 'Principal')).map(({ value }) => holder(value, one, reader)));
    const policies = [reader.document(policy)];
    return { principal: principalOf(policy), resource: policy, template: policy.template, policies, members };
  });
}

function holder(value: Parameters<PolicyReader['find']>[0], attachment: Resource, reader: PolicyReader): Principal {
  const [resource] = reader.find(value, attachment.template);
  const name = resource ? displayName(resource) : reader.names.text(value, attachment.template);
  return { kind: 'certificate', name: name ?? '<unknown>' };
}
