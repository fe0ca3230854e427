import type { Fact } from './fact';

const ALARMS =
  'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html';
const READ = '2026-11-21';

/** Share of failed invocations that deserves an alarm. */
export const errorRate: Fact<number> = { value: 1, unit: 'percent', source: ALARMS, read: READ };

/** Share of its timeout that a function's 99th percentile may take before an alarm. */
export const durationShare: Fact<number> = { value: 80, unit: 'percent of the timeout', source: ALARMS, read: READ };

/** Age of the oldest unread stream record that deserves an alarm. */
export const iteratorAge: Fact<number> = { value: 60, unit: 'seconds', source: ALARMS, read: READ };

/** Share of its reservation that a function's concurrency may take before an alarm. */
export const concurrencyShare: Fact<number> = {
  value: 80,
  unit: 'percent of the reservation',
  source: ALARMS,
  read: READ,
};

/** The 90th percentile of an API's latency that deserves an alarm. From memory; the page is the place to check it. */
export const apiLatency: Fact<number> = { value: 2500, unit: 'milliseconds', source: ALARMS, read: READ };

const PUT_ALARM = 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html';

/** Periods of an alarm below a minute; above they are multiples of 60. */
export const alarmPeriods: Fact<readonly number[]> = {
  value: [10, 20, 30],
  unit: 'seconds',
  source: PUT_ALARM,
  read: '2026-11-29',
};

/** How far back an alarm with a period of less than an hour looks: period times number of periods. */
export const alarmSpan: Fact<number> = { value: 86_400, unit: 'seconds', source: PUT_ALARM, read: '2026-11-29' };

/** How far back an alarm with a period of an hour or more looks. */
export const longAlarmSpan: Fact<number> = { value: 604_800, unit: 'seconds', source: PUT_ALARM, read: '2026-11-29' };
