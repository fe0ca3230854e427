import { cronFault } from './cron';

/** Who reads a schedule expression: rules of EventBridge, which know no `at()`, or EventBridge Scheduler. */
export type ScheduleReader = 'rule' | 'scheduler';

/**
 * What is wrong with a schedule expression of AWS, from its verb on; undefined where it is fine and can fire.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function scheduleFault(expression: string, reader: ScheduleReader): string | undefined {
  const [, kind, content = ''] = /^(rate|cron|at)\((.*)\)$/.exec(expression.trim()) ?? [];
  switch (kind) {
    case 'rate':
      return rateFault(content, reader);
    case 'cron':
      return cronFault(content, 'aws');
    case 'at':
      return reader === 'rule' ? 'is a one-time schedule, which only EventBridge Scheduler knows' : timeFault(content);
    default:
      return `is none of ${reader === 'rule' ? 'rate(...) and cron(...)' : 'rate(...), cron(...) and at(...)'}`;
  }
}

function rateFault(content: string, reader: ScheduleReader): string | undefined {
  const [, amount, unit] = /^(\d+) (minutes?|hours?|days?)$/.exec(content.trim()) ?? [];
  if (amount === undefined || unit === undefined) return 'is not a rate such as rate(5 minutes)';
  if (Number(amount) === 0) return 'never fires: its rate is 0';
  // Scheduler takes rate(1 minutes) as well.
  if (reader === 'rule' && (Number(amount) === 1) === unit.endsWith('s')) {
    return `has the wrong form of its unit: rate(${amount} ${Number(amount) === 1 ? unit.slice(0, -1) : `${unit}s`})`;
  }
  return undefined;
}

function timeFault(content: string): string | undefined {
  const matched = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})$/.exec(content.trim());
  if (!matched) return 'is not a time such as at(2030-01-31T08:30:00)';
  const [year = 0, month = 0, day = 0, ...clock] = matched.slice(1).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  const [hour = 0, minute = 0, second = 0] = clock;
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists && hour < 24 && minute < 60 && second < 60 ? undefined : 'names a time that does not exist';
}
