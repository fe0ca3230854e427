import { listOf } from '../../../core/iam/policy';
import { grantingStatements, once } from '../../lookups/statements';
import type { Rule, RuleContext } from '../../rule';

export const wildcardAction: Rule = {
  id: 'WildcardAction',
  severity: 'warning',
  title: 'A policy names actions, not a whole service',
  why: 'That includes deletion, policy changes, and every action that AWS adds to the service later.',
  fix: 'list the actions that are called',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html',
  check: (context) => once(judge(context)),
};

function* judge({ model }: RuleContext): ReturnType<typeof once> {
  for (const { statement, holder, property } of grantingStatements(model)) {
    if (statement.Effect !== 'Allow') continue;
    // AdministratorAccess reports all actions on all resources.
    const onAll = listOf(statement.Resource).includes('*');
    const wide = listOf(statement.Action).filter((action) => /^[\w-]+:\*$/.test(action) || (action === '*' && !onAll));
    for (const action of wide) {
      yield { resource: holder, property: `${property}.Action`, message: `allows ${action}`, detail: action };
    }
  }
}
