import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { IConstruct } from 'constructs';
import type { WatchedMetric } from './props';

/** Failures are counted over this time, and one such time is enough: a job that runs once an hour is watched, too. */
export const PERIOD = Duration.minutes(5);

/** What comes and goes, a latency or a load, must last for three periods. */
export const LASTING = { evaluationPeriods: 3 };

/** How many there were in a period. */
export const SUM: MetricOptions = { period: PERIOD, statistic: 'Sum' };

/** An alarm to be: of which resource, and what its metric tells. */
export interface Watched extends WatchedMetric {
  /** Whose metric it is. */
  readonly resource: IConstruct;
  /** What the metric tells, for the alarm's id. */
  readonly what: string;
}

/** A part of a whole, in percent; both by names that stand in the expression. */
export function percentage(part: string, partMetric: IMetric, whole: string, wholeMetric: IMetric): MathExpression {
  return new MathExpression({
    expression: `100 * ${part} / ${whole}`,
    usingMetrics: { [part]: partMetric, [whole]: wholeMetric },
    label: `${part} of ${whole}, in percent`,
    period: PERIOD,
  });
}
