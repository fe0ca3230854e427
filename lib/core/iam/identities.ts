import { managedPolicy, managedPolicyName } from './managed-policies';
import { listOf } from './policy';
import { displayName } from '../model/display';
import { type Model, type Resource } from '../model/model';
import { type Names } from '../model/names';
import { type Assumptions, at, eachBranch, items, literal } from '../model/select';
import { type Value } from '../model/values';
import { arnIndex } from './arn-index';
import { statementsOf, type TemplateStatement } from './documents';

/** The statements of one policy, and where they stand. */
export interface Policy {
  /** For a reader: `Shop/Place/ServiceRole/DefaultPolicy`, `AWS-managed AdministratorAccess`. */
  readonly name: string;
  /** The resource that holds it, or names it. */
  readonly holder: Resource;
  /** Where it stands in the holder: `Policies.0.PolicyDocument`, `ManagedPolicyArns.0`. */
  readonly property: string;
  /** The name of a policy that AWS manages: `AdministratorAccess`. */
  readonly managed?: string;
  /** Its statements in every branch. */
  readonly statements: readonly TemplateStatement[];
}

/** A role, user or group of the model with its policies. */
export interface Identity {
  /** The resource. */
  readonly resource: Resource;
  /** Inline, attached and managed. */
  readonly policies: readonly Policy[];
  /** Its boundary; undefined when it has none. */
  readonly boundary?: Policy;
}

const IDENTITIES = ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'];
const ATTACHED = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'];
const OWN = ['AWS::IAM::RolePolicy', 'AWS::IAM::UserPolicy', 'AWS::IAM::GroupPolicy'];

/** Every role, user and group of a model with all its policies. */
export function identitiesOf(model: Model, names: Names): readonly Identity[] {
  const reader = new PolicyReader(model, names);
  const attached = reader.attachments();
  return model.ofType(...IDENTITIES).map((resource) => {
    const inline = branchesOf(at(resource, 'Policies')).map(({ value, when }, index) =>
      withGuards(reader.inline(resource, value, index), when),
    );
    const managed = branchesOf(at(resource, 'ManagedPolicyArns')).map(({ value, when }, index) =>
      withGuards(reader.managed(value, resource, `ManagedPolicyArns.${index}`), when),
    );
    const boundary = reader.boundary(resource);
    return {
      resource,
      policies: [...inline, ...(attached.get(resource.id) ?? []), ...managed],
      ...(boundary && { boundary }),
    };
  });
}

/** Every policy document of a model that says what somebody may do: in an identity, attached to one, or to none. */
export function identityPoliciesOf(model: Model, names: Names): readonly Policy[] {
  const reader = new PolicyReader(model, names);
  return [
    ...model
      .ofType(...IDENTITIES)
      .flatMap((resource) => items(at(resource, 'Policies')).map((one, index) => reader.inline(resource, one, index))),
    ...model.ofType(...ATTACHED, ...OWN).map((policy) => reader.document(policy)),
  ];
}

/** Reads policies wherever a template has them. */
class PolicyReader {
  private readonly documents = new Map<string, Policy>();

  constructor(
    private readonly model: Model,
    private readonly names: Names,
  ) {}

  /** The policies that attach themselves, by the id of what they attach to. */
  attachments(): ReadonlyMap<string, readonly Policy[]> {
    const found = new Map<string, Policy[]>();
    const attach = (policy: Resource, kind: string, value: Value, when: Assumptions): void => {
      const identity = this.identity(kind, value, policy.template);
      if (!identity) return;
      const made = withGuards(this.document(policy), { ...when, ...guard(policy, identity) });
      found.set(identity.id, [...(found.get(identity.id) ?? []), made]);
    };
    for (const policy of this.model.ofType(...ATTACHED, ...OWN)) {
      for (const kind of ['Role', 'User', 'Group']) {
        const own = policy.type === `AWS::IAM::${kind}Policy` ? at(policy, `${kind}Name`) : undefined;
        for (const { value, when } of [...branchesOf(at(policy, `${kind}s`)), ...branchesOf(own)]) {
          attach(policy, `AWS::IAM::${kind}`, value, when);
        }
      }
    }
    return found;
  }

