import { displayName } from '../model/display';
import type { Model, Resource } from '../model/model';
import type { Names } from '../model/names';
import { type Assumptions, at } from '../model/select';
import type { Value } from '../model/values';
import { permissionSets, thingPolicies } from './other-identities';
import { withoutBasis } from './basis';
import { branchesOf, type Policy, PolicyReader, withGuards } from './policy-reader';
import { type Principal, principalOf } from './principals';

/** A holder of policies: a role, user or group, a permission set, or an unattached policy. */
export interface Identity {
  readonly principal: Principal;
  /** The resource; undefined if the template only names it. */
  readonly resource?: Resource;
  /** The template that creates or names it. */
  readonly template: string;
  /** Inline, attached and managed, including a user's groups. */
  readonly policies: readonly Policy[];
  /** Its boundary; undefined if it has none. */
  readonly boundary?: Policy;
  /** Its users, if determined by something other than a role. */
  readonly members?: readonly Principal[];
}

type Kind = 'Role' | 'User' | 'Group';
const KINDS: readonly Kind[] = ['Role', 'User', 'Group'];
const ATTACHED = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'];
const OWN = ['AWS::IAM::RolePolicy', 'AWS::IAM::UserPolicy', 'AWS::IAM::GroupPolicy'];

/** Every holder of policies in a model, including those it only names: `Role.fromRoleArn`, `Roles: ['operator']`. */
export function identitiesOf(model: Model, names: Names, reader = new PolicyReader(model, names)): readonly Identity[] {
  const found = new IdentityReader(reader).read();
  const sets = permissionSets(reader);
  const unattached = model
    .ofType(...ATTACHED, ...OWN)
    .filter((policy) => !reader.isNamed(policy) && !found.attached.has(policy.id))
    .map((policy) => ofPolicy(policy, reader.document(policy)));
  return [...found.identities, ...sets, ...thingPolicies(reader), ...unattached];
}

/** Every identity policy document of a model: inline, attached, or unattached. */
export function identityPoliciesOf(reader: PolicyReader): readonly Policy[] {
  const { model } = reader;
  return [
    ...model.ofType(...KINDS.map((kind) => `AWS::IAM::${kind}`)).flatMap((resource) => reader.inline(resource)),
    ...model.ofType(...ATTACHED, ...OWN).map((policy) => reader.document(policy)),
    ...model.ofType('AWS::SSO::PermissionSet').map((set) => reader.document(set, 'InlinePolicy')),
    ...model.ofType('AWS::IoT::Policy').map((policy) => reader.document(policy)),
  ];
}

/** Unattached policies, which someone may get later. */
function ofPolicy(policy: Resource, document: Policy): Identity {
  return {
    principal: { kind: 'policy', name: displayName(policy) },
    resource: policy,
    template: policy.template,
    policies: [document],
  };
}

/** A principal as named in a template: a resource of the model, or a name. */
interface Named {
  readonly key: string;
  readonly kind: Kind;
  readonly resource?: Resource;
  readonly name: string;
  readonly template: string;
}

/** Reads roles, users and groups. */
class IdentityReader {
  /** Policies that attach themselves, by their ids. */
  readonly attached = new Set<string>();
  private readonly policies = new Map<string, Policy[]>();
  private readonly outside = new Map<string, Named>();
  private readonly groups = new Map<string, { readonly group: Named; readonly when: Assumptions }[]>();

  constructor(private readonly reader: PolicyReader) {}

  read(): { readonly identities: readonly Identity[]; readonly attached: ReadonlySet<string> } {
    this.readAttachments();
    this.readMembers();
    const types = KINDS.map((kind) => `AWS::IAM::${kind}`);
    const inside = this.reader.model.ofType(...types).map((resource) => this.ofResource(resource));
    const outside = [...this.outside.values()].map((named) => this.ofName(named));
    return { identities: [...inside, ...outside], attached: this.attached };
  }

  private readAttachments(): void {
    for (const policy of this.reader.model.ofType(...ATTACHED, ...OWN)) {
      for (const kind of KINDS) {
        const own = policy.type === `AWS::IAM::${kind}Policy` ? at(policy, `${kind}Name`) : undefined;
        for (const { value, when } of [...branchesOf(at(policy, `${kind}s`)), ...branchesOf(own)]) {
          const named = this.named(kind, value, policy.template);
          const made = withGuards(this.reader.document(policy), { ...when, ...guard(policy, named.resource) });
          this.attached.add(policy.id);
          this.policies.set(named.key, [...(this.policies.get(named.key) ?? []), made]);
        }
      }
    }
  }

  private readMembers(): void {
    const add = (user: Named, group: Named, when: Assumptions) =>
      this.groups.set(user.key, [...(this.groups.get(user.key) ?? []), { group, when }]);
    for (const user of this.reader.model.ofType('AWS::IAM::User')) {
      for (const { value, when } of branchesOf(at(user, 'Groups'))) {
        add(this.ownNamed('User', user), this.named('Group', value, user.template), when);
      }
    }
    for (const addition of this.reader.model.ofType('AWS::IAM::UserToGroupAddition')) {
      for (const { value: group } of branchesOf(at(addition, 'GroupName'))) {
        for (const { value, when } of branchesOf(at(addition, 'Users'))) {
          const user = this.named('User', value, addition.template);
          add(user, this.named('Group', group, addition.template), { ...when, ...guard(addition, user.resource) });
        }
      }
    }
  }

  private named(kind: Kind, value: Value, template: string): Named {
    const [resource] = this.reader.find(value, template, `AWS::IAM::${kind}`);
    if (resource) return this.ownNamed(kind, resource);
    const name = this.reader.names.text(value, template) ?? '<unknown>';
    const named = { key: `${kind} ${name}`, kind, name, template };
    this.outside.set(named.key, this.outside.get(named.key) ?? named);
    return named;
  }

  private ownNamed(kind: Kind, resource: Resource): Named {
    return { key: resource.id, kind, resource, name: displayName(resource), template: resource.template };
  }

  private ofResource(resource: Resource): Identity {
    const boundary = this.reader.boundary(resource);
    const inline = this.reader.inline(resource);
    const managed = this.reader.managedAt(resource, 'ManagedPolicyArns');
    const attached = this.policies.get(resource.id) ?? [];
    return {
      principal: principalOf(resource),
      resource,
      template: resource.template,
      policies: [...inline, ...attached, ...managed, ...this.ofGroups(resource.id)],
      ...(boundary && { boundary }),
    };
  }

  private ofName({ key, kind, name, template }: Named): Identity {
    const principal: Principal = { kind: kind.toLowerCase() as Lowercase<Kind>, name: withoutBasis(name) };
    return { principal, template, policies: [...(this.policies.get(key) ?? []), ...this.ofGroups(key)] };
  }

  /** A user's access through groups. */
  private ofGroups(key: string): readonly Policy[] {
    return (this.groups.get(key) ?? []).flatMap(({ group, when }) => {
      const attached = this.policies.get(group.key) ?? [];
      const { resource } = group;
      const own = resource
        ? [...this.reader.inline(resource), ...this.reader.managedAt(resource, 'ManagedPolicyArns')]
        : [];
      return [...own, ...attached].map((policy) => withGuards(policy, when));
    });
  }
}

/** A conditional policy applies only under its condition, unless its holder has the same one. */
function guard(policy: Resource, identity: Resource | undefined): Assumptions {
  const { condition } = policy.attributes;
  return condition === undefined || condition === identity?.attributes.condition ? {} : { [condition]: true };
}
