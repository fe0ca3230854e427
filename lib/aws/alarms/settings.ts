import type { Duration } from 'aws-cdk-lib';

/** One alarm: its threshold; or the threshold, how long it must last, or both; or none, and why. */
export type AlarmSetting<T> =
  | T
  | {
      /**
       * More than this raises the alarm.
       * @default - as without a setting
       */
      readonly threshold?: T;
      /**
       * Periods of five minutes in a row above the threshold, 1 to 288.
       * @default - as without a setting
       */
      readonly periods?: number;
    }
  | {
      /** Why the team wants no such alarm. Where a rule of `lintel check` asks for the alarm, it is acknowledged with this reason. */
      readonly off: string;
    };

/**
 * What the alarms of a pattern are raised at, in place of the defaults. A pattern has those of its resources; one setting is
 * for all alarms of a pattern that have its name.
 */
export interface AlarmSettings {
  /**
   * Failed invocations, or answers of 5xx, in percent: 0 to less than 100.
   * @default 1
   */
  readonly errorRate?: AlarmSetting<number>;
  /**
   * Requests that were refused for there being too many, in five minutes.
   * @default 0
   */
  readonly throttles?: AlarmSetting<number>;
  /**
   * The 99th percentile of an invocation's time, in percent of the timeout: more than 0, less than 100.
   * @default 80 - for 3 periods
   */
  readonly duration?: AlarmSetting<number>;
  /**
   * Invocations at once, in percent of the handler's reservation: more than 0, less than 100.
   * @default 80 - for 3 periods; no alarm without a reservation
   */
  readonly concurrency?: AlarmSetting<number>;
  /**
   * How long the oldest message or record has waited. Longer than the batching window, and less than the time after which it
   * is given up.
   * @default - 5 minutes of a stream; no alarm of a queue
   */
  readonly age?: AlarmSetting<Duration>;
  /**
   * How long the oldest record has waited, in percent of the time for which the stream keeps it: more than 0, less than 100.
   * @default 50
   */
  readonly expiring?: AlarmSetting<number>;
  /**
   * Messages in a dead-letter queue.
   * @default 0
   */
  readonly deadLetters?: AlarmSetting<number>;
  /**
   * Batches of a stream that were given up, in five minutes.
   * @default 0
   */
  readonly discarded?: AlarmSetting<number>;
  /**
   * Events that reached neither their target nor its dead-letter queue, in five minutes.
   * @default 0
   */
  readonly lostEvents?: AlarmSetting<number>;
  /**
   * The 90th percentile of the time from a request to its answer.
   * @default Duration.millis(2500) - for 3 periods
   */
  readonly latency?: AlarmSetting<Duration>;
  /**
   * Errors of DynamoDB's own, in five minutes.
   * @default 0
   */
  readonly systemErrors?: AlarmSetting<number>;
  /**
   * Executions that were ended by their timeout, in five minutes.
   * @default 0
   */
  readonly timeouts?: AlarmSetting<number>;
  /**
   * Replays that failed, in five minutes.
   * @default 0
   */
  readonly failures?: AlarmSetting<number>;
  /**
   * Records that are no new event, in five minutes.
   * @default 0
   */
  readonly tampering?: AlarmSetting<number>;
  /**
   * A publication that stands still while events are stored; it has no threshold.
   * @default - for 3 periods
   */
  readonly stopped?: AlarmSetting<never>;
  /**
   * Connections of the database that a session keeps to itself.
   * @default 0 - for 3 periods
   */
  readonly pinned?: AlarmSetting<number>;
  /**
   * How long functions wait for a connection, on average.
   * @default Duration.millis(100) - for 3 periods
   */
  readonly borrowing?: AlarmSetting<Duration>;
  /**
   * Connections that the proxy may open fewer than were planned.
   * @default 0 - for 3 periods
   */
  readonly connections?: AlarmSetting<number>;
}

/** The name of an alarm's setting. */
export type AlarmName = keyof AlarmSettings;

/** The threshold of a setting, or the default. */
export function above<T extends number | Duration>(setting: AlarmSetting<T> | undefined, byDefault: T): T {
  return thresholdOf(setting) ?? byDefault;
}

/** How long a setting says that it must last. */
export function periodsOf(setting: AlarmSetting<number | Duration> | undefined): number | undefined {
  return typeof setting === 'object' && 'periods' in setting ? setting.periods : undefined;
}

/** Why there is to be no alarm. */
export function offOf(setting: AlarmSetting<number | Duration> | undefined): string | undefined {
  return typeof setting === 'object' && 'off' in setting ? setting.off : undefined;
}

/** What a setting gives as a threshold; nothing where it leaves the default, or there is to be no alarm. */
export function thresholdOf<T extends number | Duration>(setting: AlarmSetting<T> | undefined): T | undefined {
  return typeof setting !== 'object' || 'toMilliseconds' in setting
    ? (setting as T | undefined)
    : (setting as { readonly threshold?: T }).threshold;
}
