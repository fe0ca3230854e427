import { at, items } from '../../core/model/select';
import { type Rule } from '../rule';

/** An event that a rule, schedule or subscriber cannot deliver is kept. */
export const targetDeadLetterQueue: Rule = {
  id: 'TargetDeadLetterQueue',
  severity: 'warning',
  title: 'An event that cannot be delivered to its target is kept',
  why: 'After a day of retries, and at once where the target refuses, EventBridge drops the event.',
  fix: 'give the target a dead-letter queue: a standard queue whose policy admits the service',
  source: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html',
  *check({ model }) {
    for (const rule of model.ofType('AWS::Events::Rule')) {
      for (const [index, target] of items(at(rule, 'Targets')).entries()) {
        if (at(target, 'DeadLetterConfig.Arn') !== undefined) continue;
        yield {
          resource: rule,
          property: `Targets.${index}.DeadLetterConfig`,
          message: 'drops the events that it cannot deliver',
          detail: String(index),
        };
      }
    }
    for (const schedule of model.ofType('AWS::Scheduler::Schedule')) {
      if (at(schedule, 'Target.DeadLetterConfig.Arn') !== undefined) continue;
      yield { resource: schedule, property: 'Target.DeadLetterConfig', message: 'drops the calls that it cannot make' };
    }
    for (const subscriber of model.ofType('AWS::EventsV2::Subscriber')) {
      if (at(subscriber, 'OnFailureConfiguration.Arn') !== undefined) continue;
      yield {
        resource: subscriber,
        property: 'OnFailureConfiguration',
        message: 'drops the events that it cannot deliver within 5 minutes',
      };
    }
  },
};
