import { isConditionKey } from '../../../core/iam/condition-keys';
import { identityStatements, once, resourceStatements } from '../../lookups/statements';
import type { Rule, RuleContext } from '../../rule';

export const unknownConditionKey: Rule = {
  id: 'UnknownConditionKey',
  severity: 'warning',
  title: 'A policy uses condition keys that exist',
  why: 'IAM accepts any name: a key that is never sent never matches, so an Allow allows nothing, and a Deny unless it matches denies everything.',
  fix: 'take the key from the Service Authorization Reference',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html',
  check: (context) => once(judge(context)),
};

function* judge({ model }: RuleContext): ReturnType<typeof once> {
  for (const { statement, holder, property } of [...identityStatements(model), ...resourceStatements(model)]) {
    const keys = new Set(Object.values(statement.Condition ?? {}).flatMap((block) => Object.keys(block)));
    for (const key of [...keys].filter((one) => isConditionKey(one) === false)) {
      const message = `uses ${key}, which is not an AWS condition key`;
      yield { resource: holder, property: `${property}.Condition`, message, detail: key };
    }
  }
}
