import { type CalendarDay, dayAfter, matchesSpecialDay, matchesSpecialWeekday, weekdayOf } from './cron-days';

const NAMES = {
  month: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
  weekday: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'],
};
const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * When a schedule fires in a span of time: from its begin on, before its end, in order. A rate counts from the begin. A
 * local time that the clocks skip does not occur, one that they repeat occurs once.
 * @param expression `rate(...)`, `cron(...)` or `at(...)`
 * @param timeZone an IANA name
 */
export function occurrences(expression: string, timeZone: string, from: Date, to: Date): readonly Date[] {
  const [, kind, content = ''] = /^(rate|cron|at)\((.*)\)$/.exec(expression.trim()) ?? [];
  const within = (times: readonly Date[]) => times.filter((time) => time >= from && time < to);
  if (kind === 'at') {
    const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = content.split(/[-T:]/).map(Number);
    return within(instant({ year, month, day }, hour, minute, timeZone).map((time) => new Date(time + second * 1000)));
  }
  if (kind === 'rate') {
    const [, amount = '1', unit = 'day'] = /^(\d+) (minute|hour|day)/.exec(content.trim()) ?? [];
    const step = Number(amount) * UNITS[unit]!;
    const count = Math.max(0, Math.ceil((to.getTime() - from.getTime()) / step) - 1);
    return Array.from({ length: count }, (_, index) => new Date(from.getTime() + (index + 1) * step));
  }
  return within(cronTimes(content.trim().toUpperCase().split(/\s+/), timeZone, from, to));
}

function cronTimes(fields: readonly string[], timeZone: string, from: Date, to: Date): readonly Date[] {
  const [minutes = '*', hours = '*', days = '*', months = '*', weekdays = '?', years = '*'] = fields;
  const last = localDay(to, timeZone);
  const times: number[] = [];
  for (let date = localDay(from, timeZone); !isAfter(date, last); date = dayAfter(date)) {
    const fires =
      matches(years, date.year, 1970) &&
      matches(months, date.month, 1, NAMES.month) &&
      matchesDay(days, date) &&
      matchesWeekday(weekdays, date);
    if (!fires) continue;
    for (let hour = 0; hour < 24; hour++) {
      if (!matches(hours, hour, 0)) continue;
      for (let minute = 0; minute < 60; minute++) {
        if (matches(minutes, minute, 0)) times.push(...instant(date, hour, minute, timeZone));
      }
    }
  }
  return times.map((time) => new Date(time));
}

function matchesDay(field: string, date: CalendarDay): boolean {
  return field === '?' || field.split(',').some((item) => matchesSpecialDay(item, date) ?? matches(item, date.day, 1));
}

function matchesWeekday(field: string, date: CalendarDay): boolean {
  if (field === '?') return true;
  const numbered = NAMES.weekday.reduce((text, name, index) => text.replaceAll(name, String(index + 1)), field);
  return numbered.split(',').some((item) => matchesSpecialWeekday(item, date) ?? matches(item, weekdayOf(date), 1));
}

/** Lists, ranges, steps and names; a range over the end of a week goes on at its start. */
function matches(field: string, value: number, least: number, names: readonly string[] = []): boolean {
  const numbered = names.reduce((text, name, index) => text.replaceAll(name, String(index + 1)), field);
  return numbered.split(',').some((item) => {
    const [, from = '*', to, step] = /^(\*|\d+)(?:-(\d+))?(?:\/(\d+))?$/.exec(item) ?? [];
    const first = from === '*' ? least : Number(from);
    const last = to !== undefined ? Number(to) : from === '*' || step !== undefined ? Infinity : first;
    const inside = first <= last ? value >= first && value <= last : value >= first || value <= last;
    return inside && (step === undefined || (value - first) % Number(step) === 0);
  });
}

/** The moment of a local time: none where the clocks skip it, the first where they repeat it. */
function instant({ year, month, day }: CalendarDay, hour: number, minute: number, timeZone: string): readonly number[] {
  const asUtc = Date.UTC(year, month - 1, day, hour, minute);
  const offsets = [asUtc - 86_400_000, asUtc + 86_400_000].map((time) => offsetAt(time, timeZone));
  const found = [...new Set(offsets)]
    .map((offset) => asUtc - offset)
    .filter((time) => time + offsetAt(time, timeZone) === asUtc);
  return found.length === 0 ? [] : [Math.min(...found)];
}

/** What a time zone's clocks are ahead of UTC, in milliseconds. */
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

/** One for each zone: they are dear to make. */
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
