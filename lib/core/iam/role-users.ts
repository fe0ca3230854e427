import { displayName } from '../model/display';
import type { Model, Resource } from '../model/model';
import type { Names } from '../model/names';
import { at, eachBranch, isMap, toBoolean } from '../model/select';
import type { Value } from '../model/values';
import { type ArnIndex, arnIndex } from './arn-index';
import { type Principal, principalOf } from './principals';
import { ROLE_USES, rolesOf, valuesAt } from './role-uses';

/** A resource that uses a role. */
export interface RoleUser {
  /** Who it is. */
  readonly principal: Principal;
  /** The id of the resource. */
  readonly id: string;
  /** The service that assumes the role for it, if known. */
  readonly service?: string;
}

/** Where CloudFormation types name an instance profile. */
const PROFILE_USES: Readonly<Record<string, readonly string[]>> = {
  'AWS::AutoScaling::LaunchConfiguration': ['IamInstanceProfile'],
  'AWS::EC2::Instance': ['IamInstanceProfile'],
  'AWS::EC2::LaunchTemplate': [
    'LaunchTemplateData.IamInstanceProfile.Arn',
    'LaunchTemplateData.IamInstanceProfile.Name',
  ],
};

/** The users of each role, by the role's id in the model, or by the ARN of an external role. */
export function roleUsers(model: Model, names: Names): ReadonlyMap<string, readonly RoleUser[]> {
  return new Users(model, names).read();
}

class Users {
  private readonly found = new Map<string, RoleUser[]>();
  private readonly index: ArnIndex;

  constructor(
    private readonly model: Model,
    private readonly names: Names,
  ) {
    this.index = arnIndex(model, names);
  }

  read(): ReadonlyMap<string, readonly RoleUser[]> {
    for (const resource of this.model.resources.values()) {
      const roles = rolesOf(resource);
      if (roles.length > 0) this.work(resource, roles);
    }
    this.model.ofType('AWS::Cognito::IdentityPoolRoleAttachment').forEach((roles) => this.unauthenticated(roles));
    this.instances();
    return this.found;
  }

  private work(resource: Resource, roles: readonly Value[]): void {
    const { kind, service, owner: named } = ROLE_USES[resource.type] ?? {};
    const owner = (named && this.model.target(resource.properties[named])) || resource;
    const principal = kind ? { kind, name: displayName(owner) } : principalOf(owner);
    const user = { principal, id: owner.id, service };
    for (const value of roles) {
      for (const key of this.keysOf(value, resource.template, 'AWS::IAM::Role'))
        if (isRole(key, service)) this.add(key, user);
    }
  }

  /** Guests are everyone, unless the pool allows none. */
  private unauthenticated(attachment: Resource): void {
    const pool = this.model.target(at(attachment, 'IdentityPoolId'));
    const takes = eachBranch(pool && at(pool, 'AllowUnauthenticatedIdentities'));
    if (takes.every(({ value }) => toBoolean(value) === false)) return;
    const owner = pool ?? attachment;
    const service = 'cognito-identity.amazonaws.com';
    const user = {
      principal: { kind: 'anyone', name: `* as a guest of ${displayName(owner)}` },
      id: owner.id,
      service,
    } as const;
    for (const value of valuesAt(attachment, 'Roles.unauthenticated')) {
      for (const key of this.keysOf(value, attachment.template, 'AWS::IAM::Role')) this.add(key, user);
    }
  }

  private instances(): void {
    const used = new Set<Resource>();
    for (const [type, paths] of Object.entries(PROFILE_USES)) {
      for (const resource of this.model.ofType(type)) {
        const user = instance(resource);
        for (const value of paths.flatMap((path) => valuesAt(resource, path))) {
          const profiles = this.index.named(value, resource.template, 'AWS::IAM::InstanceProfile');
          profiles.forEach((profile) => used.add(this.ofProfile(profile, user)));
          if (profiles.length === 0) this.keysOf(value, resource.template, '').forEach((key) => this.add(key, user));
        }
      }
    }
    for (const profile of this.model.ofType('AWS::IAM::InstanceProfile')) {
      if (!used.has(profile)) this.ofProfile(profile, instance(profile));
    }
  }

  private ofProfile(profile: Resource, user: RoleUser): Resource {
    for (const role of valuesAt(profile, 'Roles')) {
      this.keysOf(role, profile.template, 'AWS::IAM::Role').forEach((key) => this.add(key, user));
    }
    return profile;
  }

  private keysOf(value: Value, template: string, type: string): readonly string[] {
    const found = this.index.named(value, template, type);
    if (found.length > 0) return found.map(({ id }) => id);
    const text = isMap(value) ? undefined : this.names.text(value, template);
    return text === undefined ? [] : [text];
  }

  private add(key: string, user: RoleUser): void {
    const known = this.found.get(key) ?? [];
    const { kind, name } = user.principal;
    if (!known.some(({ principal }) => principal.name === name && principal.kind === kind)) known.push(user);
    this.found.set(key, known);
  }
}

function instance(resource: Resource): RoleUser {
  return {
    principal: { kind: 'instance', name: displayName(resource) },
    id: resource.id,
    service: 'ec2.amazonaws.com',
  };
}

/**
 * Whether text names a role: not an API's setting to call with its caller's credentials and, for a type that is not
 * known to use roles, not a word for another kind of role, such as `READ_WRITE`.
 */
function isRole(text: string, service: string | undefined): boolean {
  if (/^arn:[^:]*:iam::\*:user\/\*$/.test(text)) return false;
  return text !== '' && (service !== undefined || !/^(?:[A-Z_]+|true|false)$/.test(text));
}
