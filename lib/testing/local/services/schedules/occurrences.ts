import { type CalendarDay, dayAfter } from '../../../../core/schedule/calendar';
import { type Cron, firesOn } from '../../../../core/schedule/cron';
import { readSchedule } from '../../../../core/schedule/schedule';

/** From when and until when a schedule is valid. */
export interface Validity {
  /** The first occurrence of a rate; the earliest one of a cron schedule. */
  readonly start?: Date | undefined;
  /** The latest occurrence. */
  readonly end?: Date | undefined;
}

/**
 * When a schedule fires in an interval (start inclusive, end exclusive), in order. A rate counts from the start. A
 * local time skipped by DST does not occur, a repeated one occurs once. A malformed schedule never fires.
 * @param expression `rate(...)`, `cron(...)` or `at(...)`
 * @param timeZone an IANA name
 * @param validity dates of a schedule that repeats; one that runs once ignores them
 */
export function occurrences(
  expression: string,
  timeZone: string,
  from: Date,
  to: Date,
  { start, end }: Validity = {},
): readonly Date[] {
  const schedule = readSchedule(expression, 'scheduler');
  const within = (times: readonly Date[]) => times.filter((time) => time >= from && time < to);
  const valid = (times: readonly Date[]) =>
    within(times).filter((time) => (!start || time >= start) && (!end || time <= end));
  if ('fault' in schedule) return [];
  switch (schedule.kind) {
    case 'at':
      return within([instantOf(expression, timeZone)].filter((time) => time !== undefined));
    case 'rate': {
      const step = schedule.seconds * 1000;
      // Without a start, the first is one step after the interval's.
      const first = start ? firstFrom(start, from, step) : from.getTime() + step;
      const last = Math.min(to.getTime(), end ? end.getTime() + 1 : Infinity);
      const count = Math.max(0, Math.ceil((last - first) / step));
      return Array.from({ length: count }, (_, index) => new Date(first + index * step));
    }
    case 'cron':
      return valid(cronTimes(schedule.cron, timeZone, from, to));
  }
}

/** The time of a schedule that runs once; undefined for any other. */
export function instantOf(expression: string, timeZone: string): Date | undefined {
  const schedule = readSchedule(expression, 'scheduler');
  if ('fault' in schedule || schedule.kind !== 'at') return undefined;
  const { hour, minute, second, ...day } = schedule.time;
  const [time] = instant(day, hour, minute, timeZone);
  return time === undefined ? undefined : new Date(time + second * 1000);
}

/** The first multiple of a step after a start that is not before a time. */
function firstFrom(start: Date, from: Date, step: number): number {
  const steps = Math.max(0, Math.ceil((from.getTime() - start.getTime()) / step));
  return start.getTime() + steps * step;
}

function cronTimes(cron: Cron, timeZone: string, from: Date, to: Date): readonly Date[] {
  const last = localDay(to, timeZone);
  const times: number[] = [];
  for (let date = localDay(from, timeZone); !isAfter(date, last); date = dayAfter(date)) {
    if (!firesOn(cron, date)) continue;
    for (const hour of cron.hours) {
      for (const minute of cron.minutes) times.push(...instant(date, hour, minute, timeZone));
    }
  }
  return times.map((time) => new Date(time));
}

/** The instant of a local time: none if DST skips it, the first if DST repeats it. */
function instant({ year, month, day }: CalendarDay, hour: number, minute: number, timeZone: string): readonly number[] {
  const asUtc = Date.UTC(year, month - 1, day, hour, minute);
  const offsets = [asUtc - 86_400_000, asUtc + 86_400_000].map((time) => offsetAt(time, timeZone));
  const found = [...new Set(offsets)]
    .map((offset) => asUtc - offset)
    .filter((time) => time + offsetAt(time, timeZone) === asUtc);
  return found.length === 0 ? [] : [Math.min(...found)];
}

/** A time zone's UTC offset, in milliseconds. */
function offsetAt(time: number, timeZone: string): number {
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = localParts(new Date(time), timeZone);
  return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(time / 60_000) * 60_000;
}

function localDay(time: Date, timeZone: string): CalendarDay {
  const { year = 0, month = 1, day = 1 } = localParts(time, timeZone);
  return { year, month, day };
}

function localParts(time: Date, timeZone: string): Readonly<Record<string, number>> {
  const parts = formatter(timeZone).formatToParts(time);
  return Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]));
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Cached per zone: formatters are expensive to create. */
function formatter(timeZone: string): Intl.DateTimeFormat {
  const numeric = 'numeric';
  const known =
    formatters.get(timeZone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
    });
  formatters.set(timeZone, known);
  return known;
}

function isAfter(a: CalendarDay, b: CalendarDay): boolean {
  return Date.UTC(a.year, a.month - 1, a.day) > Date.UTC(b.year, b.month - 1, b.day);
}
