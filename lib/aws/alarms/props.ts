import type { IMetric, Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import type { AlarmName, AlarmSettings } from './settings';

/** Props of `Alarms`. */
export interface AlarmsProps {
  /**
   * Who is told. An alarm without an action only shows in the console. Where the topic has a key of the app's own, the key
   * admits CloudWatch, and so does each policy that the app gives the topic: CloudWatch could tell nobody otherwise.
   * @default - nobody
   */
  readonly topic?: ITopic;
  /**
   * What the alarms are raised at, how long it must last, or that there is none, and why.
   * @default - what AWS recommends
   */
  readonly settings?: AlarmSettings;
}

/** An API or one of its stages, of either kind. */
export interface WatchedApi extends IConstruct {
  /** Answers with a 5xx status. */
  metricServerError(props?: MetricOptions): Metric;
  /** Requests. */
  metricCount(props?: MetricOptions): Metric;
  /** Time from a request to its answer. */
  metricLatency(props?: MetricOptions): Metric;
}

/** A metric, and what is too much of it. */
export interface WatchedMetric {
  /** The metric, or an expression of several. */
  readonly metric: IMetric;
  /** More than this raises the alarm. */
  readonly threshold: number;
  /**
   * Periods in a row above the threshold.
   * @default 1
   */
  readonly evaluationPeriods?: number;
  /** What it means, and what to do. */
  readonly alarmDescription: string;
  /**
   * The setting by which a team changes or leaves out the alarm.
   * @default - nobody does
   */
  readonly setting?: AlarmName;
}
