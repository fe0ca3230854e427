import { listOf } from '../../../core/iam/policy';
import { once, resourceStatements } from '../../lookups/statements';
import type { Rule, RuleContext } from '../../rule';

export const trustAction: Rule = {
  id: 'TrustAction',
  severity: 'warning',
  title: 'A trust policy names the action by which its role is assumed',
  why: 'A wildcard lets a principal assume the role in unintended ways: with session tags and a source identity of its choice.',
  fix: 'name sts:AssumeRole, or sts:AssumeRoleWithWebIdentity',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-service.html',
  check: (context) => once(judge(context)),
};

function* judge({ model }: RuleContext): ReturnType<typeof once> {
  for (const { statement, holder, property } of resourceStatements(model)) {
    if (holder.type !== 'AWS::IAM::Role' || statement.Effect !== 'Allow') continue;
    for (const action of listOf(statement.Action).filter((one) => /[*?]/.test(one))) {
      yield {
        resource: holder,
        property: `${property}.Action`,
        message: `may be assumed by ${action}`,
        detail: action,
      };
    }
  }
}
