import { statementKey } from '../../../core/iam/documents';
import { listOf } from '../../../core/iam/policy';
import { grantingStatements, namesAction, once } from '../../lookups/statements';
import type { Rule, RuleContext } from '../../rule';

export const passRoleWildcard: Rule = {
  id: 'PassRoleWildcard',
  severity: 'error',
  title: 'A permission to pass a role names the role',
  why: 'With iam:PassRole on every role, the holder can become an administrator through a function or task.',
  fix: 'name the roles in Resource, and the service in a condition on iam:PassedToService',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html',
  check: (context) => once(judge(context)),
};

/** Every role, also of one account. */
const EVERY_ROLE = /^(?:\*|arn:[^:]*:iam::[^:]*:(?:role\/)?\*+)$/;

function* judge({ model }: RuleContext): ReturnType<typeof once> {
  for (const placed of grantingStatements(model)) {
    const { statement, holder, property } = placed;
    const { Effect, Action, Resource } = statement;
    const named = listOf(Action).some((action) => /^iam:/i.test(action)) && namesAction(statement, 'iam:PassRole');
    if (Effect !== 'Allow' || !named || !listOf(Resource).some((one) => EVERY_ROLE.test(one))) continue;
    yield {
      resource: holder,
      property: `${property}.Resource`,
      message: 'may pass every role in the account to a service',
      detail: statementKey(placed),
    };
  }
}
