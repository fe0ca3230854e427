import { ModelAccess, type ResourceStatement } from '../../../core/iam/model-access';
import { displayName } from '../../../core/model/display';
import { notices } from '../../lookups/notices';
import { isForEverybody, namesAction, servicesOf } from '../../lookups/statements';
import type { Rule } from '../../rule';
import { CALLS } from '../../../core/iam/platform-actions';

export const alarmTopicPolicy: Rule = {
  id: 'AlarmTopicPolicy',
  severity: 'error',
  title: 'A topic that an alarm or a budget notifies lets the service publish',
  why: 'Any policy, even one that only refuses plain HTTP, replaces the default that lets CloudWatch publish: nobody is notified.',
  fix: 'allow the service sns:Publish in the policy of the topic, with a condition on aws:SourceAccount',
  source: 'https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html',
  *check({ model }) {
    for (const { holder, property, topic, principal } of notices(model)) {
      const statements = ModelAccess.of(model).statementsAbout(topic);
      // The default policy of a new topic admits CloudWatch, but not AWS Budgets.
      if (statements.length === 0 && principal === 'cloudwatch.amazonaws.com') continue;
      if (statements.some((statement) => admits(statement, principal))) continue;
      const unread = statements.find(({ statement }) => statement === undefined);
      if (unread) {
        yield { resource: holder, property, reason: unread.problem ?? 'a policy of its topic cannot be read' };
        continue;
      }
      const message = `notifies ${displayName(topic)}, whose policy does not allow ${principal} sns:Publish`;
      yield { resource: holder, property, message, detail: property };
    }
  },
};

function admits({ statement }: ResourceStatement, principal: string): boolean {
  if (statement?.Effect !== 'Allow' || !namesAction(statement, CALLS.topic.required)) return false;
  return servicesOf(statement).includes(principal) || isForEverybody(statement);
}
