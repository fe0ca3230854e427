import type { Alarm, Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { EventPattern } from 'aws-cdk-lib/aws-events';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Capability } from '../access/capability';
import type { Alarms } from '../alarms/alarms';
import type { Called } from './machine';
import type { SagaPlan } from './plan';

/** What an engine counts, or measures. */
export type SagaMetric = 'started' | 'done' | 'failed' | 'time';

/** What an engine is made of. */
export interface SagaEngineProps {
  readonly plan: SagaPlan;
  /** What each step calls, by its name. */
  readonly calls: ReadonlyMap<string, { readonly action: Called; readonly compensation?: Called }>;
  readonly parked: IQueue;
  /** Where results are that are too large, for the message of a parked saga; its handlers have their own access. */
  readonly claims: IBucket | undefined;
  /**
   * How long log events are kept.
   * @default - as the team keeps its logs, or a month
   */
  readonly logRetention?: RetentionDays;
}

/** What runs a saga, as the rest of it needs to know. */
export interface SagaEngine {
  /** Starts and resumes; the variable holds what `saga()` of `lintel/runtime` reads. */
  readonly start: Capability;
  /** Answers to steps that wait. */
  readonly answer: Capability;
  /** What the keeper reads. */
  readonly read: Capability;
  /** Name of the keeper's module. */
  readonly keeper: string;
  /** Seconds after which what it has begun besides calls runs no longer, once it is stopped; none where there is nothing. */
  readonly settle?: number;
  /** Ends that the keeper is told of. */
  readonly ended: EventPattern;
  /** What becomes of sagas: how many have begun, were done, were undone or parked, and how long they took. */
  metric(what: SagaMetric, options?: MetricOptions): Metric;
  /** Alarms of the engine. */
  alarms(alarms: Alarms): Alarm[];
}
