import type { Clock } from '../../kernel/clock';
import { text } from '../../kernel/json';
import { occurrences } from './occurrences';
import { dateOf } from './settings';
import type { StoredSchedule } from './store';

/** The longest timer in Node.js, in milliseconds. */
const LONGEST = 2 ** 31 - 1;
const DAY = 86_400_000;
/** How far ahead to look for the next occurrence, in days; later ones are ignored. */
const HORIZONS = [1, 32, 400];

/** Runs schedules by the run's clock, at the services' speed. */
export class ScheduleTimers {
  private readonly timers = new Map<string, NodeJS.Timeout>();

  /**
   * @param clock the run's clock
   * @param due fires a schedule for a time
   */
  constructor(
    private readonly clock: Clock,
    private readonly due: (schedule: StoredSchedule, at: Date) => void,
  ) {}

  /** Sets the timer for a schedule's next occurrence, after now or a given time. */
  wait(schedule: StoredSchedule, after: Date = this.now(schedule)): void {
    this.forget(schedule);
    const at = nextTime(schedule, after);
    if (!at) return;
    const left = this.clock.milliseconds((at.getTime() - this.now(schedule).getTime()) / 1000);
    const timer = setTimeout(
      () => (left > LONGEST ? this.wait(schedule, after) : this.due(schedule, at)),
      Math.min(Math.max(0, left), LONGEST),
    );
    // A pending schedule must not keep the process alive.
    timer.unref();
    this.timers.set(schedule.arn, timer);
  }

  /** Clears a schedule's timer. */
  forget({ arn }: StoredSchedule): void {
    clearTimeout(this.timers.get(arn));
    this.timers.delete(arn);
  }

  /** Clears all timers. */
  stop(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }

  /** The handler read this machine's time when it created the schedule; from then on time passes at the services' speed. */
  private now({ modified }: StoredSchedule): Date {
    const since = modified.getTime();
    return new Date(since + this.clock.since(since) * 1000);
  }
}

/** The next occurrence of a schedule after a time, if any. */
export function nextTime({ properties }: StoredSchedule, after: Date): Date | undefined {
  if (properties.State === 'DISABLED') return undefined;
  const start = dateOf(properties.StartDate);
  const end = dateOf(properties.EndDate);
  const from = start && start > after ? start : after;
  const expression = text(properties.ScheduleExpression) ?? '';
  const timeZone = text(properties.ScheduleExpressionTimezone) ?? 'UTC';
  for (const days of HORIZONS) {
    const to = new Date(from.getTime() + days * DAY + 1);
    const next = occurrences(expression, timeZone, from, to, { start, end }).find((time) => time > after);
    if (next) return next;
  }
  return undefined;
}
