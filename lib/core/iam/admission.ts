import { type AccessNames, isOpen, SOME_ACCOUNT } from './access-names';
import { expand } from './action-set';
import { covers } from './coverage';
import { matches, tokensOf } from './glob';
import { conditionsKey, type Grant, type GrantCondition, NEEDS } from './grants';
import type { Holding } from './holdings';
import { parseArn } from '../arn';
import type { Resource } from '../model/model';

/**
 * An identity policy is not enough for a resource in another account, nor for a key whose policy does not admit the
 * account: the resource's policy must allow it too. If none in the model does, the grant is marked.
 */
export class Admission {
  private read?: ResourcePolicies;

  /** @param others the holdings granted by resource policies; computed on demand */
  constructor(
    private readonly others: () => readonly Holding[],
    private readonly access: AccessNames,
  ) {}

  /** A holding with its grants annotated. */
  applied(holding: Holding): Holding {
    if (holding.through !== 'identity policy' || !holding.identity) return holding;
    const { access } = this;
    const { resource, template } = holding.identity;
    const account = resource
      ? accountOf(access.names.arn(resource) ?? '')
      : access.names.parameter('AWS::AccountId', template);
    if (account === undefined) return holding;
    const grants = holding.grants.map((grant) => {
      const need = grant.effect === 'Allow' && grant.problem === undefined && this.needOf(grant, account);
      if (!need) return grant;
      const requested = this.policies.admit(grant, holding, access.show(account));
      const more = requested ?? [{ operator: NEEDS, key: need, values: [] }];
      return more.length === 0 ? grant : { ...grant, conditions: [...grant.conditions, ...more] };
    });
    return { ...holding, grants };
  }

  /** Why the resource policy matters; undefined if it does not. */
  private needOf({ resource, actions }: Grant, account: string): string | undefined {
    const owner = this.ownerOf(resource);
    if (isNamed(owner) && isNamed(account) && owner !== account)
      return `the policy of the resource, in account ${owner}, allows it too`;
    const isKey = actions.patterns.some((pattern) => /^kms:/i.test(pattern));
    return isKey && this.policies.has(resource) ? 'the policy of the key allows it too' : undefined;
  }

  /** A bucket's ARN does not contain its account, but its template determines it. */
  private ownerOf(resource: string): string {
    const account = accountOf(resource);
    if (account !== '' || resource === '*') return account;
    const template = this.access.find(resource)?.resource.template;
    return (template && this.access.names.parameter('AWS::AccountId', template)) ?? '';
  }

  private get policies(): ResourcePolicies {
    return (this.read ??= new ResourcePolicies(this.others(), this.access));
  }
}

class ResourcePolicies {
  private readonly byResource = new Map<string, { readonly grant: Grant; readonly holding: Holding }[]>();

  constructor(
    holdings: readonly Holding[],
    private readonly access: AccessNames,
  ) {
    for (const holding of holdings.filter(({ through }) => through === 'resource policy')) {
      for (const grant of holding.grants.filter(({ effect }) => effect === 'Allow')) {
        const key = this.keyOf(grant.resource);
        this.byResource.set(key, [...(this.byResource.get(key) ?? []), { grant, holding }]);
      }
    }
  }

  /** Whether a resource's policy allows anything. */
  has(resource: string): boolean {
    return this.byResource.has(this.keyOf(resource));
  }

  /**
   * The further conditions of the resource's policy that admits a holder or its account for a grant; undefined if none
   * does.
   */
  admit(grant: Grant, { principals, identity }: Holding, account: string): readonly GrantCondition[] | undefined {
    const known = this.byResource.get(this.keyOf(grant.resource)) ?? [];
    const own = new Set(grant.conditions.map((one) => conditionsKey([one])));
    const admitting = known
      .filter(({ holding, grant: other }) => {
        const named = holding.principals.some(
          ({ kind, name }) =>
            kind === 'anyone' || name === account || principals.some((one) => one.kind === kind && one.name === name),
        );
        return named && other.problem === undefined && covers(other.resource, grant.resource);
      })
      .map(({ grant: other }) => ({
        actions: [...expand(other.actions)],
        asks: other.conditions
          .map((condition) => ({ condition, fits: this.isOf(condition, identity?.resource) }))
          .filter(({ condition, fits }) => fits !== true && !own.has(conditionsKey([condition]))),
      }))
      .filter(({ asks }) => asks.every(({ fits }) => fits !== false));
    const plain = new Set(admitting.filter(({ asks }) => asks.length === 0).flatMap(({ actions }) => actions));
    const rest = [...expand(grant.actions)].filter((name) => !plain.has(name));
    if (rest.length === 0) return [];
    const asking = admitting.filter(({ actions }) => rest.some((name) => actions.includes(name)));
    if (!rest.every((name) => asking.some(({ actions }) => actions.includes(name)))) return undefined;
    const conditions = asking.flatMap(({ asks }) => asks.map(({ condition }) => condition));
    return [...new Map(conditions.map((one) => [conditionsKey([one]), one])).values()];
  }

  /** Whether a role meets a condition on the caller's ARN; undefined for other conditions, or if unknown. */
  private isOf({ operator, key, values }: GrantCondition, role?: Resource): boolean | undefined {
    if (key.toLowerCase() !== 'aws:principalarn' || !/^(Arn|String)(Equals|Like)$/.test(operator)) return undefined;
    const arn = role && this.access.names.arn(role);
    if (arn === undefined || values.some(isOpen)) return undefined;
    const wildcards = operator.startsWith('Arn') ? 'arn' : operator === 'StringLike' ? 'text' : 'none';
    return values.some((value) => matches(tokensOf(value, wildcards), arn));
  }

  private keyOf(resource: string): string {
    return this.access.find(resource)?.resource.id ?? resource;
  }
}

/** Whether a template names the account; an unnamed one may be any. */
function isNamed(account: string): boolean {
  return /^\d{12}$/.test(account) && account !== SOME_ACCOUNT;
}

function accountOf(arn: string): string {
  return parseArn(arn)?.account ?? '';
}
