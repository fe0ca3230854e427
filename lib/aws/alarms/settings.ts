import type { Duration } from 'aws-cdk-lib';

/** One alarm: its threshold; or threshold, duration, or both; or switched off, with the reason. */
export type AlarmSetting<T> =
  | T
  | {
      /**
       * More than this raises the alarm.
       * @default - the alarm's default
       */
      readonly threshold?: T;
      /**
       * Consecutive five-minute periods above the threshold, 1 to 288.
       * @default - the alarm's default
       */
      readonly periods?: number;
    }
  | {
      /** Why the team does not want the alarm. If a rule of `lintel check` requires it, this acknowledges the finding. */
      readonly off: string;
    };

/**
 * Alarm settings of a pattern, instead of the defaults. A pattern has those of its resources; one setting applies to
 * all alarms of that name in the pattern.
 */
export interface AlarmSettings {
  /**
   * Failed invocations, or 5xx responses, in percent: 0 to less than 100.
   * @default 1
   */
  readonly errorRate?: AlarmSetting<number>;
  /**
   * Throttled requests in five minutes.
   * @default 0
   */
  readonly throttles?: AlarmSetting<number>;
  /**
   * p99 duration, in percent of the timeout: more than 0, less than 100.
   * @default 80 - for 3 periods
   */
  readonly duration?: AlarmSetting<number>;
  /**
   * Concurrent invocations, in percent of the handler's reservation: more than 0, less than 100.
   * @default 80 - for 3 periods; no alarm without a reservation
   */
  readonly concurrency?: AlarmSetting<number>;
  /**
   * How long the oldest message or record has waited. Longer than the batching window, and less than the age at which it
   * is given up.
   * @default - 5 minutes for a stream; no alarm for a queue
   */
  readonly age?: AlarmSetting<Duration>;
  /**
   * How long the oldest record has waited, in percent of the stream's retention: more than 0, less than 100.
   * @default 50
   */
  readonly expiring?: AlarmSetting<number>;
  /**
   * Messages in a dead-letter queue.
   * @default 0
   */
  readonly deadLetters?: AlarmSetting<number>;
  /**
   * Batches of a stream given up in five minutes.
   * @default 0
   */
  readonly discarded?: AlarmSetting<number>;
  /**
   * Events that reached neither their target nor its dead-letter queue, in five minutes.
   * @default 0
   */
  readonly lostEvents?: AlarmSetting<number>;
  /**
   * p90 time from request to response.
   * @default Duration.millis(2500) - for 3 periods
   */
  readonly latency?: AlarmSetting<Duration>;
  /**
   * Errors on DynamoDB's side, in five minutes.
   * @default 0
   */
  readonly systemErrors?: AlarmSetting<number>;
  /**
   * Executions that timed out, in five minutes.
   * @default 0
   */
  readonly timeouts?: AlarmSetting<number>;
  /**
   * Replays that failed, in five minutes.
   * @default 0
   */
  readonly failures?: AlarmSetting<number>;
  /**
   * Records other than new events, in five minutes.
   * @default 0
   */
  readonly tampering?: AlarmSetting<number>;
  /**
   * Publication has stopped although events are stored; takes no threshold.
   * @default - for 3 periods
   */
  readonly stopped?: AlarmSetting<never>;
  /**
   * Database connections pinned to a session.
   * @default 0 - for 3 periods
   */
  readonly pinned?: AlarmSetting<number>;
  /**
   * How long functions wait for a connection, on average.
   * @default Duration.millis(100) - for 3 periods
   */
  readonly borrowing?: AlarmSetting<Duration>;
  /**
   * Connections the proxy may open, short of the planned number.
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

/** How long a setting says it must last. */
export function periodsOf(setting: AlarmSetting<number | Duration> | undefined): number | undefined {
  return typeof setting === 'object' && 'periods' in setting ? setting.periods : undefined;
}

/** Why an alarm is switched off. */
export function offOf(setting: AlarmSetting<number | Duration> | undefined): string | undefined {
  return typeof setting === 'object' && 'off' in setting ? setting.off : undefined;
}

/** The threshold a setting gives; undefined if it keeps the default or switches the alarm off. */
export function thresholdOf<T extends number | Duration>(setting: AlarmSetting<T> | undefined): T | undefined {
  return typeof setting !== 'object' || 'toMilliseconds' in setting
    ? (setting as T | undefined)
    : (setting as { readonly threshold?: T }).threshold;
}
