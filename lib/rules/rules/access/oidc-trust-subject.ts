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
    if (
      subjects.some(
        ({ operator, values }) => !/Not|^Null/.test(operator) && !values.some((one) => isAnybody(one, operator)),
      )
    )
      continue;
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

/** Prefixes before the owner in a subject: `repo:owner/name:ref`, `organization:owner:project`. */
const BEFORE = String.raw`(?:repo|repository|repository_owner|project_path|organization|org|owner|workspace)[:/]`;
const NAMES_SOMEBODY = new RegExp(`^(?:${BEFORE})?(?!${BEFORE})[^:/]*[:/]`);

/** Whether a subject pattern leaves the owner open: `repo:*`, or `repo:my-*`, a name anyone can register. */
function isAnybody(subject: string, operator: string): boolean {
  const wildcard = operator.includes('Like') ? subject.search(/[*?]/) : -1;
  return wildcard >= 0 && !NAMES_SOMEBODY.test(subject.slice(0, wildcard));
}

const SUBJECT = /:(?:sub|repository|job_workflow_ref|project_path)$/;

/** Whether a statement trusts a web identity provider shared with other customers: all but Cognito. */
function isForUsersOfOthers({ Principal, Action }: Statement): boolean {
  const providers = typeof Principal === 'object' ? listOf(Principal.Federated) : [];
  if (providers.some((provider) => provider.includes('cognito-identity'))) return false;
  return (
    listOf(Action).includes('sts:AssumeRoleWithWebIdentity') || providers.some((provider) => SHARED.test(provider))
  );
}

const SHARED = /token\.actions\.githubusercontent\.com|gitlab\.com/;
