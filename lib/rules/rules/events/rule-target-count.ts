import { events } from '../../../core/facts';
import { at, eachBranch, inWords, isList } from '../../../core/model/select';
import { each, type Rule } from '../../rule';

const LIMIT = events.targetsPerRule.value;

export const ruleTargetCount: Rule = {
  id: 'RuleTargetCount',
  severity: 'error',
  title: `A rule has at most ${LIMIT} targets`,
  why: 'EventBridge rejects the deployment otherwise.',
  fix: 'add a second rule with the same pattern, or fan out through a topic',
  source: events.targetsPerRule.source,
  check: each(['AWS::Events::Rule'], function* (rule) {
    for (const { value, when } of eachBranch(at(rule, 'Targets'))) {
      if (!isList(value) || value.length <= LIMIT) continue;
      yield {
        resource: rule,
        property: 'Targets',
        message: `has ${value.length} targets, more than ${LIMIT}${inWords(when)}`,
      };
    }
  }),
};
