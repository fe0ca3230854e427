import { statementKey } from '../../../core/iam/documents';
import { listOf, type Statement } from '../../../core/iam/policy';
import { conditionsOf, once, resourceStatements, unread, unreadResourceStatements } from '../../lookups/statements';
import type { Rule, RuleContext } from '../../rule';

export const oidcTrustSubject: Rule = {
  id: 'OidcTrustSubject',
  severity: 'error',
  title: 'A role that trusts an identity provider names the subject',
  why: 'Otherwise anyone with an account at the provider (GitHub, GitLab) can assume the role.',
  fix: 'add a condition on <provider>:sub that names the repository and branch',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html',
  check: (context) => once(judge(context)),
};

function* judge({ model }: RuleContext): ReturnType<typeof once> {
  for (const placed of resourceStatements(model)) {
    const { statement, holder, property, policy } = placed;
    if (policy?.role !== 'trust' || statement.Effect !== 'Allow' || !isForUsersOfOthers(statement)) continue;
    const subjects = conditionsOf(statement).filter((condition) => SUBJECT.test(condition.key));
    if (subjects.some(({ values }) => !values.includes('*'))) continue;
    yield {
      resource: holder,
      property,
      message: 'trusts every user of its identity provider',
      detail: statementKey(placed),
    };
  }
  yield* unreadResourceStatements(model)
    .filter(({ holder }) => holder.type === 'AWS::IAM::Role')
    .map(unread);
}

const SUBJECT = /:(?:sub|repository|job_workflow_ref|project_path)$/;

/** Whether a statement trusts a web identity provider shared with others: all but Cognito, whose pools are your own. */
function isForUsersOfOthers({ Principal, Action }: Statement): boolean {
  const providers = typeof Principal === 'object' ? listOf(Principal.Federated) : [];
  if (providers.some((provider) => provider.includes('cognito-identity'))) return false;
  return (
    listOf(Action).includes('sts:AssumeRoleWithWebIdentity') || providers.some((provider) => SHARED.test(provider))
  );
}

const SHARED = /token\.actions\.githubusercontent\.com|gitlab\.com/;
