import { Duration } from 'aws-cdk-lib';
import { type Alarm, MathExpression, Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { DatabaseProxy } from 'aws-cdk-lib/aws-rds';
import type { Alarms } from '../alarms/alarms';
import { above } from '../alarms/settings';

const PERIOD = Duration.minutes(5);

/** Beyond this, functions are waiting for others to end their transactions. */
const SLOW_BORROW = Duration.millis(100);

/** A metric of a proxy, as an average. @param more further dimensions */
export function proxyMetric(
  proxy: DatabaseProxy,
  metricName: string,
  options?: MetricOptions,
  more: Record<string, string> = {},
): Metric {
  return new Metric({
    namespace: 'AWS/RDS',
    metricName,
    dimensionsMap: { ProxyName: proxy.dbProxyName, ...more },
    ...options,
  });
}

/**
 * Signs that pooling does not work: pinned sessions, waiting for a connection, and fewer connections than planned.
 * @param planned connections of the database, as in the budget; undefined if not declared
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.monitoring.html
 */
export function proxyAlarms(alarms: Alarms, proxy: DatabaseProxy, planned: number | undefined): Alarm[] {
  const metric = (metricName: string, statistic: string, more?: Record<string, string>) =>
    proxyMetric(proxy, metricName, { statistic, period: PERIOD }, more);
  const { settings } = alarms;
  const slow = above(settings.borrowing, SLOW_BORROW).toMilliseconds();
  const writer = { TargetGroup: 'default', TargetRole: 'READ_WRITE' };
  return [
    ...alarms.on(proxy, 'Pinned', {
      setting: 'pinned',
      metric: metric('DatabaseConnectionsCurrentlySessionPinned', 'Maximum'),
      threshold: above(settings.pinned, 0),
      evaluationPeriods: 3,
      alarmDescription:
        'Sessions keep a connection of the database to themselves: see the log of the proxy for what pins them',
    }),
    ...alarms.on(proxy, 'Borrow', {
      setting: 'borrowing',
      metric: metric('DatabaseConnectionsBorrowLatency', 'Average'),
      // The metric is in microseconds.
      threshold: slow * 1000,
      evaluationPeriods: 3,
      alarmDescription: `Functions wait more than ${slow} ms for a connection: raise 'capacity', or have fewer at once`,
    }),
    ...(planned === undefined
      ? []
      : alarms.on(proxy, 'FewerConnections', {
          metric: new MathExpression({
            expression: `${planned} - most`,
            usingMetrics: { most: metric('MaxDatabaseConnectionsAllowed', 'Minimum', writer) },
            label: 'connections that are missing',
            period: PERIOD,
          }),
          setting: 'connections',
          threshold: above(settings.connections, 0),
          evaluationPeriods: 3,
          alarmDescription: `The proxy may open fewer than the ${planned} connections that were planned: a change of the capacity counts after a reboot`,
        })),
  ];
}
