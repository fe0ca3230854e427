import { listOf } from '../../../core/iam/policy';
import { CONNECT } from '../../lookups/databases';
import {
  conditionsOf,
  grantingStatements,
  namesAction,
  once,
  unread,
  unreadIdentityStatements,
} from '../../lookups/statements';
import type { Rule, RuleContext } from '../../rule';

export const connectCondition: Rule = {
  id: 'ConnectCondition',
  severity: 'error',
  title: 'A permission to connect to a database has no condition',
  why: 'A database proxy supports no condition keys, not even global ones: a conditional Allow never allows, and a conditional Deny never denies.',
  fix: 'remove the condition, and narrow the user’s ARN instead',
  source: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.howitworks.html',
  check: (context) => once(judge(context)),
};

function* judge({ model }: RuleContext): ReturnType<typeof once> {
  // Without a proxy, other rules report what cannot be read.
  if (model.ofType('AWS::RDS::DBProxy').length > 0) yield* unreadIdentityStatements(model).map(unread);
  for (const { statement, holder, property } of grantingStatements(model)) {
    const keys = [...new Set(conditionsOf(statement).map(({ key }) => key))];
    if (keys.length === 0 || !listOf(statement.Action).some(speaks)) continue;
    const message = `makes connecting depend on ${keys.join(', ')}`;
    yield { resource: holder, property: `${property}.Condition`, message, detail: `${CONNECT} ${keys.join()}` };
  }
}

/** A statement for every service covers much else, which its condition is meant for. */
function speaks(action: string): boolean {
  return !/^\*+(:|$)/.test(action) && namesAction({ Effect: 'Allow', Action: action }, CONNECT);
}
