import { displayName } from '../../../core/model/display';
import { grouped } from '../../../core/model/indexed';
import { rolesOf } from '../../lookups/roles';
import type { Rule } from '../../rule';

export const functionOwnRole: Rule = {
  id: 'FunctionOwnRole',
  severity: 'warning',
  title: 'Each function has its own role',
  why: 'Functions that share a role have each other’s permissions, and removing one safely takes a search.',
  fix: 'give each function its own role with only what it needs',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html',
  *check({ model }) {
    const functions = model.ofType('AWS::Lambda::Function');
    const byRole = grouped(functions, (fn) => rolesOf(model, fn, 'Role').map(({ id }) => id));
    for (const users of byRole.values()) {
      const [first, ...others] = users;
      for (const fn of others) {
        yield { resource: fn, property: 'Role', message: `shares its role with ${displayName(first!)}` };
      }
    }
  },
};
