import { type Cron, readCron } from './cron';

/** Who reads a schedule expression: rules of EventBridge, which know no `at()`, or EventBridge Scheduler. */
export type ScheduleReader = 'rule' | 'scheduler';

/** A schedule expression as it was read. */
export type Schedule =
  | { readonly kind: 'rate'; readonly seconds: number }
  | { readonly kind: 'at'; readonly time: LocalTime }
  | { readonly kind: 'cron'; readonly cron: Cron };

/** A time on the clocks of a zone. */
export interface LocalTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
  /** 0 to 23. */
  readonly hour: number;
  /** 0 to 59. */
  readonly minute: number;
  /** 0 to 59. */
  readonly second: number;
}

type Fault = { readonly fault: string };

/** The one that was read last: who makes something of a schedule asks several times what it says. */
let last:
  | { readonly expression: string; readonly reader: ScheduleReader; readonly schedule: Schedule | Fault }
  | undefined;

/**
 * Reads a schedule expression of AWS, or says what is wrong with it, from its verb on.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function readSchedule(expression: string, reader: ScheduleReader): Schedule | Fault {
  if (last?.expression !== expression || last.reader !== reader) {
    last = { expression, reader, schedule: read(expression, reader) };
  }
  return last.schedule;
}

function read(expression: string, reader: ScheduleReader): Schedule | Fault {
  // Scheduler takes RATE(...) as well; that a rule does is not documented.
  const verb = reader === 'rule' ? /^(rate|cron|at)\((.*)\)$/ : /^(rate|cron|at)\((.*)\)$/i;
  const [, kind, content = ''] = verb.exec(expression.trim()) ?? [];
  switch (kind?.toLowerCase()) {
    case 'rate':
      return readRate(content, reader);
    case 'cron': {
      const cron = readCron(content, reader);
      return 'fault' in cron ? cron : { kind: 'cron', cron };
    }
    case 'at':
      return reader === 'rule'
        ? { fault: 'is a one-time schedule, which only EventBridge Scheduler knows' }
        : readTime(content);
    default:
      return {
        fault: `is not ${reader === 'rule' ? 'rate(...) or cron(...)' : 'rate(...), cron(...) or at(...)'}`,
      };
  }
}

/** What is wrong with a schedule expression of AWS, from its verb on; undefined where it is fine and can fire. */
export function scheduleFault(expression: string, reader: ScheduleReader): string | undefined {
  const schedule = readSchedule(expression, reader);
  return 'fault' in schedule ? schedule.fault : undefined;
}

const UNITS: Readonly<Record<string, number>> = { minute: 60, hour: 3600, day: 86_400 };

/** Scheduler takes rate(1 minutes) and rate(5minutes) as well, but no space at either end. */
const RATES: Readonly<Record<ScheduleReader, RegExp>> = {
  rule: /^\s*(\d+) (minutes?|hours?|days?)\s*$/,
  scheduler: /^(\d+) *(minutes?|hours?|days?)$/,
};

function readRate(content: string, reader: ScheduleReader): Schedule | Fault {
  const [, amount, unit] = RATES[reader].exec(content) ?? [];
  if (amount === undefined || unit === undefined) return { fault: 'is not a rate such as rate(5 minutes)' };
  if (Number(amount) === 0) return { fault: 'never fires: its rate is 0' };
  if (reader === 'rule' && (Number(amount) === 1) === unit.endsWith('s')) {
    const right = Number(amount) === 1 ? unit.slice(0, -1) : `${unit}s`;
    return { fault: `has the wrong form of its unit: rate(${amount} ${right})` };
  }
  return { kind: 'rate', seconds: Number(amount) * UNITS[unit.replace(/s$/, '')]! };
}

function readTime(content: string): Schedule | Fault {
  // Scheduler takes a time without seconds, which AWS does not document.
  const matched = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?$/.exec(content.trim());
  if (!matched) return { fault: 'is not a time such as at(2030-01-31T08:30:00)' };
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = matched
    .slice(1)
    .map((part = '0') => Number(part));
  const date = new Date(Date.UTC(year, month - 1, day));
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists && hour < 24 && minute < 60 && second < 60
    ? { kind: 'at', time: { year, month, day, hour, minute, second } }
    : { fault: 'names a time that does not exist' };
}
