import { displayName } from '../model/display';
import { grouped } from '../model/indexed';
import type { Model, Resource } from '../model/model';
import type { Value } from '../model/values';
import { AccessNames, isOpen } from './access-names';
import { expand } from './action-set';
import { covers, overlaps } from './coverage';
import type { TemplateStatement } from './documents';
import { type Grant, inWords, NEEDS } from './grants';
import { type Holding, Holdings } from './holdings';
import { identitiesOf, type Identity, identityPoliciesOf } from './identities';
import type { Statement } from './policy';
import { type Policy, PolicyReader } from './policy-reader';
import { sweptStatements } from './sweep';
import { deniesAll } from './limits';
import type { Principal } from './principals';
import { type ResourcePolicy, resourcePoliciesOf } from './resource-policies';
import { parseArn } from '../arn';
import { through, type Via } from './via-service';

/** Whether a principal may do something, as far as templates show. */
export interface Allowance {
  /** Unconditionally, under conditions, not at all, or unknown. */
  readonly verdict: 'allowed' | 'conditional' | 'denied' | 'unknown';
  /** Conditions or problems, in words. */
  readonly reasons: readonly string[];
}

/** A statement of a resource policy, with its resource. */
export interface ResourceStatement extends TemplateStatement {
  /** The policy that it stands in. */
  readonly policy: ResourcePolicy;
}

const known = new WeakMap<Model, ModelAccess>();

/** The policies of a model, read lazily and once. */
export class ModelAccess {
  /** The cached access of a model. */
  static of(model: Model): ModelAccess {
    const existing = known.get(model);
    if (existing) return existing;
    const made = new ModelAccess(model);
    known.set(model, made);
    return made;
  }

  /** The names to compare resources by. */
  readonly names: AccessNames;
  private readonly read = new Map<string, unknown>();

  private constructor(readonly model: Model) {
    this.names = new AccessNames(model);
  }

  /** Every role, user and group with its policies. */
  get identities(): readonly Identity[] {
    return this.once('identities', () => identitiesOf(this.model, this.names.names, this.reader));
  }

  /** Every identity policy. */
  get identityPolicies(): readonly Policy[] {
    return this.once('identityPolicies', () => identityPoliciesOf(this.reader));
  }

  /** Every resource policy. */
  get resourcePolicies(): readonly ResourcePolicy[] {
    return this.once('resourcePolicies', () => resourcePoliciesOf(this.model, this.names.names));
  }

  /** Statements in properties not known to hold policies. */
  get swept(): readonly TemplateStatement[] {
    return this.once('swept', () => sweptStatements(this.model, this.names.names));
  }

  get holdings(): readonly Holding[] {
    return this.once('holdings', () => this.held.all());
  }

  private get held(): Holdings {
    return this.once('held', () => new Holdings(this));
  }

  /** The statements of the policies of a resource. */
  statementsAbout(resource: Resource): readonly ResourceStatement[] {
    const byResource = this.once('statementsAbout', () => {
      const found = new Map<string, ResourceStatement[]>();
      for (const policy of this.resourcePolicies) {
        for (const { id } of policy.about) {
          const statements = found.get(id) ?? [];
          statements.push(...policy.statements.map((statement) => ({ ...statement, policy })));
          found.set(id, statements);
        }
      }
      return found;
    });
    return byResource.get(resource.id) ?? [];
  }

  /** The grants and denies of a role, user or group of the model, as far as its policies are readable. */
  statementsOf(resource: Resource): readonly Statement[] {
    const byId = this.once('statementsOf', () => new Map<string, readonly Statement[]>());
    const known = byId.get(resource.id);
    if (known) return known;
    const policies = this.identity(resource)?.policies ?? [];
    const found = policies.flatMap(({ statements }) => statements.flatMap(({ statement }) => statement ?? []));
    byId.set(resource.id, found);
    return found;
  }

  /** The identity of a resource of the model. */
  identity(resource: Resource): Identity | undefined {
    const byId = this.once('identity', () => new Map(this.identities.map((one) => [one.resource?.id, one])));
    return byId.get(resource.id);
  }

