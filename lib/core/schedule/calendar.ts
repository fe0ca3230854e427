/** A day of a calendar. */
export interface CalendarDay {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
}

const DAY = 86_400_000;

/** The weekday as AWS counts: 1 is Sunday. */
export function weekdayOf({ year, month, day }: CalendarDay): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;
}

function lengthOf({ year, month }: CalendarDay): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** Whether a day is the one that `L`, `L-3`, `LW` or `15W` names; undefined for other items. */
export function matchesSpecialDay(item: string, date: CalendarDay): boolean | undefined {
  const last = lengthOf(date);
  if (item === 'L') return date.day === last;
  if (/^L-\d+$/.test(item)) return date.day === last - Number(item.slice(2));
  const day = item === 'LW' ? last : /^\d{1,2}W$/.test(item) ? Number(item.slice(0, -1)) : undefined;
  if (day === undefined) return undefined;
  return date.day === nearestWorkday({ ...date, day: Math.min(day, last) });
}

/** The working day nearest to a day, within its month. */
function nearestWorkday(date: CalendarDay): number {
  const weekday = weekdayOf(date);
  if (weekday === 7) return date.day === 1 ? 3 : date.day - 1;
  if (weekday === 1) return date.day === lengthOf(date) ? date.day - 2 : date.day + 1;
  return date.day;
}

/** Whether a day is the one that `L`, `6L` or `6#3` names; undefined for other items. */
export function matchesSpecialWeekday(item: string, date: CalendarDay): boolean | undefined {
  if (item === 'L') return weekdayOf(date) === 7;
  const [, weekday, last, nth] = /^(\d)(?:(L)|#(\d))$/.exec(item) ?? [];
  if (weekday === undefined) return undefined;
  if (weekdayOf(date) !== Number(weekday)) return false;
  return last ? date.day + 7 > lengthOf(date) : Math.ceil(date.day / 7) === Number(nth);
}

/** The next day. */
export function dayAfter({ year, month, day }: CalendarDay): CalendarDay {
  const next = new Date(Date.UTC(year, month - 1, day) + DAY);
  return { year: next.getUTCFullYear(), month: next.getUTCMonth() + 1, day: next.getUTCDate() };
}
