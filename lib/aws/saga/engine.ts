import type { Alarm, Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { EventPattern } from 'aws-cdk-lib/aws-events';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Capability } from '../access/capability';
import type { Alarms } from '../alarms/alarms';
import type { StepCalls } from './machine';
import type { SagaPlan } from './plan';

/** Metrics of an engine. */
export type SagaMetric = 'started' | 'done' | 'failed' | 'time';

/** Inputs of an engine. */
export interface SagaEngineProps {
  readonly plan: SagaPlan;
  /** What each step calls, by name. */
  readonly calls: ReadonlyMap<string, StepCalls>;
  readonly parked: IQueue;
  /** Bucket for a parked saga's message when results are too large; the saga's handlers have their own access. */
  readonly claims: IBucket | undefined;
  /**
   * How long log events are kept.
   * @default - as the team keeps its logs, or a month
   */
  readonly logRetention?: RetentionDays;
}

/** What runs a saga, as seen by the rest of it. */
export interface SagaEngine {
  /** Starts and resumes; the variable holds what `saga()` of `lintel/runtime` reads. */
  readonly start: Capability;
  /** Answers steps that wait for a callback. */
  readonly answer: Capability;
  /** Access of the keeper. */
  readonly read: Capability;
  /** Name of the keeper's module. */
  readonly keeper: string;
  /** Seconds after a stop until everything it started other than calls has ended; undefined if there is nothing. */
  readonly settle?: number;
  /** Events of executions that the keeper handles. */
  readonly ended: EventPattern;
  /** How many sagas were started, done, or undone or parked, and how long they took. */
  metric(what: SagaMetric, options?: MetricOptions): Metric;
  /** Alarms of the engine. */
  alarms(alarms: Alarms): Alarm[];
}
