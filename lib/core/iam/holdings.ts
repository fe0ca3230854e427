import type { Statement } from './policy';
import { displayName } from '../model/display';
import type { Model } from '../model/model';
import { at } from '../model/select';
import { type AccessNames, isOpen } from './access-names';
import { Admission } from './admission';
import { Callers, type RoleUsers } from './callers';
import { granteeHoldings } from './grantees';
import { type Grant, grantsOf, needing } from './grants';
import type { TemplateStatement } from './documents';
import type { Identity } from './identities';
import type { Policy } from './policy-reader';
import { withinBoundary, withoutDenied } from './limits';
import { entriesOf } from './principal-match';
import { type Principal, principalOf } from './principals';
import { isOfOpenApi, publicHoldings } from './public-access';
import type { ResourcePolicy } from './resource-policies';
import { type RoleUser, roleUsers } from './role-users';

/** The source of a grant. */
export type Through = 'identity policy' | 'resource policy' | 'endpoint policy' | 'setting';

/** Grants of some principals: by one role, or by one resource policy. */
export interface Holding {
  /** The principals; several if they share a role. */
  readonly principals: readonly Principal[];
  /** Ids of the resources that use the role; empty for grants of a resource policy. */
  readonly ids: readonly string[];
  /** The role, user or group, if it is in the model. */
  readonly identity?: Identity;
  /** By what. */
  readonly through: Through;
  /** The allows and denies, after applying boundaries and full denies. */
  readonly grants: readonly Grant[];
  /** The grants of a resource policy with the caller as part of their conditions, in the order of `grants`. */
  readonly requested?: readonly Grant[];
}

/** The input of holdings: a model's parsed policies. */
export interface ReadPolicies {
  /** The model. */
  readonly model: Model;
  /** The names to compare resources by. */
  readonly names: AccessNames;
  /** Every identity with its policies. */
  readonly identities: readonly Identity[];
  /** Every resource policy. */
  readonly resourcePolicies: readonly ResourcePolicy[];
  /** Statements in properties not known to hold policies. */
  readonly swept: readonly TemplateStatement[];
}

/** The access of all or selected principals by a model's policies. */
export class Holdings {
  private readonly users: RoleUsers;
  private readonly admission: Admission;
  private readonly known = new Map<Identity, Holding>();
  private rest?: readonly Holding[];

  constructor(private readonly read: ReadPolicies) {
    this.users = roleUsers(read.model, read.names.names);
    this.admission = new Admission(() => this.others, read.names);
  }

  /** Everything. */
  all(): readonly Holding[] {
    const { model, names, identities } = this.read;
    const outside = [...this.users]
      .filter(([key]) => !model.resources.has(key))
      .map(([arn, those]) => ofOutsideRole(arn, those, names));
    return [...identities.map((identity) => this.of(identity)), ...outside, ...this.others];
  }

  /** The grants of an identity's policies. */
  of(identity: Identity): Holding {
    const known = this.known.get(identity);
    if (known) return known;
    const made = this.admission.applied(ofIdentity(identity, this.users));
    this.known.set(identity, made);
    return made;
  }

  /** Grants from other sources than identity policies. */
  get others(): readonly Holding[] {
    if (this.rest) return this.rest;
    const { model, names: access, resourcePolicies, swept } = this.read;
    const callers = new Callers(access, this.users);
    return (this.rest = [
      ...ofResourcePolicies(resourcePolicies, model, access, this.users, callers),
      ...ofEndpoints(model, resourcePolicies, access),
      ...ofSwept(swept, callers),
      ...publicHoldings(model, access, resourcePolicies),
      ...granteeHoldings(model, access, callers),
    ]);
  }
}

function ofIdentity(identity: Identity, users: RoleUsers): Holding {
  const { resource, principal, policies, boundary, members = [] } = identity;
  const those = resource ? (users.get(resource.id) ?? []) : namedUsers(identity, users);
  const rest = resource || those.length > 0 ? [] : grantsOf(unreadRest(identity), principal.name);
  const own = [...policies.flatMap(toGrants), ...rest];
  const limits = boundary ? toGrants(boundary) : [];
  const denies = [...own, ...limits].filter(({ effect }) => effect === 'Deny');
  const allows = own.filter(({ effect }) => effect === 'Allow');
  return {
    principals: those.length > 0 ? those.map((user) => user.principal) : [principal, ...members],
    ids: those.length > 0 ? those.map(({ id }) => id) : resource ? [resource.id] : [],
    identity,
    through: 'identity policy',
    grants: [...withoutDenied(boundary ? withinBoundary(allows, limits) : allows, denies), ...denies],
  };
}

