import { managedPolicy, managedPolicyName } from './managed-policies';
import { listOf } from './policy';
import { displayName } from '../model/display';
import type { Model, Resource } from '../model/model';
import type { Names } from '../model/names';
import { type Assumptions, at, eachBranch, literal } from '../model/select';
import type { Value } from '../model/values';
import { arnIndex } from './arn-index';
import { statementsOf, type TemplateStatement } from './documents';

/** The statements of one policy, and where they are. */
export interface Policy {
  /** For a reader: `Shop/Place/ServiceRole/DefaultPolicy`, `AWS-managed AdministratorAccess`. */
  readonly name: string;
  /** The resource that holds it, or names it. */
  readonly holder: Resource;
  /** Its path in the holder: `Policies.0.PolicyDocument`, `ManagedPolicyArns.0`. */
  readonly property: string;
  /** The name of a policy that AWS manages: `AdministratorAccess`. */
  readonly managed?: string;
  /** Its statements in every branch. */
  readonly statements: readonly TemplateStatement[];
}

const EVERYTHING = { Effect: 'Allow', Action: '*', Resource: '*' } as const;

const MANAGED = 'AWS-managed ';

/** Whether a policy's name is that of one whose text AWS writes. */
export function isManaged(policy: string): boolean {
  return policy.startsWith(MANAGED) && managedPolicy(policy.slice(MANAGED.length)) !== undefined;
}

/** A value, and the template conditions under which it is present. */
export interface Conditional {
  readonly value: Value;
  readonly when: Assumptions;
}

/** Reads a template's policies, each document once. */
export class PolicyReader {
  private readonly documents = new Map<string, Policy>();
  private readonly inlines = new Map<string, readonly Policy[]>();
  private readonly named = new Set<string>();

  constructor(
    readonly model: Model,
    readonly names: Names,
  ) {}

  /** The resources of a type that a value names. */
  find(value: Value, template: string, ...types: readonly string[]): readonly Resource[] {
    return arnIndex(this.model, this.names).named(value, template, ...types);
  }

  /** The policies in the `Policies` of an identity. */
  inline(identity: Resource): readonly Policy[] {
    const known = this.inlines.get(identity.id);
    if (known) return known;
    const made = this.readInline(identity);
    this.inlines.set(identity.id, made);
    return made;
  }

  private readInline(identity: Resource): readonly Policy[] {
    return branchesOf(at(identity, 'Policies')).map(({ value, when }, index) => {
      const name = literal(at(value, 'PolicyName'));
      const property = `Policies.${index}.PolicyDocument`;
      const policy = {
        name: `${displayName(identity)}${typeof name === 'string' ? ` (${name})` : ''}`,
        holder: identity,
        property,
        statements: this.statements(at(value, 'PolicyDocument'), identity, property),
      };
      return withGuards(policy, when);
    });
  }

  /** The managed policies that an identity lists by ARN. */
  managedAt(identity: Resource, property: string): readonly Policy[] {
    return branchesOf(at(identity, property)).map(({ value, when }, index) =>
      withGuards(this.managed(value, identity, `${property}.${index}`), when),
    );
  }

  /** A policy that an identity names by its ARN. */
  managed(value: Value, identity: Resource, property: string): Policy {
    const place = { holder: identity, property };
    const [target] = this.find(value, identity.template, 'AWS::IAM::ManagedPolicy');
    if (target) return this.named.add(target.id) && this.document(target);
    const arn = this.names.text(value, identity.template);
    const name = arn === undefined ? undefined : managedPolicyName(arn);
    const known = name === undefined ? undefined : managedPolicy(name);
    if (name !== undefined && known) {
      const statements = listOf(known.document.Statement).map((statement) => ({ ...place, statement, when: {} }));
      return { ...place, name: `${MANAGED}${name}`, managed: name, statements };
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

  /** The boundary of an identity; in branches without one, it limits nothing. */
  boundary(identity: Resource, property = 'PermissionsBoundary'): Policy | undefined {
    const branches = eachBranch(at(identity, property));
    const given = branches.flatMap(({ value, when }) =>
      value === undefined ? [] : [withGuards(this.managed(value, identity, property), when)],
    );
    const [first, ...others] = given;
    if (!first) return undefined;
    const place = { holder: identity, property };
    const unlimited = branches
      .filter(({ value }) => value === undefined)
      .map(({ when }) => ({ ...place, when, statement: EVERYTHING }));
    const statements = [...first.statements, ...others.flatMap((one) => one.statements), ...unlimited];
    return others.length + unlimited.length === 0 ? first : { ...place, name: first.name, statements };
  }

  /** A policy that is a separate resource. */
  document(policy: Resource, property = 'PolicyDocument'): Policy {
    const known = this.documents.get(policy.id);
    if (known) return known;
    const statements = this.statements(at(policy, property), policy, property);
    const made = { name: displayName(policy), holder: policy, property, statements };
    this.documents.set(policy.id, made);
    return made;
  }

  /** Whether an identity names a policy, or the policy attaches itself. */
  isNamed(policy: Resource): boolean {
    return this.named.has(policy.id);
  }

  private statements(document: Value | undefined, holder: Resource, property: string): readonly TemplateStatement[] {
    return statementsOf(document, { holder, property, kind: 'identity', names: this.names });
  }
}

/** A policy under template conditions. */
export function withGuards(policy: Policy, when: Assumptions): Policy {
  if (Object.keys(when).length === 0) return policy;
  const statements = policy.statements
    .filter((statement) => Object.entries(when).every(([name, value]) => (statement.when[name] ?? value) === value))
    .map((statement) => ({ ...statement, when: { ...statement.when, ...when } }));
  return { ...policy, statements };
}

/** The items of a list, or a single value, each with the conditions under which it is present. */
export function branchesOf(value: Value | undefined): readonly Conditional[] {
  return eachBranch(value).flatMap(({ value: list, when }) => {
    if (list === undefined) return [];
    return (Array.isArray(list) ? (list as readonly Value[]) : [list]).flatMap((item) =>
      eachBranch(item).flatMap((inner) =>
        inner.value === undefined ? [] : [{ value: inner.value, when: { ...when, ...inner.when } }],
      ),
    );
  });
}
