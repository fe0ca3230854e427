import { at, isList, items, toText } from '../../../core/model/select';
import type { Value } from '../../../core/model/values';
import { each, type Rule } from '../../rule';

/**
 * Namespaces whose metrics are about one resource each, with those that are about the account. EventBridge and RDS are not
 * among them: they publish sums over all rules and databases as well.
 */
const OF_A_RESOURCE: Readonly<Record<string, RegExp | undefined>> = {
  'AWS/ApiGateway': undefined,
  'AWS/DynamoDB': /^(?:Account|MaxProvisionedTable|UserErrors$)/,
  'AWS/Kinesis': undefined,
  'AWS/SNS': /^SMS/,
  'AWS/SQS': undefined,
  'AWS/States': undefined,
};

/** An alarm says which resource it is about. */
export const alarmDimensions: Rule = {
  id: 'AlarmDimensions',
  severity: 'error',
  title: 'An alarm on a resource’s metric names the resource',
  why: 'Without a dimension there is no such metric: the alarm has no data and never rings.',
  fix: 'set Dimensions, for instance QueueName',
  source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html',
  check: each(['AWS::CloudWatch::Alarm'], function* (alarm) {
    const single = { metric: alarm.properties, path: '' };
    const queries = items(at(alarm, 'Metrics')).map((query, index) => ({
      metric: at(query, 'MetricStat.Metric'),
      path: `Metrics.${index}.MetricStat.Metric.`,
    }));
    for (const { metric, path } of [single, ...queries]) {
      const namespace = toText(at(metric, 'Namespace'));
      if (namespace === undefined || !Object.hasOwn(OF_A_RESOURCE, namespace)) continue;
      const name = toText(at(metric, 'MetricName')) ?? '';
      if (OF_A_RESOURCE[namespace]?.test(name) || !isEmpty(at(metric, 'Dimensions'))) continue;
      yield {
        resource: alarm,
        property: `${path}Dimensions`,
        message: `watches ${namespace} without naming a resource`,
        detail: path,
      };
    }
  }),
};

function isEmpty(dimensions: Value | undefined): boolean {
  return dimensions === undefined || (isList(dimensions) && dimensions.length === 0);
}
