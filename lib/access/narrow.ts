import type { Statement } from '../core/iam/policy';
import type { Model } from '../core/model/model';
import { Names } from '../core/model/names';
import type { AccessNames } from '../core/iam/access-names';
import { type ArnIndex, arnIndex } from '../core/iam/arn-index';
import { expand, inPatterns, tidy } from '../core/iam/action-set';
import { covers } from '../core/iam/coverage';
import { conditionsKey, type Grant, type GrantCondition } from '../core/iam/grants';
import type { Holding } from '../core/iam/holdings';
import { ModelAccess } from '../core/iam/model-access';
import { neededBy } from '../core/iam/platform-needs';
import { type PolicyResource, resourceExpression } from './policy-resource';
import type { Principal } from '../core/iam/principals';
import { parseArn } from '../core/arn';

/** The access that functions used: the report of a local run. */
export interface UsageReport {
  /** One for each function that ran. */
  readonly functions: readonly {
    /** Its template and logical id: `Shop/PlaceOrder1234`. */
    readonly id: string;
    /** The ARN of its role. */
    readonly role: string;
    /** Allowed calls. */
    readonly used: readonly { readonly action: string; readonly resource: string }[];
    /** What services did on its behalf. / @default - unknown */
    readonly platform?: readonly { readonly action: string; readonly resource: string }[];
    /**
     * How often its handler ran.
     * @default - it ran
     */
    readonly invocations?: { readonly total: number };
  }[];
}

/** Actions on a resource. */
export interface ResourceActions {
  /** Construct path with a suffix, or an ARN or pattern. */
  readonly resource: string;
  /** As the policy names them, or single actions. */
  readonly actions: readonly string[];
  /**
   * Exceptions to `actions`.
   * @default - none
   */
  readonly but?: readonly string[];
}

/** A policy as written in a template, with `Fn::GetAtt` for the ARNs of its resources. */
export interface TemplatePolicy {
  /** The version of the language. */
  readonly Version: string;
  /** Its statements. */
  readonly Statement: readonly (Omit<Statement, 'Resource'> & { readonly Resource: readonly PolicyResource[] })[];
}

/** How the access of a function can be narrowed to what it used. */
export interface NarrowedAccess {
  /** The function. */
  readonly principal: Principal;
  /** Whether it ran at all; if not, unused grants mean nothing. */
  readonly ran: boolean;
  /** Grants that no call needed. */
  readonly unused: readonly ResourceActions[];
  /** Grants whose use a run cannot show, which are kept: services use the role for these. */
  readonly kept: readonly ResourceActions[];
  /** The policy to replace the role's policies. */
  readonly policy: TemplatePolicy;
}

/** A report of another model. */
export class UnknownFunctionError extends Error {
  override readonly name = 'UnknownFunctionError';

  /** @param id template and logical id of the function */
  constructor(readonly id: string) {
    super(`names the function '${id}', which is not part of what was read`);
  }
}

/**
 * The unused access of a model's functions, and the policy for exactly what they used.
 * @throws UnknownFunctionError when the report names a function that the model does not have
 */
export function narrowAccess(model: Model, report: UsageReport): readonly NarrowedAccess[] {
  const { names: access, holdings: all } = ModelAccess.of(model);
  const holdings = all.filter(({ through }) => through === 'identity policy');
  const index = arnIndex(model, namesOf(model, report));
  return report.functions.map(({ id, used, platform = [], invocations }) => {
    const holding = holdings.find(({ ids }) => ids.includes(id));
    const resource = model.resources.get(id);
    if (!holding || !resource) throw new UnknownFunctionError(id);
    const uses = [...used, ...platform].map((use) => ({
      action: use.action,
      resource: translated(use.resource, index, access),
    }));
    const principal = holding.principals[holding.ids.indexOf(id)]!;
    const needed = [...uses, ...neededBy(resource, model, access)];
    return { principal, ran: invocations?.total !== 0, ...new Narrowing(access, holding, needed).result() };
  });
}

interface Use {
  readonly action: string;
  readonly resource: string;
}

/** The run's resource names, recovered from the ARNs in its report. */
function namesOf(model: Model, { functions }: UsageReport): Names {
  const arns = functions.flatMap(({ role, used, platform = [] }) => [
    role,
    ...[...used, ...platform].map((use) => use.resource),
  ]);
  const parts = arns.map((arn) => parseArn(arn));
  const region = parts.find((arn) => arn?.region)?.region;
  const account = parts.find((arn) => arn?.account)?.account;
  return new Names(model, { ...(region && { region }), ...(account && { account }) });
}

function translated(resource: string, index: ArnIndex, access: AccessNames): string {
  const found = index.find(resource);
  const arn = found && access.names.arn(found.resource);
  return arn === undefined ? resource : arn.replace(/:\*$/, '') + found!.rest;
}

/** Services do these with a function's role, on their own or unseen: a run of the handler does not show them. */
const UNSEEN = /^(logs|xray|kms):|^ec2:(Create|Describe|Delete|Assign|Unassign)/i;

