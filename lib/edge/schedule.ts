/** One field of a cron expression as Cloudflare reads it. */
interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly words: readonly string[];
  /** What the field knows beyond lists, ranges and steps. */
  readonly special?: RegExp;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** @see https://developers.cloudflare.com/workers/configuration/cron-triggers/#supported-cron-expressions */
const FIELDS: readonly Field[] = [
  { name: 'minute', min: 0, max: 59, words: [] },
  { name: 'hour', min: 0, max: 23, words: [] },
  { name: 'day of month', min: 1, max: 31, words: [], special: /^(L|W|LW|\d{1,2}W|L-\d{1,2})$/i },
  { name: 'month', min: 1, max: 12, words: MONTHS },
  { name: 'weekday', min: 1, max: 7, words: DAYS, special: /^(L|([1-7]|sun|mon|tue|wed|thu|fri|sat)(L|#[1-5]))$/i },
];

/**
 * What is wrong with a cron expression, as an imperative; undefined when Cloudflare accepts it.
 * @param schedule minute, hour, day of month, month and weekday
 */
export function scheduleFault(schedule: string): string | undefined {
  if (/^(rate|cron|at)\(/.test(schedule)) return "write it as a cron expression: '0 3 * * *' is daily at 03:00 UTC";
  const parts = schedule.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) {
    return `give five fields (minute, hour, day of month, month, weekday), not ${parts.length}`;
  }
  const wrong = FIELDS.find((field, index) => !parts[index]!.split(',').every((part) => accepts(field, part)));
  return wrong && `correct the ${wrong.name}: ${wrong.min} to ${wrong.max}${hint(wrong)}`;
}

function accepts({ min, max, words, special }: Field, part: string): boolean {
  if (special?.test(part)) return true;
  const [range = '', step, ...rest] = part.split('/');
  if (rest.length > 0 || (step !== undefined && !(/^\d+$/.test(step) && Number(step) >= 1))) return false;
  if (range === '*') return true;
  const ends = range.split('-').map((end) => {
    const word = words.indexOf(end.toUpperCase());
    return word >= 0 ? word + min : /^\d+$/.test(end) ? Number(end) : Number.NaN;
  });
  return ends.length <= 2 && ends.every((end) => end >= min && end <= max) && ends[0]! <= ends.at(-1)!;
}

function hint({ name, words }: Field): string {
  if (name === 'weekday') return ', where Sunday is 1, or SUN to SAT';
  return words.length > 0 ? `, or ${words[0]} to ${words.at(-1)}` : '';
}
