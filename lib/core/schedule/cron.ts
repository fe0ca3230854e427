import { type CalendarDay, matchesSpecialDay, matchesSpecialWeekday, weekdayOf } from './calendar';

/**
 * Who reads a cron expression: rules of EventBridge (six fields, a year at the end, one of the days is `?`), EventBridge
 * Scheduler, which takes one without the year too, or Cloudflare (five fields).
 */
export type CronDialect = 'rule' | 'scheduler' | 'cloudflare';

/** A cron expression as it was read: the numbers that each field names, in order. */
export interface Cron {
  /** 0 to 59. */
  readonly minutes: readonly number[];
  /** 0 to 23. */
  readonly hours: readonly number[];
  /** 1 to 31, and what stands for a day by the calendar: `L`, `15W`. */
  readonly days: CronDays;
  /** 1 to 12. */
  readonly months: readonly number[];
  /** 1 is Sunday, and what stands for one of a month's: `6L`, `2#1`. */
  readonly weekdays: CronDays;
  /** 1970 to 2199. */
  readonly years: readonly number[];
}

/** The days that a field names. */
export interface CronDays {
  readonly numbers: readonly number[];
  /** By the calendar of the month. */
  readonly special: readonly string[];
}

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const FIELDS: readonly Field[] = [
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of month', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, names: MONTHS },
  { name: 'day of week', min: 1, max: 7, names: WEEKDAYS },
  { name: 'year', min: 1970, max: 2199 },
];

/** Longest length of each month, February of a leap year included. */
const MONTH_LENGTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Reads a cron expression, or says what is wrong with it, from its verb on. The clock is not read: a year that has passed is
 * taken as it stands.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 * @see https://developers.cloudflare.com/workers/configuration/cron-triggers/
 */
export function readCron(expression: string, dialect: CronDialect): Cron | { readonly fault: string } {
  const texts = expression.trim().toUpperCase().split(/\s+/);
  const fields = dialect === 'cloudflare' ? FIELDS.slice(0, 5) : FIELDS;
  const withoutYear = dialect === 'scheduler' && texts.length === fields.length - 1;
  if (texts.length !== fields.length && !withoutYear) {
    return {
      fault: `has ${texts.length} fields instead of ${fields.length}: ${fields.map(({ name }) => name).join(', ')}`,
    };
  }
  const read = FIELDS.map((field, index) => readField(texts[index] ?? '*', field, dialect));
  const wrong = read.find((one) => 'fault' in one);
  if (wrong && 'fault' in wrong) return wrong;
  if (dialect !== 'cloudflare' && (texts[2] === '?') === (texts[4] === '?')) {
    return { fault: 'must have ? in exactly one of its day fields' };
  }
  const [minutes, hours, days, months, weekdays, years] = read as CronDays[];
  const cron = {
    minutes: minutes!.numbers,
    hours: hours!.numbers,
    days: days!,
    months: months!.numbers,
    weekdays: weekdays!,
    years: years!.numbers,
  };
  return neverFires(cron) ? { fault: 'names a day that its months do not have, and never fires' } : cron;
}

/** What is wrong with a cron expression, from its verb on; undefined where it is fine and can fire. */
export function cronFault(expression: string, dialect: CronDialect): string | undefined {
  const read = readCron(expression, dialect);
  return 'fault' in read ? read.fault : undefined;
}

/** Whether a cron expression fires on a day. */
export function firesOn({ days, months, weekdays, years }: Cron, date: CalendarDay): boolean {
  return (
    years.includes(date.year) &&
    months.includes(date.month) &&
    (days.numbers.includes(date.day) || days.special.some((item) => matchesSpecialDay(item, date))) &&
    (weekdays.numbers.includes(weekdayOf(date)) || weekdays.special.some((item) => matchesSpecialWeekday(item, date)))
  );
}

function readField(text: string, field: Field, dialect: CronDialect): CronDays | { readonly fault: string } {
  const { name, min, max } = field;
  const fault = { fault: `has '${text}' for its ${name}, which takes ${min} to ${max}` };
  const numbers = new Set<number>();
  const special: string[] = [];
  for (const item of text.split(',')) {
    if (item === '?' && dialect !== 'cloudflare' && name.startsWith('day')) {
      for (const number of range(min, max)) numbers.add(number);
      continue;
    }
    if (isSpecial(item, name)) {
      special.push(WEEKDAYS.reduce((one, day, index) => one.replace(day, String(index + 1)), item));
      continue;
    }
    const [, from, to, step = '1'] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(item) ?? [];
    const first = from === '*' ? min : numberOf(from, field);
    const last = to === undefined ? (from === '*' || item.includes('/') ? max : first) : numberOf(to, field);
    if (first === undefined || last === undefined || (from === '*' && to !== undefined)) return fault;
    if (step === '0') return { fault: `has '${text}' for its ${name}, a step of 0` };
    // A range over the weekend (FRI-MON) is AWS's; elsewhere it runs backwards and is empty.
    if (first > last && name !== 'day of week') return fault;
    const passed = first > last ? [...range(first, max), ...range(min, last)] : range(first, last);
    for (const number of passed.filter((_, index) => index % Number(step) === 0)) numbers.add(number);
  }
  return { numbers: [...numbers].sort((a, b) => a - b), special };
}

/** `L`, `W` and `#` in the fields that take them. */
function isSpecial(item: string, name: string): boolean {
  if (name === 'day of month') return /^(?:L|LW|L-\d+|\d{1,2}W)$/.test(item);
  return name === 'day of week' && /^(?:L|(?:[1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(?:L|#[1-5]))$/.test(item);
}

function numberOf(text: string | undefined, { min, max, names }: Field): number | undefined {
  const index = names?.indexOf(text ?? '') ?? -1;
  const value = index >= 0 ? index + 1 : /^\d+$/.test(text ?? '') ? Number(text) : NaN;
  return value >= min && value <= max ? value : undefined;
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** A day that none of the months has: 30 February, or 29 February of a year that is no leap year. */
function neverFires({ days, months, years }: Cron): boolean {
  if (days.special.length > 0) return false;
  const longest = Math.max(
    ...months.map((month) => (month === 2 && !years.some(isLeapYear) ? 28 : MONTH_LENGTHS[month - 1]!)),
  );
  return days.numbers[0]! > longest;
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}
