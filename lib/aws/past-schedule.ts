import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { readSchedule } from '../core/schedule/schedule';
import { isUnresolved } from '../core/unresolved';

/**
 * Warns of a one-time schedule whose time has passed, which Scheduler refuses to create. No error: an app whose schedule
 * has fired must still deploy, and nothing in its template depends on the day.
 */
export function warnOfPastSchedule(scope: Construct, expression: string, timeZone: string): void {
  const schedule = readSchedule(expression, 'scheduler');
  if ('fault' in schedule || schedule.kind !== 'at' || isUnresolved(timeZone)) return;
  const { year, month, day, hour, minute, second } = schedule.time;
  const time = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
    .toISOString()
    .slice(0, 'yyyy-mm-ddThh:mm:ss'.length);
  // As on the clocks of that zone: 2026-11-30 08:30:00.
  const now = new Date().toLocaleString('sv-SE', { timeZone }).replace(' ', 'T');
  if (time >= now) return;
  Annotations.of(scope).addWarningV2(
    'lintel:PastSchedule',
    `'schedule' has passed: it was ${time} in ${timeZone}, and it is ${now}. A schedule that is deployed fires no more, and a new one ` +
      `is refused by EventBridge Scheduler; give a later time, or remove the job (${scope.node.path})`,
  );
}
