import { occurrences } from './occurrences';
import type { LocalSchedule } from './schedule';

/** A schedule that fired. */
export interface FiredSchedule {
  /** Its construct path, or template and logical id. */
  readonly schedule: string;
  /** The time it fired for. */
  readonly at: Date;
}

/** The schedules that fire in an interval, in order. */
export function dueSchedules<T extends { readonly handle: LocalSchedule }>(
  schedules: readonly T[],
  from: Date,
  to: Date,
): readonly (T & { readonly at: Date })[] {
  return schedules
    .flatMap((schedule) => {
      const { expression, timeZone, enabled, start, end } = schedule.handle;
      if (expression === undefined || !enabled) return [];
      return occurrences(expression, timeZone, from, to, { start, end }).map((at) => ({ ...schedule, at }));
    })
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}
