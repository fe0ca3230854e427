import { displayName } from '../model/display';
import { type Model, type Resource } from '../model/model';
import { AccessNames, isOpen } from './access-names';
import { expand } from './action-set';
import { covers, overlaps } from './coverage';
import { type Grant, inWords, NEEDS } from './grants';
import { type Holding, holdingsOf } from './holdings';
import { deniesAll } from './limits';
import { type Principal } from './principals';

/** A verdict on one action, as far as templates can tell. */
export interface GrantVerdict {
  /** Whether it is granted: as it stands, under conditions, not at all, or whether that cannot be told. */
  readonly verdict: 'allowed' | 'conditional' | 'denied' | 'unknown';
  /** Conditions or problems, in words. */
  readonly reasons: readonly string[];
}

/** Answers what principals of a model may do, one action at a time. */
export class GrantedAccess {
  private readonly access: AccessNames;
  private readonly holdings: readonly Holding[];

  constructor(private readonly model: Model) {
    this.access = new AccessNames(model);
    this.holdings = holdingsOf(model, this.access);
  }

  /** Everybody who holds or is denied something. */
  principals(): readonly Principal[] {
    const all = this.holdings.flatMap(({ principals }) => principals);
    return [...new Map(all.map((principal) => [`${principal.kind} ${principal.name}`, principal])).values()];
  }

  /**
   * The resource pattern that a text means: an ARN or `*` as it is, a construct path with what follows
   * (`Shop/Orders/index/*`) as the ARN of that resource. Undefined when there is no such resource.
   */
  pattern(text: string): string | undefined {
    if (text === '*' || text.startsWith('arn:')) return text;
    const named = [...this.model.resources.values()].filter((resource) => begins(text, displayName(resource)));
    const [best] = named.toSorted((a, b) => displayName(b).length - displayName(a).length);
    const arn = best && this.access.names.arn(best);
    return arn === undefined ? undefined : arn.replace(/:\*$/, '') + text.slice(displayName(best!).length);
  }

  /** Resources with an ARN at or below a construct path, for one that wraps others. */
  below(path: string): readonly Resource[] {
    return [...this.model.resources.values()].filter(
      (resource) => begins(displayName(resource), path) && this.access.names.arn(resource) !== undefined,
    );
  }

  /** Whether a principal may do an action with a resource. */
  verdict(name: string, action: string, resource: string): GrantVerdict {
    const { allows, denies, open } = this.grants(name);
    const concerned = (grant: Grant) => covers(grant.resource, resource) && has(grant, action);
    const matching = allows.filter(
      (grant) => concerned(grant) && !grant.except.some((except) => covers(except, resource)),
    );
    const effective = matching.filter(
      (grant) => !denies.some((deny) => has(deny, action) && deniesAll(deny, { ...grant, resource })),
    );
    const needing = effective.filter(({ conditions }) => conditions.some(({ operator }) => operator === NEEDS));
    const sure = effective.filter((grant) => !needing.includes(grant));
    if (sure.some(({ conditions }) => conditions.length === 0)) return { verdict: 'allowed', reasons: [] };
    if (sure.length > 0) return { verdict: 'conditional', reasons: this.conditionsOf(sure) };
    const unclear = [...open, ...allows.filter(({ resource: pattern }) => isOpen(pattern))].map(
      ({ problem, resource: pattern }) => this.access.showIn(problem ?? `it depends on '${pattern}'`),
    );
    const reasons = [...this.conditionsOf(needing).map((words) => `only if ${words}`), ...unclear];
    return reasons.length > 0 ? { verdict: 'unknown', reasons } : { verdict: 'denied', reasons: [] };
  }

  /** Every action of the resource's service that a principal may do with a resource or a part of it. */
  actionsOn(name: string, resource: string): ReadonlySet<string> {
    const service = resource.split(':')[2];
    const touching = this.grants(name).allows.filter(({ resource: pattern }) => overlaps(pattern, resource));
    const names = touching.flatMap(({ actions }) => [...expand(actions)]);
    const own = names.filter((action) => service === undefined || action.startsWith(`${service}:`));
    return new Set(own.filter((action) => this.verdict(name, action, resource).verdict !== 'denied'));
  }

  /** A resource pattern for a reader. */
  show(pattern: string): string {
    return this.access.show(pattern);
  }

  private conditionsOf(grants: readonly Grant[]): readonly string[] {
    return grants.flatMap(({ conditions }) => inWords(conditions).map((words) => this.access.showIn(words)));
  }

  private grants(name: string): { readonly allows: Grant[]; readonly denies: Grant[]; readonly open: Grant[] } {
    const all = this.holdings
      .filter(({ principals }) => principals.some((principal) => principal.name === name))
      .flatMap(({ grants }) => grants);
    const everybody = this.holdings.filter(({ principals: [one] }) => one?.kind === 'anyone' && one.name === '*');
    const judged = all.filter(({ problem }) => problem === undefined);
    return {
      allows: judged.filter(({ effect }) => effect === 'Allow'),
      denies: [...judged, ...everybody.flatMap(({ grants }) => grants)].filter(({ effect }) => effect === 'Deny'),
      open: all.filter(({ problem }) => problem !== undefined),
    };
  }
}

function has(grant: Grant, action: string): boolean {
  return expand(grant.actions).has(action);
}

function begins(text: string, path: string): boolean {
  return text === path || text.startsWith(`${path}/`) || text.startsWith(`${path}:`);
}
