/** Who reads a cron expression: AWS (six fields, a year at the end, one of the days is `?`) or Cloudflare (five). */
export type CronDialect = 'aws' | 'cloudflare';

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
 * What is wrong with a cron expression, from its verb on; undefined where it is fine and can fire. The clock is not
 * read: a year that has passed is taken as it stands.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 * @see https://developers.cloudflare.com/workers/configuration/cron-triggers/
 */
export function cronFault(expression: string, dialect: CronDialect): string | undefined {
  const texts = expression.trim().split(/\s+/);
  const fields = dialect === 'aws' ? FIELDS : FIELDS.slice(0, 5);
  if (texts.length !== fields.length) {
    return `has ${texts.length} fields instead of ${fields.length}: ${fields.map(({ name }) => name).join(', ')}`;
  }
  for (const [index, field] of fields.entries()) {
    const fault = fieldFault(texts[index]!, field, dialect);
    if (fault) return fault;
  }
  const [, , day = '*', month = '*', weekday = '*', year = '*'] = texts;
  if (dialect === 'aws' && (day === '?') === (weekday === '?')) {
    return 'must have ? in exactly one of its day fields';
  }
  return neverFires(day, month, year);
}

function fieldFault(text: string, field: Field, dialect: CronDialect): string | undefined {
  const fault = `has '${text}' for its ${field.name}, which takes ${field.min} to ${field.max}`;
  for (const item of text.split(',')) {
    if (special(item, field, dialect)) continue;
    const [, from, to, step] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(item) ?? [];
    if (from === undefined) return fault;
    const bounds = [from, to]
      .filter((bound): bound is string => bound !== undefined && bound !== '*')
      .map((bound) => numberOf(bound, field));
    if (bounds.some((bound) => bound === undefined) || (from === '*' && to !== undefined)) return fault;
    if (step === '0') return `has '${text}' for its ${field.name}, a step of nothing`;
    const [low, high] = bounds;
    // A range over the weekend (FRI-MON) is AWS's; elsewhere it runs backwards and is empty.
    if (low !== undefined && high !== undefined && low > high && field.name !== 'day of week') return fault;
  }
  return undefined;
}

/** `?`, `L`, `W` and `#` in the fields that take them. */
function special(item: string, { name }: Field, dialect: CronDialect): boolean {
  if (name === 'day of month') return (item === '?' && dialect === 'aws') || /^(?:L|LW|L-\d+|\d{1,2}W)$/i.test(item);
  if (name !== 'day of week') return false;
  return (item === '?' && dialect === 'aws') || /^(?:L|(?:[1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(?:L|#[1-5]))$/i.test(item);
}

function numberOf(text: string, { min, max, names }: Field): number | undefined {
  const index = names?.indexOf(text.toUpperCase()) ?? -1;
  const value = index >= 0 ? index + 1 : /^\d+$/.test(text) ? Number(text) : NaN;
  return value >= min && value <= max ? value : undefined;
}

/** A day that none of the months has: 30 February, or 29 February of a year that is no leap year. */
function neverFires(day: string, month: string, year: string): string | undefined {
  const days = listed(day, FIELDS[2]!);
  const months = listed(month, FIELDS[3]!);
  if (!days || !months) return undefined;
  const leap = listed(year, FIELDS[5]!)?.some(isLeapYear) ?? true;
  const first = Math.min(...days);
  const longest = Math.max(...months.map((each) => (each === 2 && !leap ? 28 : MONTH_LENGTHS[each - 1]!)));
  return first > longest ? 'names a day that its months do not have, and never fires' : undefined;
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** The numbers of a field that is a plain list; undefined for ranges, steps and wildcards, which always leave some. */
function listed(text: string, field: Field): number[] | undefined {
  const numbers = text.split(',').map((item) => numberOf(item, field));
  return numbers.includes(undefined) ? undefined : numbers.filter((number) => number !== undefined);
}
