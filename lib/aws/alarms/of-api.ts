import { Duration } from 'aws-cdk-lib';
import { apiLatency, errorRate } from '../../core/facts/cloudwatch';
import { LASTING, percentage, PERIOD, SUM, type Watched } from './metrics';
import type { WatchedApi } from './props';
import { above, type AlarmSettings } from './settings';

/** Alarms on 5xx responses and slow ones. */
export function ofApi(api: WatchedApi, settings: AlarmSettings = {}): Watched[] {
  const failing = above(settings.errorRate, errorRate.value);
  const slow = above(settings.latency, Duration.millis(apiLatency.value)).toMilliseconds();
  const requests = api.metricCount({ ...SUM, statistic: 'SampleCount' });
  return [
    {
      resource: api,
      what: 'ServerErrorRate',
      metric: percentage('errors', api.metricServerError(SUM), 'requests', requests),
      setting: 'errorRate',
      threshold: failing,
      alarmDescription: `More than ${failing} % of the answers are 5xx: see the access log`,
    },
    {
      ...LASTING,
      resource: api,
      what: 'Latency',
      metric: api.metricLatency({ period: PERIOD, statistic: 'p90' }),
      setting: 'latency',
      threshold: slow,
      alarmDescription: `One answer in ten takes more than ${slow} ms`,
    },
  ];
}
