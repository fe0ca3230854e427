import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { IConstruct } from 'constructs';
import type { WatchedMetric } from './props';

/** Failures are counted over this period, and one period is enough, so that an hourly job is watched too. */
export const PERIOD = Duration.minutes(5);

/** What fluctuates, a latency or a load, must last for three periods. */
export const LASTING = { evaluationPeriods: 3 };

/** The sum over a period. */
export const SUM: MetricOptions = { period: PERIOD, statistic: 'Sum' };

/** An alarm to create: its resource, and what its metric shows. */
export interface Watched extends WatchedMetric {
  /** The metric's resource. */
  readonly resource: IConstruct;
  /** What the metric shows, for the alarm's id. */
  readonly what: string;
}

/** One metric as a percentage of another; both names appear in the expression. */
export function percentage(part: string, partMetric: IMetric, whole: string, wholeMetric: IMetric): MathExpression {
  return new MathExpression({
    expression: `100 * ${part} / ${whole}`,
    usingMetrics: { [part]: partMetric, [whole]: wholeMetric },
    label: `${part} of ${whole}, in percent`,
    period: PERIOD,
  });
}
