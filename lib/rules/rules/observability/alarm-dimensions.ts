import { at, inWords, isList, isUnknown, items, together, toText } from '../../../core/model/select';
import type { Value } from '../../../core/model/values';
import { each, type Rule, undecided } from '../../rule';

/**
 * Namespaces with a metric per resource, and their account-wide metrics. EventBridge and RDS are left out: they also
 * publish sums over all rules and databases.
 */
const OF_A_RESOURCE: Readonly<Record<string, RegExp | undefined>> = {
  'AWS/ApiGateway': undefined,
  'AWS/DynamoDB': /^(?:Account|MaxProvisionedTable|UserErrors$)/,
  'AWS/Kinesis': undefined,
  'AWS/SNS': /^SMS/,
  'AWS/SQS': undefined,
  'AWS/States': undefined,
};

export const alarmDimensions: Rule = {
  id: 'AlarmDimensions',
  severity: 'error',
  title: 'An alarm on a resource’s metric names the resource',
  why: 'Without a dimension there is no such metric: the alarm has no data and never fires.',
  fix: 'set Dimensions, for instance QueueName',
  source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html',
  check: each(['AWS::CloudWatch::Alarm'], function* (alarm) {
    const single = { metric: alarm.properties, path: '' };
    const queries = items(at(alarm, 'Metrics')).map((query, index) => ({
      metric: at(query, 'MetricStat.Metric'),
      path: `Metrics.${index}.MetricStat.Metric.`,
    }));
    for (const { metric, path } of [single, ...queries]) {
      const property = `${path}Dimensions`;
      const settings = together({
        namespace: at(metric, 'Namespace'),
        name: at(metric, 'MetricName'),
        dimensions: at(metric, 'Dimensions'),
      });
      for (const { values, when } of settings) {
        const namespace = toText(values.namespace);
        const known = namespace === undefined ? undefined : Object.hasOwn(OF_A_RESOURCE, namespace);
        if (known === false || !mayBeEmpty(values.dimensions)) continue;
        const name = toText(values.name);
        if (namespace !== undefined && name !== undefined && OF_A_RESOURCE[namespace]?.test(name)) continue;
        const needsName = namespace !== undefined && OF_A_RESOURCE[namespace] !== undefined;
        const open = [values.namespace, values.dimensions, needsName ? values.name : undefined].find(isUnknown);
        if (open !== undefined) yield undecided(alarm, property, open);
        else if (namespace !== undefined) {
          const message = `watches ${namespace} without naming a resource${inWords(when)}`;
          yield { resource: alarm, property, message, detail: path };
        }
      }
    }
  }),
};

function mayBeEmpty(dimensions: Value | undefined): boolean {
  return dimensions === undefined || isUnknown(dimensions) || (isList(dimensions) && dimensions.length === 0);
}
