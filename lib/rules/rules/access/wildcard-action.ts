import { identityStatements } from '../../lookups/identity-statements';
import { type Rule } from '../../rule';

/** A policy names what its holder does, not a whole service. */
export const wildcardAction: Rule = {
  id: 'WildcardAction',
  severity: 'warning',
  title: 'A policy names actions, not a whole service',
  why: 'It includes deleting, changing policies, and every action that AWS adds to the service later.',
  fix: 'list the actions that are called',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html',
  *check({ model }) {
    for (const { effect, actions, resources, holder, property } of identityStatements(model)) {
      if (effect !== 'Allow') continue;
      // Everything on everything is an administrator, which is another rule's finding.
      const wide = actions.filter(
        (action) => /^[\w-]+:\*$/.test(action) || (action === '*' && !resources.includes('*')),
      );
      for (const action of wide) {
        yield { resource: holder, property: `${property}.Action`, message: `allows ${action}`, detail: action };
      }
    }
  },
};
