import { LocalRunError } from '../../kernel/errors';
import { occurrences } from './occurrences';
import type { LocalSchedule } from './schedule';

/** A schedule that fired. */
export interface FiredSchedule {
  /** Its construct path, or template and logical id. */
  readonly schedule: string;
  /** The time it fired for. */
  readonly at: Date;
}

/** A schedule, by construct path, or template and logical id. */
interface NamedSchedule {
  readonly displayName: string;
  readonly handle: LocalSchedule;
}

/**
 * Fires a schedule, whatever its times.
 * @throws LocalRunError when it is none, or disabled
 */
export async function fireNow({ displayName, handle }: NamedSchedule, at: Date): Promise<void> {
  if (handle.expression === undefined) throw new LocalRunError(`'${displayName}' has no schedule`);
  if (!handle.enabled) throw new LocalRunError(`'${displayName}' is disabled; enable it to run it`);
  await handle.fire(at);
}

/** Fires each schedule that is due in an interval, in order, and settles after each. */
export async function fireAllDue(
  schedules: readonly NamedSchedule[],
  { from, to, settle }: { readonly from: Date; readonly to: Date; readonly settle: () => Promise<void> },
): Promise<readonly FiredSchedule[]> {
  const due = dueSchedules(schedules, from, to);
  for (const { handle, at } of due) {
    await handle.fire(at);
    await settle();
  }
  return due.map(({ displayName, at }) => ({ schedule: displayName, at }));
}

function dueSchedules(
  schedules: readonly NamedSchedule[],
  from: Date,
  to: Date,
): readonly (NamedSchedule & { readonly at: Date })[] {
  return schedules
    .flatMap((schedule) => {
      const { expression, timeZone, enabled, start, end } = schedule.handle;
      if (expression === undefined || !enabled) return [];
      return occurrences(expression, timeZone, from, to, { start, end }).map((at) => ({ ...schedule, at }));
    })
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}
