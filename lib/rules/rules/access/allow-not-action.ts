import { statementKey } from '../../../core/iam/documents';
import { identityStatements, once, resourceStatements } from '../../lookups/statements';
import type { Rule, RuleContext } from '../../rule';

/** A policy says what it allows, not what it does not. */
export const allowNotAction: Rule = {
  id: 'AllowNotAction',
  severity: 'warning',
  title: 'A policy that allows names what it allows',
  why: 'NotAction and NotResource allow everything else, including every future service and resource.',
  fix: 'list the actions and resources, or use NotAction with Deny',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html',
  check: (context) => once(judge(context)),
};

function* judge({ model }: RuleContext): ReturnType<typeof once> {
  for (const placed of [...identityStatements(model), ...resourceStatements(model)]) {
    const { statement, holder, property } = placed;
    const { Effect, NotAction, NotResource } = statement;
    if (Effect !== 'Allow' || (!NotAction && !NotResource)) continue;
    const element = NotAction ? 'NotAction' : 'NotResource';
    yield {
      resource: holder,
      property: `${property}.${element}`,
      message: `allows by ${element}`,
      detail: statementKey(placed),
    };
  }
}
