import { at, items, toText } from '../../core/model/select';
import { statementsAt } from '../lookups/policies';
import { conditionsOf } from '../lookups/resource-policies';
import { each, type Rule } from '../rule';

/** A role for a pipeline says which repository may use it. */
export const oidcTrustSubject: Rule = {
  id: 'OidcTrustSubject',
  severity: 'error',
  title: 'A role that trusts an identity provider names the subject',
  why: 'Everybody with an account at the provider (GitHub, GitLab) can use the role otherwise.',
  fix: 'add a condition on <provider>:sub that names the repository and branch',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html',
  check: each(['AWS::IAM::Role'], function* (role) {
    for (const { effect, property, ...statement } of statementsAt(role, 'AssumeRolePolicyDocument')) {
      const providers = items(at(statement.principal, 'Federated')).map((provider) => toText(provider) ?? '');
      const shared = providers.some((provider) => /token\.actions\.githubusercontent\.com|gitlab\.com/.test(provider));
      const federated = shared || statement.actions.includes('sts:AssumeRoleWithWebIdentity');
      if (effect !== 'Allow' || !federated || providers.some((provider) => provider.includes('cognito-identity')))
        continue;
      const subjects = conditionsOf({ ...statement, effect, property }).filter(({ key }) =>
        /:(?:sub|repository|job_workflow_ref|project_path)$/.test(key),
      );
      if (subjects.some(({ values }) => !values.includes('*'))) continue;
      yield { resource: role, property, message: 'trusts everybody at its identity provider', detail: property };
    }
  }),
};
