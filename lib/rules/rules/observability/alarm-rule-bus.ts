import { displayName } from '../../../core/model/display';
import type { Resource } from '../../../core/model/model';
import { at, items, toText } from '../../../core/model/select';
import { Reference, type Value } from '../../../core/model/values';
import { each, type Rule } from '../../rule';

export const alarmRuleBus: Rule = {
  id: 'AlarmRuleBus',
  severity: 'error',
  title: 'An alarm on a custom bus’s rule names the bus, and the rule by its own name',
  why: 'EventBridge publishes such a rule’s metrics under both names. Ref gives "bus|rule", which is neither: the alarm has no data and never fires.',
  fix: 'add the dimension EventBusName, and take the rule’s name from its ARN: { "Fn::Select": [2, { "Fn::Split": ["/", <ARN>] }] }',
  source: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html',
  check: each(['AWS::CloudWatch::Alarm'], function* (alarm, { model }) {
    const queries = items(at(alarm, 'Metrics')).map((query, index) => ({
      metric: at(query, 'MetricStat.Metric'),
      path: `Metrics.${index}.MetricStat.Metric.`,
    }));
    for (const { metric, path } of [{ metric: alarm.properties as Value, path: '' }, ...queries]) {
      if (toText(at(metric, 'Namespace')) !== 'AWS/Events') continue;
      const dimensions = items(at(metric, 'Dimensions'));
      const value = (name: string) =>
        at(
          dimensions.find((one) => toText(at(one, 'Name')) === name),
          'Value',
        );
      const named = value('RuleName');
      const rule = named instanceof Reference ? model.target(named) : undefined;
      if (rule?.type !== 'AWS::Events::Rule' || !isOnOwnBus(rule)) continue;
      const asRef = named instanceof Reference && named.attribute === undefined;
      if (!asRef && value('EventBusName') !== undefined) continue;
      yield {
        resource: alarm,
        property: `${path}Dimensions`,
        message: `watches ${displayName(rule)} under a name that EventBridge publishes no metrics for`,
        detail: path,
      };
    }
  }),
};

function isOnOwnBus(rule: Resource): boolean {
  const bus = at(rule, 'EventBusName');
  return bus !== undefined && toText(bus) !== 'default';
}
