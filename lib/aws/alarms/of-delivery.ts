import { Fn } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IEventBus, IRule } from 'aws-cdk-lib/aws-events';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { PERIOD, SUM, type Watched } from './metrics';

/** Messages in a dead-letter queue. */
export function deadLettersIn(queue: IQueue): Watched {
  return {
    resource: queue,
    what: 'DeadLetters',
    metric: queue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: 'Maximum' }),
    threshold: 0,
    alarmDescription: 'Messages failed for good: look at them, repair the cause, and redrive',
  };
}

/**
 * Events of a rule that reached neither its target nor its dead-letter queue. The metric of a rule on a bus of one's own has
 * the bus among its dimensions, which the L2's does not.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
 */
export function lostBy(rule: IRule, bus: IEventBus): Watched {
  // A rule's name alone is in its ARN; what it refers to has the bus in front of it.
  const name = Fn.select(2, Fn.split('/', rule.ruleArn));
  return {
    resource: rule,
    what: 'LostEvents',
    metric: new Metric({
      ...SUM,
      namespace: 'AWS/Events',
      metricName: 'InvocationsFailedToBeSentToDlq',
      dimensionsMap: { EventBusName: bus.eventBusName, RuleName: name },
    }),
    threshold: 0,
    alarmDescription:
      'Events are lost: the dead-letter queue of the rule does not take them; see its policy and its key',
  };
}