  /**
   * Whether a principal may perform an action on a target.
   * @param principal a role, user or group of the model, or the name of a principal
   * @param target an ARN or a pattern of ARNs
   * @param via the service that acts on the caller's behalf
   */
  allows(principal: Resource | string, action: string, target: string, via?: Via): Allowance {
    const { open, ...grants } = this.grants(principal, target);
    const mayBeSame = (pattern: string, arn: string) => this.mayBeSame(pattern, arn);
    const counting = (all: readonly Grant[]) => (via ? all.flatMap((grant) => through(via, grant, mayBeSame)) : all);
    const [allows, denies] = [counting(grants.allows), counting(grants.denies)];
    const naming = allows.filter((grant) => names(grant, action));
    const matching = naming.filter(
      ({ resource, except }) => covers(resource, target) && !except.some((one) => covers(one, target)),
    );
    const effective = matching.filter(
      (grant) => !denies.some((deny) => names(deny, action) && deniesAll(deny, { ...grant, resource: target })),
    );
    const needing = effective.filter(({ conditions }) => conditions.some(({ operator }) => operator === NEEDS));
    const sure = effective.filter((grant) => !needing.includes(grant));
    if (sure.some(({ conditions }) => conditions.length === 0)) return { verdict: 'allowed', reasons: [] };
    if (sure.length > 0) return { verdict: 'conditional', reasons: this.conditionsOf(sure) };
    const part = naming.filter(({ resource }) => !covers(resource, target) && overlaps(resource, target));
    if (part.length > 0) return { verdict: 'conditional', reasons: part.map(({ resource }) => this.onPart(resource)) };
    const reasons = [
      ...this.conditionsOf(needing).map((words) => `only if ${words}`),
      ...open.filter((grant) => concerns(grant, action)).map(({ problem }) => this.names.showIn(problem!)),
      ...allows.filter((grant) => this.mayBe(grant, action, target)).map(({ resource }) => this.dependsOn(resource)),
    ];
    return reasons.length > 0
      ? { verdict: 'unknown', reasons: [...new Set(reasons)] }
      : { verdict: 'denied', reasons: [] };
  }

  /** Every principal with a grant or deny. */
  principals(): readonly Principal[] {
    const all = this.holdings.flatMap(({ principals }) => principals);
    return [...new Map(all.map((principal) => [`${principal.kind} ${principal.name}`, principal])).values()];
  }

  /**
   * The resource pattern for a text: an ARN or `*` as it is, a construct path with a suffix (`Shop/Orders/index/*`) as
   * the ARN of that resource. Undefined if there is no such resource.
   */
  pattern(text: string): string | undefined {
    if (text === '*' || text.startsWith('arn:')) return text;
    const replica = this.names.replicaArn(text);
    if (replica !== undefined) return replica;
    const named = [...this.model.resources.values()].filter((resource) => begins(text, displayName(resource)));
    const [best] = named.toSorted((a, b) => displayName(b).length - displayName(a).length);
    const arn = best && this.names.names.arn(best);
    return arn === undefined ? undefined : arn.replace(/:\*$/, '') + text.slice(displayName(best!).length);
  }

  /** Resources with an ARN at or below a construct path, for a wrapping construct. */
  below(path: string): readonly Resource[] {
    return [...this.model.resources.values()].filter(
      (resource) => begins(displayName(resource), path) && this.names.names.arn(resource) !== undefined,
    );
  }

  /** The resources that a value names. */
  named(value: Value | undefined, template: string, ...types: readonly string[]): readonly Resource[] {
    return this.names.index.named(value, template, ...types);
  }

  /** Every action of the resource's service that a principal may perform on it or a part of it. */
  actionsOn(principal: string, resource: string): ReadonlySet<string> {
    const service = parseArn(resource)?.service;
    const touching = this.grants(principal).allows.filter(({ resource: pattern }) => overlaps(pattern, resource));
    const all = touching.flatMap(({ actions }) => [...expand(actions)]);
    const own = all.filter((action) => service === undefined || action.startsWith(`${service}:`));
    return new Set(own.filter((action) => this.allows(principal, action, resource).verdict !== 'denied'));
  }

