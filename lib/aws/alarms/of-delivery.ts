import { type Duration, Fn } from 'aws-cdk-lib';
import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { IEventBus, IRule } from 'aws-cdk-lib/aws-events';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { PatternError } from '../../core/errors';
import { PERIOD, SUM, type Watched } from './metrics';
import { above, type AlarmSettings } from './settings';

/**
 * Number of messages waiting in a dead-letter queue.
 * @param remedy for when the queue is unknown
 * @throws PatternError when the queue is unknown
 */
export function waitingLetters(
  owner: IConstruct,
  queue: IQueue | undefined,
  remedy: string,
  options?: MetricOptions,
): Metric {
  if (queue !== undefined) return queue.metricApproximateNumberOfMessagesVisible(options);
  const message = `'metricDeadLetters' must not be read without a dead-letter queue of this app; ${remedy}`;
  throw new PatternError(owner.node.path, [{ prop: 'metricDeadLetters', message }]);
}

/** Messages in a dead-letter queue. */
export function deadLettersIn(queue: IQueue, settings: AlarmSettings = {}): Watched {
  return {
    resource: queue,
    what: 'DeadLetters',
    metric: queue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: 'Maximum' }),
    setting: 'deadLetters',
    threshold: above(settings.deadLetters, 0),
    alarmDescription: 'Messages failed permanently: inspect them, fix the cause, and redrive them',
  };
}

/** Messages that wait in a queue longer than the team allows, whatever the cause. */
export function waitingIn(queue: IQueue, age: Duration): Watched {
  return {
    resource: queue,
    what: 'Age',
    setting: 'age',
    metric: queue.metricApproximateAgeOfOldestMessage({ period: PERIOD, statistic: 'Maximum' }),
    threshold: age.toSeconds(),
    alarmDescription: `Messages wait longer than ${age.toHumanString()}: the function fails, is too slow, or too few run at once`,
  };
}

/**
 * A metric of a rule, as a sum. For a rule on a custom bus it
 * has the bus among its dimensions, unlike the L2's.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
 */
export function ruleMetric(rule: IRule, bus: IEventBus, metricName: string, options?: MetricOptions): Metric {
  // The name comes last in the ARN; a Ref puts the bus in front of it.
  const name = Fn.select(2, Fn.split('/', rule.ruleArn));
  return new Metric({
    ...SUM,
    namespace: 'AWS/Events',
    metricName,
    dimensionsMap: { EventBusName: bus.eventBusName, RuleName: name },
    ...options,
  });
}

/** Events of a rule that reached neither its target nor its dead-letter queue. */
export function lostBy(rule: IRule, bus: IEventBus, settings: AlarmSettings = {}): Watched {
  return {
    resource: rule,
    what: 'LostEvents',
    metric: ruleMetric(rule, bus, 'InvocationsFailedToBeSentToDlq'),
    setting: 'lostEvents',
    threshold: above(settings.lostEvents, 0),
    alarmDescription:
      'Events are lost: the dead-letter queue of the rule does not take them; see its policy and its key',
  };
}
