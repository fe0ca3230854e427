import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Alarms } from '../alarms/alarms';
import { above } from '../alarms/settings';
import { ServiceFunction } from '../service-function';

/**
 * Alarm on records other than new events, as distinct from other parked ones: the runtime helper logs each as
 * `{ tampering: true, ... }`. Only for functions of ours, whose log group is known and in JSON.
 */
export function tamperingAlarm(scope: Construct, reader: lambda.Function, alarms: Alarms): cloudwatch.Alarm[] {
  if (!(reader instanceof ServiceFunction)) return [];
  const filter = new MetricFilter(scope, 'Tampering', {
    logGroup: reader.logGroup,
    filterPattern: FilterPattern.booleanValue('$.message.tampering', true),
    metricNamespace: 'EventStore',
    metricName: `${scope.node.path}/Tampering`,
  });
  return alarms.on(reader, 'Tampering', {
    metric: filter.metric({ period: Duration.minutes(5), statistic: 'Sum' }),
    setting: 'tampering',
    threshold: above(alarms.settings.tampering, 0),
    alarmDescription: 'An event was replaced or deleted: see the parked message, and who may write to the table',
  });
}