  /** A policy in the `Policies` of an identity. */
  inline(identity: Resource, policy: Value, index: number): Policy {
    const name = literal(at(policy, 'PolicyName'));
    const property = `Policies.${index}.PolicyDocument`;
    return {
      name: `${displayName(identity)}${typeof name === 'string' ? ` (${name})` : ''}`,
      holder: identity,
      property,
      statements: this.statements(at(policy, 'PolicyDocument'), identity, property),
    };
  }

  /** A policy that an identity names by its ARN. */
  managed(value: Value, identity: Resource, property: string): Policy {
    const place = { holder: identity, property };
    const [target] = arnIndex(this.model, this.names).named(value, identity.template, 'AWS::IAM::ManagedPolicy');
    if (target) return this.document(target);
    const arn = this.names.text(value, identity.template);
    const name = arn === undefined ? undefined : managedPolicyName(arn);
    const known = name === undefined ? undefined : managedPolicy(name);
    if (name !== undefined && known) {
      const statements = listOf(known.document.Statement).map((statement) => ({ ...place, statement, when: {} }));
      return { ...place, name: `AWS-managed ${name}`, managed: name, statements };
    }
    const problem =
      name !== undefined
        ? `the AWS-managed policy '${name}' is not known here`
        : `the policy '${arn ?? 'that is chosen at deployment'}' is not part of what was read`;
    return {
      ...place,
      name: name ?? arn ?? 'unknown',
      ...(name !== undefined && { managed: name }),
      statements: [{ ...place, when: {}, problem }],
    };
  }

  /** The boundary of an identity. */
  boundary(identity: Resource): Policy | undefined {
    const [value] = items(at(identity, 'PermissionsBoundary'));
    return value === undefined ? undefined : this.managed(value, identity, 'PermissionsBoundary');
  }

  /** A policy that is a resource of its own. */
  document(policy: Resource): Policy {
    const known = this.documents.get(policy.id);
    if (known) return known;
    const property = 'PolicyDocument';
    const statements = this.statements(at(policy, property), policy, property);
    const made = { name: displayName(policy), holder: policy, property, statements };
    this.documents.set(policy.id, made);
    return made;
  }

  private statements(document: Value | undefined, holder: Resource, property: string): readonly TemplateStatement[] {
    return statementsOf(document, { holder, property, kind: 'identity', names: this.names });
  }

  private identity(kind: string, value: Value, template: string): Resource | undefined {
    return arnIndex(this.model, this.names).named(value, template, kind)[0];
  }
}

/** A policy that only exists under a condition applies only then, unless what it attaches to has the same. */
function guard(policy: Resource, identity: Resource): Assumptions {
  const { condition } = policy.attributes;
  return condition === undefined || condition === identity.attributes.condition ? {} : { [condition]: true };
}

function withGuards(policy: Policy, when: Assumptions): Policy {
  if (Object.keys(when).length === 0) return policy;
  const statements = policy.statements
    .filter((statement) => Object.entries(when).every(([name, value]) => (statement.when[name] ?? value) === value))
    .map((statement) => ({ ...statement, when: { ...statement.when, ...when } }));
  return { ...policy, statements };
}

/** The items of a list, each with the conditions under which it is in it. */
function branchesOf(value: Value | undefined): readonly { readonly value: Value; readonly when: Assumptions }[] {
  return eachBranch(value).flatMap(({ value: list, when }) => {
    if (list === undefined) return [];
    return (Array.isArray(list) ? (list as readonly Value[]) : [list]).flatMap((item) =>
      eachBranch(item).flatMap((inner) =>
        inner.value === undefined ? [] : [{ value: inner.value, when: { ...when, ...inner.when } }],
      ),
    );
  });
}
