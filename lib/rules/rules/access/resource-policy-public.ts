import {
  asksWho,
  isForEverybody,
  openCondition,
  resourceStatements,
  type ResourceStatement,
} from '../../lookups/resource-policies';
import { statementsAt } from '../../lookups/policies';
import { routesOf } from '../../lookups/apis';
import { type Model } from '../../../core/model/model';
import { type Rule } from '../../rule';

/** No policy of a resource, and no role’s trust policy, lets everybody in. */
export const resourcePolicyPublic: Rule = {
  id: 'ResourcePolicyPublic',
  severity: 'error',
  title: 'No resource policy or trust policy lets everybody in',
  why: 'Anybody with an AWS account, or without one, can read, write or become what the policy is about.',
  fix: 'name the accounts, roles or services, or add a condition such as aws:PrincipalOrgID or aws:SourceArn',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html',
  *check({ model }) {
    const trust = model.ofType('AWS::IAM::Role').flatMap((role) => statementsAt(role, 'AssumeRolePolicyDocument'));
    for (const statement of [...resourceStatements(model), ...trust]) {
      if (statement.effect !== 'Allow' || !isForEverybody(statement) || asksWho(statement)) continue;
      if ('about' in statement && guardsApi(model, statement as ResourceStatement)) continue;
      const reason = openCondition(statement);
      if (reason) {
        yield { resource: statement.holder, property: `${statement.property}.Condition`, reason };
        continue;
      }
      const what = statement.actions.length > 0 ? statement.actions.slice(0, 3).join(', ') : 'everything';
      yield {
        resource: statement.holder,
        property: statement.property,
        message: `allows ${what} to everybody`,
        detail: statement.property,
      };
    }
  },
};

/** The policy of a REST API that lets everybody in is what an API without one does: its routes are judged instead. */
function guardsApi(model: Model, statement: ResourceStatement): boolean {
  return statement.holder.type === 'AWS::ApiGateway::RestApi' && routesOf(model, statement.holder).length > 0;
}
