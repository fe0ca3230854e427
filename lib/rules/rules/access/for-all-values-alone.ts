import { conditionsOf, identityStatements, once, resourceStatements } from '../../lookups/statements';
import type { Rule, RuleContext } from '../../rule';

export const forAllValuesAlone: Rule = {
  id: 'ForAllValuesAlone',
  severity: 'error',
  title: 'A ForAllValues condition also requires a value',
  why: 'ForAllValues matches a request without the key: the statement then allows what it seems to forbid.',
  fix: 'add "Null": { "<key>": "false" } to the condition, or use ForAnyValue',
  source:
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html',
  check: (context) => once(judge(context)),
};

function* judge({ model }: RuleContext): ReturnType<typeof once> {
  for (const { statement, holder, property } of [...identityStatements(model), ...resourceStatements(model)]) {
    if (statement.Effect !== 'Allow') continue;
    const conditions = conditionsOf(statement);
    const present = conditions.filter(({ operator, key, values }) => {
      const requiresPresence = operator === 'Null' && values.includes('false');
      return (
        (requiresPresence || (operator.startsWith('ForAnyValue:') && !operator.endsWith('IfExists'))) && key !== ''
      );
    });
    for (const { operator, key } of conditions) {
      if (!operator.startsWith('ForAllValues:') || present.some((condition) => condition.key === key)) continue;
      yield {
        resource: holder,
        property: `${property}.Condition.${operator}`,
        message: `uses ${operator} on ${key} alone, which also matches requests without ${key}`,
        detail: key,
      };
    }
  }
}
