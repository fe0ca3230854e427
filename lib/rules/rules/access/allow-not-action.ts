import { statementKey } from '../../../core/iam/documents';
import { grantingStatements, once, resourceStatements } from '../../lookups/statements';
import type { Rule, RuleContext } from '../../rule';

export const allowNotAction: Rule = {
  id: 'AllowNotAction',
  severity: 'warning',
  title: 'An Allow statement lists what it allows',
  why: 'NotAction and NotResource allow everything else, including every future service and resource.',
  fix: 'list the actions and resources, or use NotAction with Deny',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html',
  check: (context) => once(judge(context)),
};

function* judge({ model }: RuleContext): ReturnType<typeof once> {
  for (const placed of [...grantingStatements(model), ...resourceStatements(model)]) {
    const { statement, holder, property } = placed;
    const { Effect, NotAction, NotResource } = statement;
    if (Effect !== 'Allow' || (!NotAction && !NotResource)) continue;
    const element = NotAction ? 'NotAction' : 'NotResource';
    yield {
      resource: holder,
      property: `${property}.${element}`,
      message: `allows everything except its ${element}`,
      detail: statementKey(placed),
    };
  }
}
