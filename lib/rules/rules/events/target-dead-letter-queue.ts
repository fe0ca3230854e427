import { at, items } from '../../../core/model/select';
import { absences } from '../../each-property';
import type { Rule } from '../../rule';

export const targetDeadLetterQueue: Rule = {
  id: 'TargetDeadLetterQueue',
  severity: 'warning',
  title: 'An event that cannot be delivered to its target is kept',
  why: 'After a day of retries, or at once if the target refuses, EventBridge drops the event.',
  fix: 'give the target a dead-letter queue: a standard queue whose policy admits the service',
  source: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html',
  *check({ model }) {
    for (const rule of model.ofType('AWS::Events::Rule')) {
      for (const [index, target] of items(at(rule, 'Targets')).entries()) {
        for (const when of absences(at(target, 'DeadLetterConfig.Arn'))) {
          const message = `drops the events that it cannot deliver${when}`;
          yield {
            resource: rule,
            property: `Targets.${index}.DeadLetterConfig`,
            message,
            detail: `Targets.${index}`,
          };
        }
      }
    }
    for (const schedule of model.ofType('AWS::Scheduler::Schedule')) {
      for (const when of absences(at(schedule, 'Target.DeadLetterConfig.Arn'))) {
        const message = `drops the calls that it cannot make${when}`;
        yield { resource: schedule, property: 'Target.DeadLetterConfig', message };
      }
    }
    for (const subscriber of model.ofType('AWS::EventsV2::Subscriber')) {
      for (const when of absences(at(subscriber, 'OnFailureConfiguration.Arn'))) {
        const message = `drops the events that it cannot deliver within 5 minutes${when}`;
        yield { resource: subscriber, property: 'OnFailureConfiguration', message };
      }
    }
  },
};
