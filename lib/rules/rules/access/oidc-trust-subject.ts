import { at, items, toText } from '../../../core/model/select';
import { type Statement, statementsAt } from '../../lookups/policies';
import { conditionsOf, openCondition } from '../../lookups/resource-policies';
import { each, type Rule } from '../../rule';

/** A role for a pipeline says which repository may use it. */
export const oidcTrustSubject: Rule = {
  id: 'OidcTrustSubject',
  severity: 'error',
  title: 'A role that trusts an identity provider names the subject',
  why: 'Everybody with an account at the provider (GitHub, GitLab) can use the role otherwise.',
  fix: 'add a condition on <provider>:sub that names the repository and branch',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html',
  check: each(['AWS::IAM::Role'], function* (role) {
    for (const statement of statementsAt(role, 'AssumeRolePolicyDocument')) {
      if (statement.effect !== 'Allow' || !isForUsersOfOthers(statement)) continue;
      const subjects = conditionsOf(statement).filter(({ key }) => SUBJECT.test(key));
      if (subjects.some(({ values }) => !values.includes('*'))) continue;
      const { property } = statement;
      const reason = openCondition(statement);
      if (reason) yield { resource: role, property: `${property}.Condition`, reason };
      else yield { resource: role, property, message: 'trusts everybody at its identity provider', detail: property };
    }
  }),
};

const SUBJECT = /:(?:sub|repository|job_workflow_ref|project_path)$/;

/** Whether a statement trusts a provider of web identities that others use too: all but Cognito, whose pools are one's own. */
function isForUsersOfOthers({ principal, actions }: Statement): boolean {
  const providers = items(at(principal, 'Federated')).map((provider) => toText(provider) ?? '');
  if (providers.some((provider) => provider.includes('cognito-identity'))) return false;
  return actions.includes('sts:AssumeRoleWithWebIdentity') || providers.some((provider) => SHARED.test(provider));
}

const SHARED = /token\.actions\.githubusercontent\.com|gitlab\.com/;
