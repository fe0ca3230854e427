import { managedPolicy, managedPolicyName } from './managed-policies';
import { type PolicyDocument, listOf } from './policy';
import { displayName } from '../model/display';
import { type Model, type Resource } from '../model/model';
import { type Names } from '../model/names';
import { type Assumptions, at, eachBranch, items, literal } from '../model/select';
import { type Value } from '../model/values';
import { statementsOf, type TemplateStatement } from './documents';

/** The statements of one policy, and where they stand. */
export interface Policy {
  /** For a reader: `Shop/Place/ServiceRole/DefaultPolicy`, `AWS-managed AdministratorAccess`. */
  readonly name: string;
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
    const inline = items(at(resource, 'Policies')).map((policy) => reader.inline(resource, policy));
    const managed = items(at(resource, 'ManagedPolicyArns')).map((arn) => reader.managed(arn, resource));
    const boundary = reader.boundary(resource);
    return {
      resource,
      policies: [...inline, ...(attached.get(resource.id) ?? []), ...managed],
      ...(boundary && { boundary }),
    };
  });
}

/** Reads policies wherever a template has them. */
class PolicyReader {
  private readonly byName: ReadonlyMap<string, Resource>;
  private readonly managedByArn: ReadonlyMap<string | undefined, Resource>;
  private readonly documents = new Map<string, Policy>();

  constructor(
    private readonly model: Model,
    private readonly names: Names,
  ) {
    const identities = model.ofType(...IDENTITIES);
    this.byName = new Map(identities.map((resource) => [`${resource.type}/${names.attribute(resource)}`, resource]));
    this.managedByArn = new Map(model.ofType('AWS::IAM::ManagedPolicy').map((policy) => [names.arn(policy), policy]));
  }

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
  inline(identity: Resource, policy: Value): Policy {
    const name = literal(at(policy, 'PolicyName'));
    return {
      name: `${displayName(identity)}${typeof name === 'string' ? ` (${name})` : ''}`,
      statements: statementsOf(at(policy, 'PolicyDocument'), 'identity', this.names, identity.template),
    };
  }

  /** A policy that an identity names by its ARN. */
  managed(value: Value, identity: Resource): Policy {
    const arn = this.names.text(value, identity.template);
    const target = this.model.target(value) ?? this.managedByArn.get(arn);
    if (target) return this.document(target);
    const name = arn === undefined ? undefined : managedPolicyName(arn);
    const known = name === undefined ? undefined : managedPolicy(name);
    if (name !== undefined && known)
      return { name: `AWS-managed ${name}`, statements: plainStatements(known.document) };
    const problem =
      name !== undefined
        ? `the AWS-managed policy '${name}' is not known here`
        : `the policy '${arn ?? 'that is chosen at deployment'}' is not part of what was read`;
    return { name: name ?? arn ?? 'unknown', statements: [{ when: {}, problem }] };
  }

  /** The boundary of an identity. */
  boundary(identity: Resource): Policy | undefined {
    const [value] = items(at(identity, 'PermissionsBoundary'));
    return value === undefined ? undefined : this.managed(value, identity);
  }

  private document(policy: Resource): Policy {
    const known = this.documents.get(policy.id);
    if (known) return known;
    const statements = statementsOf(at(policy, 'PolicyDocument'), 'identity', this.names, policy.template);
    const made = { name: displayName(policy), statements };
    this.documents.set(policy.id, made);
    return made;
  }

  private identity(kind: string, value: Value, template: string): Resource | undefined {
    return this.model.target(value) ?? this.byName.get(`${kind}/${this.names.text(value, template)}`);
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

function plainStatements({ Version, Statement }: PolicyDocument): readonly TemplateStatement[] {
  return listOf(Statement).map((statement) => ({ statement, version: Version, when: {} }));
}
