import { apiLatency, errorRate } from '../../core/facts/cloudwatch';
import { LASTING, percentage, PERIOD, SUM, type Watched } from './metrics';
import type { WatchedApi } from './props';

/** Answers of 5xx, and slow ones. */
export function ofApi(api: WatchedApi): Watched[] {
  const requests = api.metricCount({ ...SUM, statistic: 'SampleCount' });
  return [
    {
      resource: api,
      what: 'ServerErrorRate',
      metric: percentage('errors', api.metricServerError(SUM), 'requests', requests),
      threshold: errorRate.value,
      alarmDescription: `More than ${errorRate.value} % of the answers are 5xx: see the access log`,
    },
    {
      ...LASTING,
      resource: api,
      what: 'Latency',
      metric: api.metricLatency({ period: PERIOD, statistic: 'p90' }),
      threshold: apiLatency.value,
      alarmDescription: `One answer in ten takes more than ${apiLatency.value} ms`,
    },
  ];
}
