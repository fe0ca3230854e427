import type { Deployed } from '../../kernel/deployment';
import { text } from '../../kernel/json';
import type { LocalService } from '../../kernel/service';
import { occurrences } from './occurrences';

/** The CloudFormation types that have schedules. */
export const SCHEDULES = ['AWS::Scheduler::Schedule', 'AWS::Events::Rule'] as const;

/** A schedule that was run. */
export interface FiredSchedule {
  /** Its construct path, or template and logical id. */
  readonly schedule: string;
  /** The time that it was run for. */
  readonly at: Date;
}

/** What fires in a span of time, in order. */
export function dueSchedules(
  schedules: readonly Deployed[],
  from: Date,
  to: Date,
): readonly { readonly schedule: Deployed; readonly at: Date }[] {
  return schedules
    .filter(({ properties }) => properties.ScheduleExpression !== undefined && properties.State !== 'DISABLED')
    .flatMap((schedule) => {
      const { ScheduleExpression, ScheduleExpressionTimezone } = schedule.properties;
      const times = occurrences(text(ScheduleExpression) ?? '', text(ScheduleExpressionTimezone) ?? 'UTC', from, to);
      return times.map((at) => ({ schedule, at }));
    })
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** Runs a schedule by the service that it belongs to. */
export async function fireSchedule(services: readonly LocalService[], schedule: Deployed, at: Date): Promise<void> {
  for (const service of services) if (await service.fire?.(schedule, at)) return;
}