/** The users of a role that the template only names: by ARN, or by the source of its name. */
function namedUsers({ principal: { kind, name } }: Identity, users: RoleUsers): readonly RoleUser[] {
  if (kind !== 'role') return [];
  const last = name.replace(/^.*\//, '');
  const inner = last.replace(/[<>]/g, '');
  return [...users]
    .filter(
      ([key]) =>
        key.replace(/^.*\//, '') === last || (isOpen(last) && inner.endsWith(` of ${key.replace(/[<>]/g, '')}`)),
    )
    .flatMap(([, those]) => those);
}

/** Unknown access of a principal that a template only names. */
function unreadRest({ principal: { kind, name } }: Identity) {
  return { when: {}, problem: `the other policies of the ${kind} '${name}' are not part of what was read` };
}

function toGrants({ name, statements }: Policy): readonly Grant[] {
  return statements.flatMap((statement) => grantsOf(statement, name));
}

function ofOutsideRole(arn: string, users: readonly RoleUser[], access: AccessNames): Holding {
  const problem = `the role '${access.show(arn)}' is not part of what was read`;
  return {
    principals: users.map(({ principal }) => principal),
    ids: users.map(({ id }) => id),
    through: 'identity policy',
    grants: grantsOf({ when: {}, problem }, arn),
  };
}

function ofResourcePolicies(
  policies: readonly ResourcePolicy[],
  model: Model,
  access: AccessNames,
  users: RoleUsers,
  callers: Callers,
): readonly Holding[] {
  return policies.flatMap((policy) => {
    const { name, targets, role, statements } = policy;
    const ofRoutes = isOfOpenApi(policy, model);
    return (role === 'endpoint' ? [] : statements).flatMap((item) => {
      const { statement } = item;
      if (statement && isOwnService(statement, targets, access, users)) return [];
      const grants = grantsOf(item, name, targets.length > 0 ? targets : ['*']);
      if (!statement) return [{ principals: [ANYONE], ids: [], through: 'resource policy' as const, grants }];
      return callers.of(statement).flatMap(({ principals, source, who }): Holding[] => {
        if (ofRoutes && statement.Effect === 'Allow' && principals.some(({ kind }) => kind === 'anyone')) return [];
        const known = source === undefined ? grants : grants.map((grant) => withoutSource(grant, source));
        const requested = grants.map((grant) => ({
          ...grant,
          conditions: [...grant.conditions, ...who],
        }));
        return [{ principals, ids: [], through: 'resource policy', grants: known, requested }];
      });
    });
  });
}

/** Access through VPC endpoints: by their policies, or everything without one. */
function ofEndpoints(model: Model, policies: readonly ResourcePolicy[], access: AccessNames): readonly Holding[] {
  return model.ofType('AWS::EC2::VPCEndpoint').map((endpoint): Holding => {
    const statements = policies.filter(({ about }) => about[0] === endpoint).flatMap((policy) => policy.statements);
    const name = displayName(endpoint);
    const grants =
      statements.length === 0 && at(endpoint, 'PolicyDocument') === undefined
        ? grantsOf({ statement: { Effect: 'Allow', Action: '*', Resource: '*' }, when: {} }, name)
        : statements.flatMap((item) => grantsOf(item, name).map((grant) => throughEndpoint(grant, item, access)));
    return {
      principals: [principalOf(endpoint)],
      ids: [endpoint.id],
      through: 'endpoint policy',
      grants: grants.map((grant) => needing(grant, 'a policy of the caller allows it too')),
    };
  });
}

function throughEndpoint(grant: Grant, { statement }: TemplateStatement, access: AccessNames): Grant {
  const { Principal, NotPrincipal } = statement ?? {};
  const names = entriesOf(Principal ?? NotPrincipal ?? '*').map(([, name]) => access.show(name));
  if (NotPrincipal === undefined && names.includes('*')) return grant;
  return needing(grant, `the caller is ${NotPrincipal === undefined ? '' : 'not '}${names.join(' or ')}`);
}

/** Statements in properties not known to hold policies: whether they allow anything is unknown. */
function ofSwept(statements: readonly TemplateStatement[], callers: Callers): readonly Holding[] {
  return statements.flatMap((item) => {
    const { holder, property, statement } = item;
    const path = property.replace(/\.\d+(?=\.|$)/g, '.*');
    const place = path === '' ? holder.type : `'${path}' of ${holder.type}`;
    const problem = `${place} is not known to be a policy${item.problem === undefined ? '' : `; ${item.problem}`}`;
    const grants = grantsOf(item, displayName(holder)).map((grant) => ({ ...grant, problem }));
    const named = statement && (statement.Principal ?? statement.NotPrincipal) !== undefined;
    const principals = named ? callers.of(statement).flatMap((one) => one.principals) : [principalOf(holder)];
    return [{ principals, ids: [], through: named ? 'resource policy' : 'identity policy', grants } as const];
  });
}

/** A service assuming the role of its own resource is implied. */
function isOwnService(
  { Principal }: Statement,
  targets: readonly string[],
  access: AccessNames,
  users: RoleUsers,
): boolean {
  const role = access.find(targets[0] ?? '')?.resource;
  const services = (users.get(role?.id ?? '') ?? []).map(({ service }) => service);
  return (
    Principal !== undefined &&
    entriesOf(Principal).every(([type, name]) => type === 'Service' && services.includes(name))
  );
}

/** The principal itself expresses the condition on the source. */
function withoutSource(grant: Grant, source: string): Grant {
  const conditions = grant.conditions.filter(
    ({ key, values }) => key.toLowerCase() !== 'aws:sourcearn' || values.length !== 1 || values[0] !== source,
  );
  return { ...grant, conditions };
}

const ANYONE: Principal = { kind: 'anyone', name: '*' };
