import { at, items } from '../../../core/model/select';
import { IDENTITIES, identityStatements } from '../../lookups/identity-statements';
import { managedPolicyNamed } from '../../lookups/managed-policies';
import { type Rule } from '../../rule';

const ADMINISTRATOR = ['AdministratorAccess', 'PowerUserAccess', 'IAMFullAccess'];

/** Nobody whom a template makes is an administrator. */
export const administratorAccess: Rule = {
  id: 'AdministratorAccess',
  severity: 'error',
  title: 'No role, user or group of a template is an administrator',
  why: 'One mistake in the code that runs with it, or one leaked credential, is then the whole account.',
  fix: 'allow the actions that are needed, on the resources that are meant',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html',
  *check({ model }) {
    for (const identity of model.ofType(...IDENTITIES)) {
      for (const [index, policy] of items(at(identity, 'ManagedPolicyArns')).entries()) {
        const name = managedPolicyNamed(policy);
        if (name === undefined || !ADMINISTRATOR.includes(name)) continue;
        yield { resource: identity, property: `ManagedPolicyArns.${index}`, message: `has ${name}`, detail: name };
      }
    }
    for (const statement of identityStatements(model)) {
      const everything =
        statement.actions.includes('*') || (statement.notActions?.length === 0 && statement.undecided.length === 0);
      if (statement.effect !== 'Allow' || !everything || !statement.resources.includes('*')) continue;
      yield {
        resource: statement.holder,
        property: statement.property,
        message: 'allows every action on everything',
        detail: statement.property,
      };
    }
  },
};
