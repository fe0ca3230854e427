import * as cloudflare from '@pulumi/cloudflare';
import type * as pulumi from '@pulumi/pulumi';
import type { Check } from '../core/check/check';
import { either, list, text } from '../core/check/kinds';
import { cronFault } from '../core/schedule/cron';

/** When something runs: one time, or several. */
export type EdgeSchedule = string | readonly string[];

/** Shape of a schedule. */
export const SCHEDULE = either(
  'must be a cron expression, or a list of them',
  () => "write it as '0 3 * * *'",
  text('0 3 * * *'),
  list(text('0 3 * * *'), "['0 3 * * *']"),
);

/** Checks of a schedule. */
export function scheduleChecks(schedule: EdgeSchedule | undefined): Check[] {
  const schedules = timesOf(schedule);
  return [
    ...schedules.map((time) => ({
      prop: 'schedule',
      value: time,
      valid: () => cronFault(time, 'cloudflare') === undefined,
      rule: String(cronFault(time, 'cloudflare')),
      remedy: "write '0 3 * * *', for instance, daily at 03:00 UTC; Sunday is 1",
    })),
    {
      prop: 'schedule',
      value: schedules,
      valid: () =>
        schedules.length > 0 &&
        new Set(schedules.map((time) => time.trim().split(/\s+/).join(' '))).size === schedules.length,
      rule: 'must name at least one time, each only once',
      remedy: "set '0 3 * * *', for instance",
    },
  ];
}

/** Starts a Worker on schedule: `<name>-trigger`. */
export function createTrigger(
  parent: pulumi.ComponentResource,
  name: string,
  schedule: EdgeSchedule,
  script: { readonly accountId: pulumi.Input<string>; readonly scriptName: pulumi.Input<string> },
): cloudflare.WorkersCronTrigger {
  const { accountId, scriptName } = script;
  const schedules = timesOf(schedule).map((cron) => ({ cron }));
  return new cloudflare.WorkersCronTrigger(`${name}-trigger`, { accountId, scriptName, schedules }, { parent });
}

function timesOf(schedule: EdgeSchedule = []): readonly string[] {
  return [schedule].flat();
}
