import { scheduleExpression } from '../../../../lib/rules/rules/events/schedule-expression';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { deliveries } from './templates';

describeFaults(scheduleExpression, deliveries, [
  {
    mistake: 'a cron expression with its seconds in front',
    change: { 'Schedule.ScheduleExpression': 'cron(0 0 3 * * *)' },
    message: 'must have ? in exactly one of its day fields',
    open: { 'Schedule.ScheduleExpression': OPEN },
  },
  {
    mistake: 'a schedule that never fires',
    change: { 'Schedule.ScheduleExpression': 'cron(0 3 30 2 ? *)' },
    message: 'and never fires',
  },
]);

describeAccepted(scheduleExpression, deliveries, [
  { accepts: 'a rate of Scheduler in the plural', change: { 'Schedule.ScheduleExpression': 'rate(1 hours)' } },
]);
