import type { Clock } from '../../kernel/clock';
import { text } from '../../kernel/json';
import { occurrences } from './occurrences';
import { dateOf } from './operations';
import type { StoredSchedule } from './store';

/** The longest that a timer of Node.js waits, in milliseconds. */
const LONGEST = 2 ** 31 - 1;
const DAY = 86_400_000;
/** How far ahead the next time is looked for, in days; what is further is not waited for. */
const HORIZONS = [1, 32, 400];

/** Runs schedules by the clock of the run: their time passes as fast as that of the services. */
export class ScheduleTimers {
  private readonly timers = new Map<string, NodeJS.Timeout>();

  /**
   * @param clock of the run
   * @param due runs a schedule for a time
   */
  constructor(
    private readonly clock: Clock,
    private readonly due: (schedule: StoredSchedule, at: Date) => void,
  ) {}

  /** Waits for the next time of a schedule, from now on or after a time. */
  wait(schedule: StoredSchedule, after: Date = this.now(schedule)): void {
    this.forget(schedule);
    const at = nextTime(schedule, after);
    if (!at) return;
    const left = this.clock.milliseconds((at.getTime() - this.now(schedule).getTime()) / 1000);
    const timer = setTimeout(
      () => (left > LONGEST ? this.wait(schedule, after) : this.due(schedule, at)),
      Math.min(Math.max(0, left), LONGEST),
    );
    // A schedule alone keeps no process alive.
    timer.unref();
    this.timers.set(schedule.arn, timer);
  }

  /** Waits no longer for a schedule. */
  forget({ arn }: StoredSchedule): void {
    clearTimeout(this.timers.get(arn));
    this.timers.delete(arn);
  }

  /** Waits for nothing any more. */
  stop(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }

  /** The handler that made it read the time of this machine: from then on it passes as that of the services does. */
  private now({ modified }: StoredSchedule): Date {
    const since = modified.getTime();
    return new Date(since + this.clock.since(since) * 1000);
  }
}

/** When a schedule next runs after a time; undefined where it does not. */
export function nextTime({ properties }: StoredSchedule, after: Date): Date | undefined {
  if (properties.State === 'DISABLED') return undefined;
  const start = dateOf(properties.StartDate);
  const end = dateOf(properties.EndDate);
  const from = start && start > after ? start : after;
  const expression = text(properties.ScheduleExpression) ?? '';
  const timeZone = text(properties.ScheduleExpressionTimezone) ?? 'UTC';
  for (const days of HORIZONS) {
    const to = new Date(from.getTime() + days * DAY + 1);
    const next = occurrences(expression, timeZone, from, to).find((time) => time > after);
    if (next) return end && next > end ? undefined : next;
  }
  return undefined;
}
