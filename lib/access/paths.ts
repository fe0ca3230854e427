import { expand } from '../core/iam/action-set';
import { CompiledConditions } from '../core/iam/conditions';
import type { Grant } from '../core/iam/grants';
import type { Holding } from '../core/iam/holdings';
import { ModelAccess } from '../core/iam/model-access';
import { listOf, type Statement } from '../core/iam/policy';
import { entriesOf } from '../core/iam/principal-match';
import type { Principal } from '../core/iam/principals';
import { displayName } from '../core/model/display';
import type { Model, Resource } from '../core/model/model';
import { GRANTING_WAYS, PASSING_WAYS, TAKING_WAYS } from './escalation-ways';
import { can, has, type Held, type Permission, startedBy } from './permission';
import { widenings } from './widening';
import { accountNamedBy, parseArn } from '../core/arn';

/** A step towards more access. */
export interface PathStep {
  /** The step in words: `assumes Shop/Admin`. */
  readonly does: string;
  /** The actions it needs. */
  readonly actions: readonly string[];
  /** Further conditions, in words. */
  readonly conditions: readonly string[];
}

/** How a principal reaches access that its own policies do not grant. */
export interface AccessPath {
  /** Who. */
  readonly principal: Principal;
  /** The steps, in order. */
  readonly steps: readonly PathStep[];
  /** The principal whose access it reaches; undefined for every permission. */
  readonly end?: Principal;
}

/**
 * How principals reach more than their policies grant: by assuming roles, by passing a role to something they
 * start, by rewriting another's code, trust or policies. The shortest path to each end.
 */
export function accessPaths(model: Model): readonly AccessPath[] {
  const reader = new PathReader(ModelAccess.of(model));
  return reader.holders.flatMap((holder) => reader.from(holder));
}

/** A principal with policies. */
interface Holder extends Held {
  readonly principal: Principal;
  readonly holding: Holding;
  readonly resource: Resource;
  readonly arn: string;
}

interface Reached {
  readonly holder: Holder | undefined;
  readonly steps: readonly PathStep[];
}

/** Without one of these, only being named by a role is left. */
const ESCALATING: readonly string[] = ['sts:AssumeRole', 'iam:PassRole', ...TAKING_WAYS.map(({ action }) => action)];

const IDENTITIES: readonly string[] = ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'];

class PathReader {
  readonly holders: readonly Holder[];
  private readonly byUser: ReadonlyMap<string, Holder>;
  /** The roles that name a principal in their trust policy, by ARN. */
  private readonly byTrust = new Map<string, Holder[]>();

  constructor(private readonly access: ModelAccess) {
    this.holders = access.holdings.flatMap((holding): readonly Holder[] => {
      const resource = holding.through === 'identity policy' ? holding.identity?.resource : undefined;
      const arn = resource && access.names.names.arn(resource);
      if (!resource || arn === undefined || !IDENTITIES.includes(resource.type)) return [];
      const judged = holding.grants.filter(({ problem }) => problem === undefined);
      const [only, ...others] = holding.principals;
      const principal = only && others.length === 0 ? only : holding.identity!.principal;
      const of = (effect: Grant['effect']) => judged.filter((grant) => grant.effect === effect);
      return [{ principal, holding, resource, arn, allows: of('Allow'), denies: of('Deny') }];
    });
    this.byUser = new Map(this.holders.flatMap((holder) => holder.holding.ids.map((id) => [id, holder] as const)));
    for (const role of this.holders) {
      for (const arn of new Set(
        this.trustOf(role).flatMap(({ Principal }) => entriesOf(Principal!).map(([, name]) => name)),
      ))
        this.byTrust.set(arn, [...(this.byTrust.get(arn) ?? []), role]);
    }
  }

  /** The shortest path to each end that grants more than its start. */
  from(start: Holder): readonly AccessPath[] {
    if (isEverything(start)) return [];
    const seen = new Set([start]);
    const queue: Reached[] = [{ holder: start, steps: [] }];
    const ends: Reached[] = [];
    for (let at = 0; at < queue.length; at++) {
      const { holder, steps } = queue[at]!;
      for (const next of this.stepsOf(holder!, [...seen])) {
        const reached = { holder: next.holder, steps: [...steps, next.step] };
        if (!next.holder || isEverything(next.holder)) ends.push({ ...reached, holder: undefined });
        else if (!seen.has(next.holder)) {
          seen.add(next.holder);
          queue.push(reached);
          ends.push(reached);
        }
      }
    }
    const [everything] = ends.filter(({ holder }) => !holder).sort((a, b) => a.steps.length - b.steps.length);
    const others = ends.filter(({ holder }) => holder && this.isMore(start, holder));
    return [...(everything ? [everything] : []), ...others].map(({ holder, steps }) => ({
      principal: start.principal,
      steps,
      ...(holder && { end: holder.principal }),
    }));
  }

  private isMore(start: Holder, end: Holder): boolean {
    const held = ({ allows, denies }: Holder) => ({ allows, denies, open: [], requested: new Map<Grant, Grant>() });
    return widenings(held(start), held(end), { allowed: [], denied: [] }).length > 0;
  }

  /** The principals one step away; undefined for every permission. */
  private *stepsOf(
    holder: Holder,
    reached: readonly Holder[],
  ): Generator<{ readonly holder: Holder | undefined; readonly step: PathStep }> {
    for (const target of reached) yield* this.granting(holder, target);
    const near = ESCALATING.some((action) => has(holder, action)) ? this.holders : (this.byTrust.get(holder.arn) ?? []);
    for (const target of near) {
      if (target === holder) continue;
      const assumed = target.resource.type === 'AWS::IAM::Role' ? this.assuming(holder, target) : undefined;
      if (assumed) yield { holder: target, step: assumed };
      else
        for (const step of [...this.taking(holder, target), ...this.passing(holder, target)])
          yield { holder: target, step };
    }
    const any = this.passingAny(holder);
    if (any) yield { holder: undefined, step: any };
  }

