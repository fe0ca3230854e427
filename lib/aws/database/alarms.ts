import { Duration } from 'aws-cdk-lib';
import { type Alarm, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { DatabaseProxy } from 'aws-cdk-lib/aws-rds';
import type { Alarms } from '../alarms/alarms';

const PERIOD = Duration.minutes(5);

/** Microseconds: longer than this, a function waits for others to end their transactions. */
const SLOW_BORROW = 100_000;

/**
 * What tells that a pool is none: sessions that keep their connection, waiting for one, and fewer than were planned.
 * @param planned connections of the database, by which the budget is judged; unknown for one that is not declared
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.monitoring.html
 */
export function proxyAlarms(alarms: Alarms, proxy: DatabaseProxy, planned: number | undefined): Alarm[] {
  const metric = (metricName: string, statistic: string, more: Record<string, string> = {}) =>
    new Metric({
      namespace: 'AWS/RDS',
      metricName,
      statistic,
      period: PERIOD,
      dimensionsMap: { ProxyName: proxy.dbProxyName, ...more },
    });
  const writer = { TargetGroup: 'default', TargetRole: 'READ_WRITE' };
  return [
    ...alarms.on(proxy, 'Pinned', {
      metric: metric('DatabaseConnectionsCurrentlySessionPinned', 'Maximum'),
      threshold: 0,
      evaluationPeriods: 3,
      alarmDescription:
        'Sessions keep a connection of the database to themselves: see the log of the proxy for what pins them',
    }),
    ...alarms.on(proxy, 'Borrow', {
      metric: metric('DatabaseConnectionsBorrowLatency', 'Average'),
      threshold: SLOW_BORROW,
      evaluationPeriods: 3,
      alarmDescription: `Functions wait more than ${SLOW_BORROW / 1000} ms for a connection: raise 'capacity', or have fewer at once`,
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
          threshold: 0,
          evaluationPeriods: 3,
          alarmDescription: `The proxy may open fewer than the ${planned} connections that were planned: a change of the capacity counts after a reboot`,
        })),
  ];
}
