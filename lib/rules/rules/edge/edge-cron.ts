import { cronFault } from '../../../core/schedule/cron';
import { at, isMap, items, toText } from '../../../core/model/select';
import { cloudflare } from '../../../core/facts';
import { EDGE } from '../../lookups/edge-types';
import { each, type Rule, undecided } from '../../rule';

export const edgeCron: Rule = {
  id: 'EdgeCron',
  severity: 'error',
  title: 'A cron trigger of a Worker is well-formed and fires at some time',
  why: 'Cloudflare rejects a malformed expression; one for a day that does not exist is accepted, and never fires.',
  fix: 'write minute, hour, day of month, month and weekday, where 1 is Sunday and 7 Saturday',
  source: cloudflare.cronFields.source,
  check: each(EDGE.cron, function* (trigger) {
    for (const [index, schedule] of items(at(trigger, 'schedules')).entries()) {
      const property = `schedules.${index}.cron`;
      const value = isMap(schedule) ? at(schedule, 'cron') : schedule;
      const cron = toText(value);
      if (cron === undefined && value !== undefined) yield undecided(trigger, property, value);
      const fault = cron === undefined ? undefined : cronFault(cron, 'cloudflare');
      if (!fault) continue;
      yield {
        resource: trigger,
        property,
        message: `has the schedule '${cron}', which ${fault}`,
        detail: cron,
      };
    }
  }),
};
