import { statementKey } from '../../../core/iam/documents';
import { listOf } from '../../../core/iam/policy';
import type { Model } from '../../../core/model/model';
import { isGuarded, isPrivate } from '../../lookups/api-guards';
import { routesOf } from '../../../core/model/api-routes';
import {
  asksWho,
  isForEverybody,
  isNarrowedByDenial,
  once,
  type PlacedStatement,
  resourceStatements,
  sweptResourceStatements,
  unread,
  unreadResourceStatements,
} from '../../lookups/statements';
import type { Rule, RuleContext } from '../../rule';

export const resourcePolicyPublic: Rule = {
  id: 'ResourcePolicyPublic',
  severity: 'error',
  title: 'No resource policy or trust policy is public',
  why: 'Anyone, with or without an AWS account, can read, write or assume the resource.',
  fix: 'name the accounts, roles or services, or add a condition such as aws:PrincipalOrgID or aws:SourceArn',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html',
  check: (context) => once(judge(context)),
};

function* judge({ model }: RuleContext): ReturnType<typeof once> {
  for (const placed of [...resourceStatements(model), ...sweptResourceStatements(model)]) {
    const { statement, holder, property } = placed;
    if (statement.Effect !== 'Allow' || !isForEverybody(statement) || asksWho(statement)) continue;
    if (isNarrowedByDenial(placed) || guardsApi(model, placed)) continue;
    const actions = listOf(statement.Action);
    const what = actions.length > 0 ? actions.slice(0, 3).join(', ') : 'everything';
    yield { resource: holder, property, message: `allows ${what} to anyone`, detail: statementKey(placed) };
  }
  yield* unreadResourceStatements(model).map(unread);
}

/**
 * A REST API policy that admits everyone is no different from none: its routes are judged instead. A private API's
 * admits its network, and another may deny on a condition what it allows.
 */
function guardsApi(model: Model, { holder }: PlacedStatement): boolean {
  if (holder.type !== 'AWS::ApiGateway::RestApi') return false;
  return isPrivate(holder) || isGuarded(model, holder) || routesOf(model, holder).length > 0;
}
