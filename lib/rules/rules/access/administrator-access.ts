import { statementKey } from '../../../core/iam/documents';
import { listOf } from '../../../core/iam/policy';
import { ModelAccess } from '../../../core/iam/model-access';
import { grantingStatements, once, unread, unreadIdentityStatements } from '../../lookups/statements';
import type { Rule, RuleContext } from '../../rule';

const ADMINISTRATOR = ['AdministratorAccess', 'PowerUserAccess', 'IAMFullAccess'];

export const administratorAccess: Rule = {
  id: 'AdministratorAccess',
  severity: 'error',
  title: 'No role, user or group of a template is an administrator',
  why: 'One mistake in the code that runs with it, or one leaked credential, is then the whole account.',
  fix: 'allow only the actions needed, on the resources they are needed for',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html',
  check: (context) => once(judge(context)),
};

function* judge({ model }: RuleContext): ReturnType<typeof once> {
  for (const { policies } of ModelAccess.of(model).identities) {
    for (const { managed, holder: resource, property } of policies) {
      if (managed === undefined || !ADMINISTRATOR.includes(managed)) continue;
      yield { resource, property, message: `has ${managed}`, detail: managed };
    }
  }
  for (const placed of grantingStatements(model)) {
    const { statement, holder, property } = placed;
    const { Effect, Action, Resource } = statement;
    const everything = listOf(Action).some((action) => action === '*' || action === '*:*');
    if (Effect !== 'Allow' || !everything || !listOf(Resource).includes('*')) continue;
    yield { resource: holder, property, message: 'allows every action on everything', detail: statementKey(placed) };
  }
  yield* unreadIdentityStatements(model).map(unread);
}
