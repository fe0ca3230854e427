import { listOf } from '../../../core/iam/policy';
import { CONNECT } from '../../lookups/databases';
import {
  conditionsOf,
  identityStatements,
  namesAction,
  once,
  unread,
  unreadIdentityStatements,
} from '../../lookups/statements';
import type { Rule, RuleContext } from '../../rule';

/** A permission to connect has no condition. */
export const connectCondition: Rule = {
  id: 'ConnectCondition',
  severity: 'error',
  title: 'A permission to connect to a database has no condition',
  why: 'A database proxy knows no condition keys, global ones included: what is allowed under a condition is never allowed there, and what is denied under one never denied.',
  fix: 'remove the condition, and narrow the ARN of the user in its place',
  source: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.howitworks.html',
  check: (context) => once(judge(context)),
};

function* judge({ model }: RuleContext): ReturnType<typeof once> {
  // Where no proxy is, what cannot be read is the matter of others.
  if (model.ofType('AWS::RDS::DBProxy').length > 0) yield* unreadIdentityStatements(model).map(unread);
  for (const { statement, holder, property } of identityStatements(model)) {
    const keys = [...new Set(conditionsOf(statement).map(({ key }) => key))];
    if (keys.length === 0 || !listOf(statement.Action).some(speaks)) continue;
    const message = `asks for ${keys.join(', ')} of who connects`;
    yield { resource: holder, property: `${property}.Condition`, message, detail: `${CONNECT} ${keys.join()}` };
  }
}

/** What speaks of every service speaks of much else, for which its condition is meant. */
function speaks(action: string): boolean {
  return !/^\*+(:|$)/.test(action) && namesAction({ Effect: 'Allow', Action: action }, CONNECT);
}
