import type { IMetric, Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import type { AlarmName, AlarmSettings } from './settings';

/** Props of `Alarms`. */
export interface AlarmsProps {
  /**
   * Topic to notify. An alarm without an action only shows in the console. If the topic has a key or topic policies created by this
   * app, they are extended to let CloudWatch publish: otherwise it could notify no one.
   * @default - no notifications
   */
  readonly topic?: ITopic;
  /**
   * Alarm thresholds and durations, or alarms switched off with a reason.
   * @default - as AWS recommends
   */
  readonly settings?: AlarmSettings;
}

/** An API or one of its stages, of either kind. */
export interface WatchedApi extends IConstruct {
  /** 5xx responses. */
  metricServerError(props?: MetricOptions): Metric;
  /** Requests. */
  metricCount(props?: MetricOptions): Metric;
  /** Time from request to response. */
  metricLatency(props?: MetricOptions): Metric;
}

/** A metric and its threshold. */
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
  /** What it means, and what to do about it. */
  readonly alarmDescription: string;
  /**
   * The setting that changes or switches off the alarm.
   * @default - cannot be changed
   */
  readonly setting?: AlarmName;
}