  /** Whether a grant that does not match an action on a target now may match at deployment. */
  private mayBe({ resource, actions }: Grant, action: string, target: string): boolean {
    const covered = covers(resource, target);
    if (!expand(actions).has(action)) return actions.patterns.some(isOpen) && (covered || isOpen(resource));
    return !covered && this.mayBeSame(resource, target);
  }

  /** Two resources of the model are distinct, whatever their names will be. */
  private mayBeSame(pattern: string, target: string): boolean {
    const [one, other] = [this.names.find(pattern), this.names.find(target)];
    return !(one && other) && this.names.mayBeSame(pattern, target);
  }

  private conditionsOf(grants: readonly Grant[]): readonly string[] {
    return grants.flatMap(({ conditions }) => inWords(conditions).map((words) => this.names.showIn(words)));
  }

  private onPart(resource: string): string {
    return `the resource is '${this.names.show(resource)}'`;
  }

  private dependsOn(resource: string): string {
    return `it depends on '${this.names.show(resource)}'`;
  }

  /** @param target what the denials for everybody that are about another resource alone are left out for */
  private grants(principal: Resource | string, target?: string): { allows: Grant[]; denies: Grant[]; open: Grant[] } {
    const all = this.holdingsBy(principal).flatMap(({ grants }) => grants);
    const judged = all.filter(({ problem }) => problem === undefined);
    return {
      allows: judged.filter(({ effect }) => effect === 'Allow'),
      denies: [...judged.filter(({ effect }) => effect === 'Deny'), ...this.denialsForEverybody(target)],
      open: all.filter(({ problem }) => problem !== undefined),
    };
  }

  /** Every queue and topic denies requests without TLS, so there is one per resource. */
  private denialsForEverybody(target: string | undefined): readonly Grant[] {
    const { all, wide, byResource } = this.once('everybody', () => {
      const denials = this.held.others
        .filter(({ principals: [one] }) => one?.kind === 'anyone' && one.name === '*')
        .flatMap(({ grants }) => grants.filter(({ effect }) => effect === 'Deny'));
      const found = new Map<string, Grant[]>();
      const patterns = denials.filter(({ resource }) => /[*?]/.test(resource) || isOpen(resource));
      for (const denial of denials) {
        if (!patterns.includes(denial)) found.set(denial.resource, [...(found.get(denial.resource) ?? []), denial]);
      }
      return { all: denials, wide: patterns, byResource: found };
    });
    return target === undefined ? all : [...wide, ...(byResource.get(target) ?? [])];
  }

  private holdingsBy(principal: Resource | string): readonly Holding[] {
    if (typeof principal === 'string') return this.once('byName', () => byName(this.holdings)).get(principal) ?? [];
    const identity = this.identity(principal);
    const own = identity && this.held.of(identity);
    const names = own ? own.principals.map(({ name }) => name) : [displayName(principal)];
    const others = this.once('othersByName', () =>
      byName(this.held.others.filter(({ through }) => through !== 'identity policy')),
    );
    const byPolicies = names.flatMap((name) => others.get(name) ?? []);
    return own ? [own, ...new Set(byPolicies)] : byPolicies;
  }

  private get reader(): PolicyReader {
    return this.once('reader', () => new PolicyReader(this.model, this.names.names));
  }

  private once<T>(key: string, make: () => T): T {
    if (!this.read.has(key)) this.read.set(key, make());
    return this.read.get(key) as T;
  }
}

function byName(holdings: readonly Holding[]): ReadonlyMap<string, readonly Holding[]> {
  return grouped(holdings, ({ principals }) => new Set(principals.map(({ name }) => name)));
}

function names(grant: Grant, action: string): boolean {
  return expand(grant.actions).has(action);
}

/** Whether something that cannot be judged may be about an action. */
function concerns(grant: Grant, action: string): boolean {
  const { patterns } = grant.actions;
  return patterns.length === 0 || patterns.some(isOpen) || names(grant, action);
}

function begins(text: string, path: string): boolean {
  return text === path || text.startsWith(`${path}/`) || text.startsWith(`${path}:`);
}