/** Lambda's own needs of a role whose policy names no service. */
const LOGGING = ['logs:CreateLogStream', 'logs:PutLogEvents', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments'];

/** Narrows the grants of one function to its uses. */
class Narrowing {
  constructor(
    private readonly access: AccessNames,
    private readonly holding: Holding,
    private readonly uses: readonly Use[],
  ) {}

  result(): Omit<NarrowedAccess, 'principal' | 'ran'> {
    const { grants } = this.holding;
    const allows = grants.filter(({ effect, problem }) => effect === 'Allow' && problem === undefined);
    const parts = allows.map((grant) => ({ grant, ...this.split(grant) }));
    return {
      unused: this.listed(parts.map(({ grant, unused }) => ({ grant, names: unused }))),
      kept: this.listed(parts.map(({ grant, unseen }) => ({ grant, names: unseen }))),
      policy: this.write(parts.flatMap(({ grant, used, unseen }) => this.remaining(grant, used, unseen))),
    };
  }

  private split(grant: Grant) {
    const names = expand(grant.actions);
    const used = this.uses.filter(({ action, resource }) => names.has(action) && covers(grant.resource, resource));
    const seen = new Set(used.map(({ action }) => action));
    const named = grant.actions.patterns.filter((pattern) => UNSEEN.test(pattern));
    const silent =
      grant.actions.negated || named.length === 0 ? LOGGING : [...expand({ patterns: named, negated: false })];
    const unseen = new Set(silent.filter((name) => names.has(name) && !seen.has(name)));
    return { used, unseen, unused: new Set([...names].filter((name) => !seen.has(name) && !unseen.has(name))) };
  }

  /** The grants that stay, each as narrow as its uses. */
  private remaining(grant: Grant, used: readonly Use[], unseen: ReadonlySet<string>): readonly Grant[] {
    const narrow = (resource: string, names: ReadonlySet<string>): Grant[] => {
      const actions = { patterns: inPatterns(names, names === unseen ? grant.actions.patterns : []), negated: false };
      return names.size === 0 ? [] : [{ ...grant, resource, actions }];
    };
    const byResource = new Map<string, Set<string>>();
    for (const { action, resource } of used) {
      const target = this.narrowest(grant.resource, resource);
      byResource.set(target, (byResource.get(target) ?? new Set()).add(action));
    }
    return [
      ...[...byResource].flatMap(([resource, names]) => narrow(resource, names)),
      ...narrow(grant.resource, unseen),
    ];
  }

  /**
   * A pattern within one resource of the model is kept (a bucket's objects); a wider one is replaced by the used
   * resources.
   */
  private narrowest(pattern: string, used: string): string {
    if (this.access.find(pattern)) return pattern;
    const found = this.access.find(used);
    if (!found?.rest.startsWith('/')) return used;
    return `${used.slice(0, used.length - found.rest.length)}/*`;
  }

  private write(grants: readonly Grant[]): TemplatePolicy {
    const template = this.holding.identity?.template ?? '';
    const denies = this.holding.grants.filter(({ effect, problem }) => effect === 'Deny' && problem === undefined);
    const byAction = new Map<string, { grant: Grant; resources: Set<string> }>();
    for (const grant of [...joined(grants), ...denies]) {
      const key = [
        grant.effect,
        grant.actions.negated,
        grant.actions.patterns.join(),
        conditionsKey(grant.conditions),
      ].join();
      const known = byAction.get(key) ?? { grant, resources: new Set() };
      byAction.set(key, { ...known, resources: known.resources.add(grant.resource) });
    }
    const statements = [...byAction.values()].map(({ grant, resources }) => ({
      Effect: grant.effect,
      ...(grant.actions.negated ? { NotAction: grant.actions.patterns } : { Action: grant.actions.patterns }),
      Resource: [...resources].sort().map((one) => resourceExpression(one, template, this.access)),
      ...conditionOf(grant.conditions),
    }));
    return { Version: '2012-10-17', Statement: statements };
  }

  private listed(parts: readonly { readonly grant: Grant; readonly names: ReadonlySet<string> }[]): ResourceActions[] {
    const byResource = new Map<string, ResourceActions>();
    for (const { grant, names } of parts) {
      if (names.size === 0) continue;
      const resource = this.access.show(grant.resource);
      const { patterns, negated } = grant.actions;
      if (names.size > MANY && (negated || patterns.some((pattern) => pattern.includes('*')))) {
        const but = [...expand(grant.actions)].filter((name) => !names.has(name));
        const wide = negated ? { actions: ['*'], but: [...patterns, ...but] } : { actions: patterns, but };
        byResource.set(`${resource} ${patterns.join()}`, { resource, actions: wide.actions, but: tidy(wide.but) });
      } else {
        const all = [...(byResource.get(resource)?.actions ?? []), ...inPatterns(names, patterns)];
        byResource.set(resource, { resource, actions: inPatterns(new Set(all), patterns) });
      }
    }
    return [...byResource].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
  }
}

/** More actions than this are shown by the pattern that matches them. */
const MANY = 20;

/** Grants on the same resource under the same conditions are one. */
function joined(grants: readonly Grant[]): readonly Grant[] {
  const byResource = new Map<string, Grant>();
  for (const grant of grants) {
    const key = `${grant.resource} ${conditionsKey(grant.conditions)}`;
    const patterns = [...(byResource.get(key)?.actions.patterns ?? []), ...grant.actions.patterns];
    byResource.set(key, { ...grant, actions: { patterns: [...new Set(patterns)].sort(), negated: false } });
  }
  return [...byResource.values()];
}

/** The conditions of IAM among those of a grant, as a statement has them. */
function conditionOf(conditions: readonly GrantCondition[]): Pick<Statement, 'Condition'> {
  const own = conditions.filter(({ key, operator }) => key.includes(':') && operator !== 'When');
  const Condition: Record<string, Record<string, readonly string[]>> = {};
  for (const { operator, key, values } of own) Condition[operator] = { ...Condition[operator], [key]: values };
  return own.length > 0 ? { Condition } : {};
}
