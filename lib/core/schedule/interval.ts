import { readSchedule } from './schedule';

/**
 * The shortest time between two runs of a schedule expression, in seconds; undefined for one that runs once, and for one
 * that is malformed. A cron expression is read as if it ran every day: on fewer days runs are further apart, never nearer.
 */
export function shortestInterval(expression: string): number | undefined {
  const schedule = readSchedule(expression, 'scheduler');
  if ('fault' in schedule || schedule.kind === 'at') return undefined;
  if (schedule.kind === 'rate') return schedule.seconds;
  const { hours, minutes } = schedule.cron;
  const times = hours.flatMap((hour) => minutes.map((minute) => (hour * 60 + minute) * 60));
  const gaps = times.map((time, index) => (times[index + 1] ?? times[0]! + 86_400) - time);
  return Math.min(...gaps);
}
