import { scheduleFault, type ScheduleReader } from '../../../../core/schedule/schedule';
import type { Deployed } from '../../kernel/deployment';
import { text } from '../../kernel/json';
import { dateOf } from './settings';

/** A schedule of a local run, from EventBridge Scheduler or a rule. */
export interface LocalSchedule {
  /** `rate(5 minutes)`, `cron(0 3 * * ? *)`, `at(2026-01-31T08:30:00)`; absent for a rule that has a pattern only. */
  readonly expression?: string;
  /** The time zone of the expression. */
  readonly timeZone: string;
  /** Whether it is enabled. */
  readonly enabled: boolean;
  /** The first time that it fires, at the earliest. */
  readonly start?: Date | undefined;
  /** The last time that it fires, at the latest. */
  readonly end?: Date | undefined;
  /**
   * Fires it now, as if at a given time.
   * @throws LocalRunError when its role cannot be assumed
   */
  fire(at: Date): Promise<void>;
}

/** Why AWS would reject a schedule on deployment; undefined if it would not, or if there is none. */
export function malformed({ properties }: Pick<Deployed, 'properties'>, reader: ScheduleReader): string | undefined {
  const expression = text(properties.ScheduleExpression);
  const fault = expression === undefined ? undefined : scheduleFault(expression, reader);
  return fault && `never runs: its schedule '${expression}' ${fault}, which AWS refuses`;
}

/** The schedule of a resource; Scheduler and rules share the property names. */
export function scheduleOf({ properties }: Pick<Deployed, 'properties'>, fire: LocalSchedule['fire']): LocalSchedule {
  const { ScheduleExpression, ScheduleExpressionTimezone, State, StartDate, EndDate } = properties;
  const expression = text(ScheduleExpression);
  return {
    expression,
    timeZone: text(ScheduleExpressionTimezone) ?? 'UTC',
    enabled: State !== 'DISABLED',
    start: dateOf(StartDate),
    end: dateOf(EndDate),
    fire,
  };
}
