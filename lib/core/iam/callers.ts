import { type AccessNames, isOpen } from './access-names';
import type { GrantCondition } from './grants';
import { conditionsOfOthers, conditionsOfPrincipal } from './named-principal';
import type { Statement } from './policy';
import { entriesOf } from './principal-match';
import { type Principal, principalOf } from './principals';
import type { RoleUser } from './role-users';
import { accountNamedBy } from '../arn';

/** The users of each role, by its id or ARN. */
export type RoleUsers = ReadonlyMap<string, readonly RoleUser[]>;

/** A principal matched by a statement. */
interface Named {
  readonly principals: readonly Principal[];
  readonly source?: string;
}

/** Resolves the principals of a resource policy's statements. */
export class Callers {
  constructor(
    private readonly access: AccessNames,
    private readonly users: RoleUsers,
  ) {}

  /** Each principal of a statement, with its source if a resource of the model calls. */
  of(statement: Statement): readonly (Named & { readonly who: readonly GrantCondition[] })[] {
    const { Principal, NotPrincipal } = statement;
    if (NotPrincipal !== undefined) {
      const names = entriesOf(NotPrincipal).map(([, name]) => this.access.show(name));
      const principals: Principal[] = [{ kind: 'anyone', name: `* but ${names.join(', ')}` }];
      return [{ principals, who: conditionsOfOthers(NotPrincipal) }];
    }
    return entriesOf(Principal ?? '*').map(([type, name]) => ({
      ...this.caller(type, name, statement),
      who: conditionsOfPrincipal(type, name),
    }));
  }

  private caller(type: string, name: string, statement: Statement): Named {
    const shown = this.access.show(name);
    const only = (kind: Principal['kind'], named = shown) => ({ principals: [{ kind, name: named }] });
    if (isOpen(name)) return only('unknown');
    if (type === 'Service' || name === '*') return this.source(statement) ?? only(name === '*' ? 'anyone' : 'service');
    if (type !== 'AWS') return only('provider');
    const account = accountNamedBy(name);
    if (account !== undefined) return only('account', this.access.show(account));
    const known = this.access.find(name)?.resource;
    if (!known) return only(name.includes(':user/') ? 'user' : 'role');
    const users = this.users.get(known.id);
    return { principals: users ? users.map(({ principal }) => principal) : [principalOf(known)] };
  }

  /** A service calling for one resource of the model counts as that resource. */
  private source({ Condition }: Statement): { principals: readonly Principal[]; source: string } | undefined {
    const values = Object.entries(Condition ?? {})
      .filter(([operator]) => /^(Arn(Equals|Like)|String(Equals|Like))$/.test(operator))
      .flatMap(([, keys]) => Object.entries(keys))
      .filter(([key]) => key.toLowerCase() === 'aws:sourcearn')
      .flatMap(([, value]) => value);
    const [source] = values;
    if (typeof source !== 'string' || values.length !== 1) return undefined;
    const found = this.access.find(source);
    return found && { principals: [principalOf(found.resource)], source: found.rest === '' ? source : '' };
  }
}
