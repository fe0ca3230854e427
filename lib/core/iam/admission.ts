import { type AccessNames, SOME_ACCOUNT } from './access-names';
import { expand } from './action-set';
import { covers } from './coverage';
import { type Grant, NEEDS } from './grants';
import type { Holding } from './holdings';
import { parseArn } from '../arn';

/**
 * What an identity policy allows is not enough for a resource of another account, and for a key whose policy does not
 * let the account in: the policy of the resource must allow it too. Where none of the model does, the grant is marked.
 */
export class Admission {
  private read?: ResourcePolicies;

  /** @param others the holdings that policies of resources give; asked for when one matters */
  constructor(
    private readonly others: () => readonly Holding[],
    private readonly access: AccessNames,
  ) {}

  /** A holding with its grants marked. */
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
      if (!need || this.policies.admit(grant, holding, access.show(account))) return grant;
      return { ...grant, conditions: [...grant.conditions, { operator: NEEDS, key: need, values: [] }] };
    });
    return { ...holding, grants };
  }

  /** Why the policy of the resource matters; undefined where it does not. */
  private needOf({ resource, actions }: Grant, account: string): string | undefined {
    const owner = accountOf(resource);
    if (isNamed(owner) && isNamed(account) && owner !== account)
      return `the policy of the resource, in account ${owner}, allows it too`;
    const isKey = actions.patterns.some((pattern) => /^kms:/i.test(pattern));
    return isKey && this.policies.has(resource) ? 'the policy of the key allows it too' : undefined;
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

  /** Whether a resource has a policy that allows anything. */
  has(resource: string): boolean {
    return this.byResource.has(this.keyOf(resource));
  }

  /** Whether a policy of the resource lets a holder, or its account, do what a grant allows. */
  admit(grant: Grant, { principals }: Holding, account: string): boolean {
    const known = this.byResource.get(this.keyOf(grant.resource)) ?? [];
    const admitting = known.filter(({ holding, grant: theirs }) => {
      const named = holding.principals.some(
        ({ kind, name }) =>
          kind === 'anyone' || name === account || principals.some((own) => own.kind === kind && own.name === name),
      );
      return named && covers(theirs.resource, grant.resource);
    });
    const allowed = new Set(admitting.flatMap(({ grant: theirs }) => [...expand(theirs.actions)]));
    return [...expand(grant.actions)].every((name) => allowed.has(name));
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