  private assuming(holder: Holder, role: Holder): PathStep | undefined {
    const action = 'sts:AssumeRole';
    const named = this.trusted(role, (type, name) => type === 'AWS' && name === holder.arn);
    const owned = this.trusted(role, (type, name) => type === 'AWS' && (name === '*' || isAccountOf(name, holder.arn)));
    const own = can(holder, action, role.arn);
    const [trust, conditions] = named ? [named, []] : owned && own ? [owned, own.conditions] : [];
    return (
      trust && { does: `assumes ${nameOf(role)}`, actions: [action], conditions: [...conditions!, ...trust.conditions] }
    );
  }

  private *passing(holder: Holder, role: Holder): Generator<PathStep> {
    if (role.resource.type !== 'AWS::IAM::Role') return;
    for (const way of PASSING_WAYS) {
      const passed = can(holder, 'iam:PassRole', role.arn, { 'iam:PassedToService': way.service });
      const trust = passed && this.trusted(role, (type, name) => type === 'Service' && name === way.service);
      const started = trust && startedBy(holder, way.actions);
      if (!started) continue;
      const conditions = [...passed.conditions, ...trust.conditions, ...started.conditions];
      yield {
        does: `passes ${nameOf(role)} to ${way.means}`,
        actions: ['iam:PassRole', ...started.actions],
        conditions,
      };
      return;
    }
  }

  /** A pass-role permission for any name reaches every role of the account. */
  private passingAny(holder: Holder): PathStep | undefined {
    for (const way of PASSING_WAYS) {
      const { partition = 'aws', account = '*' } = parseArn(holder.arn) ?? {};
      const passed = can(holder, 'iam:PassRole', `arn:${partition}:iam::${account}:role/*`, {
        'iam:PassedToService': way.service,
      });
      const started = passed && startedBy(holder, way.actions);
      if (!started) continue;
      const does = `passes any role that trusts ${way.service} to ${way.means}`;
      return {
        does,
        actions: ['iam:PassRole', ...started.actions],
        conditions: [...passed.conditions, ...started.conditions],
      };
    }
    return undefined;
  }

  private *taking(holder: Holder, target: Holder): Generator<PathStep> {
    const users = target.holding.ids
      .map((id) => this.access.model.resources.get(id))
      .filter((one) => one !== undefined);
    for (const resource of new Set([target.resource, ...users])) {
      if (resource.id !== target.resource.id && this.byUser.get(resource.id) !== target) continue;
      const arn = this.access.names.names.arn(resource);
      for (const { action, on, words } of TAKING_WAYS) {
        const given = on === resource.type && arn !== undefined ? can(holder, action, arn) : undefined;
        if (!given) continue;
        yield { does: `${words} ${displayName(resource)}`, actions: [action], conditions: given.conditions };
        return;
      }
    }
  }

  /** Rewriting a policy of a principal already reached gives every permission. */
  private *granting(
    holder: Holder,
    target: Holder,
  ): Generator<{ readonly holder: undefined; readonly step: PathStep }> {
    const named = new Set(target.holding.identity?.policies.map(({ name }) => name));
    const managed = this.access.model.ofType('AWS::IAM::ManagedPolicy').filter((one) => named.has(displayName(one)));
    for (const resource of [target.resource, ...managed]) {
      const arn = this.access.names.names.arn(resource);
      for (const { action, on, words } of GRANTING_WAYS) {
        const given = on === resource.type && arn !== undefined ? can(holder, action, arn) : undefined;
        if (!given) continue;
        const does = `${words} ${displayName(resource)}`;
        yield { holder: undefined, step: { does, actions: [action], conditions: given.conditions } };
        return;
      }
    }
  }

  /** The grants of a role's trust policy. */
  private trustOf(role: Holder): readonly Statement[] {
    const statements = this.access.statementsAbout(role.resource).flatMap(({ statement }) => statement ?? []);
    return statements.filter(
      ({ Effect, Principal, Action }) =>
        Effect === 'Allow' &&
        Principal !== undefined &&
        listOf(Action).some((action) => expand({ patterns: [action], negated: false }).has('sts:AssumeRole')),
    );
  }

  /** Whether a role's trust policy names a principal. */
  private trusted(role: Holder, isMeant: (type: string, name: string) => boolean): Permission {
    const trusting = this.trustOf(role).filter(({ Principal }) =>
      entriesOf(Principal!).some(([type, name]) => isMeant(type, name)),
    );
    const words = trusting.map(({ Condition }) => new CompiledConditions(Condition, true).words);
    const [fewest] = words.toSorted((a, b) => a.length - b.length);
    return fewest && { conditions: fewest };
  }
}

/** Whether a principal may do everything on everything. */
function isEverything({ allows }: Holder): boolean {
  return allows.some(
    ({ actions, resource, except, conditions }) =>
      resource === '*' &&
      except.length === 0 &&
      conditions.length === 0 &&
      !actions.negated &&
      actions.patterns.includes('*'),
  );
}

function isAccountOf(name: string, arn: string): boolean {
  const account = accountNamedBy(name);
  return account !== undefined && account === parseArn(arn)?.account;
}

function nameOf({ principal, resource }: Holder): string {
  const own = displayName(resource);
  return principal.name === own ? own : `${own}, the role of ${principal.name},`;
}
