import { namesAction } from '../../lookups/allowance';
import { identityStatements } from '../../lookups/identity-statements';
import { type Rule } from '../../rule';

/** Who may hand out roles names which. */
export const passRoleWildcard: Rule = {
  id: 'PassRoleWildcard',
  severity: 'error',
  title: 'Who may hand a role to a service names the role',
  why: 'With iam:PassRole on every role, the holder becomes an administrator by way of a function or task of theirs.',
  fix: 'name the roles in Resource, and the service in a condition on iam:PassedToService',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html',
  *check({ model }) {
    for (const statement of identityStatements(model)) {
      const { effect, resources, actions, notActions, holder, property } = statement;
      const named = actions.some((action) => /^iam:/i.test(action)) && namesAction(statement, 'iam:PassRole');
      if (effect !== 'Allow' || notActions || !named || !resources.includes('*')) continue;
      yield {
        resource: holder,
        property: `${property}.Resource`,
        message: 'may hand every role of the account to a service',
        detail: property,
      };
    }
  },
};
