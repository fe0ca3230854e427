import { actionDataDate, matchingActions } from '../../../core/iam/actions';
import { listOf } from '../../../core/iam/policy';
import { areOfPolicyTemplate } from '../../../core/model/sam/policy-templates';
import { identityStatements, once, resourceStatements } from '../../lookups/statements';
import type { Rule, RuleContext } from '../../rule';

export const unknownAction: Rule = {
  id: 'UnknownAction',
  severity: 'warning',
  title: 'A policy names actions that exist',
  why: 'IAM accepts any name: one that is not an action allows nothing, and denies nothing either.',
  fix: 'take the name from the Service Authorization Reference',
  source:
    'https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html',
  check: (context) => once(judge(context)),
};

/** AWS still writes these into the default policies of new resources, although the reference no longer lists them. */
const OF_DEFAULT_POLICIES = ['sns:receive'];

/** AWS guides ask for these, although the reference does not list them. */
const OF_GUIDES = /^mediaconnect:managed(?:describeflow|addoutput|removeoutput)$/i;

/** Its permissions are not IAM actions. */
const DATA_ACCESS = 'AWS::OpenSearchServerless::AccessPolicy';

function* judge({ model }: RuleContext): ReturnType<typeof once> {
  for (const { statement, holder, property } of [...identityStatements(model), ...resourceStatements(model)]) {
    for (const member of ['Action', 'NotAction'] as const) {
      for (const action of listOf(statement[member])) {
        if (matchingActions(action).length > 0 || areOfPolicyTemplate(listOf(statement[member]))) continue;
        if (OF_DEFAULT_POLICIES.includes(action.toLowerCase()) || OF_GUIDES.test(action)) continue;
        if (holder.type === DATA_ACCESS) continue;
        if (action.includes('<')) {
          const reason = 'which action it names is known only at deployment';
          yield { resource: holder, property: `${property}.${member}`, reason };
          continue;
        }
        const message = `names ${action}, which is not an AWS action (as of ${actionDataDate()})`;
        yield { resource: holder, property: `${property}.${member}`, message, detail: action };
      }
    }
  }
}
