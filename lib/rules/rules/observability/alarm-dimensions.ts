import { at, items, toText } from '../../../core/model/select';
import { each, type Rule } from '../../rule';

/** Namespaces whose metrics are about one resource each. */
const OF_A_RESOURCE = [
  'AWS/ApiGateway',
  'AWS/DynamoDB',
  'AWS/Events',
  'AWS/Kinesis',
  'AWS/RDS',
  'AWS/SNS',
  'AWS/SQS',
  'AWS/States',
];

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
      if (namespace === undefined || !OF_A_RESOURCE.includes(namespace) || items(at(metric, 'Dimensions')).length > 0)
        continue;
      yield {
        resource: alarm,
        property: `${path}Dimensions`,
        message: `watches ${namespace} without naming a resource`,
        detail: path,
      };
    }
  }),
};
