import { scheduleFault } from '../../../core/schedule/schedule';
import { eachProperty } from '../../each-property';
import { type Rule, texts } from '../../rule';

export const scheduleExpression: Rule = {
  id: 'ScheduleExpression',
  severity: 'error',
  title: 'A schedule is well-formed and fires at some time',
  why: 'EventBridge rejects a malformed expression; one for a day that does not exist is accepted, and never fires.',
  fix: 'write rate(5 minutes), or cron(minute hour day-of-month month day-of-week year) with ? in one of the days',
  source: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html',
  check: eachProperty(
    ['AWS::Events::Rule', 'AWS::Scheduler::Schedule'],
    'ScheduleExpression',
    texts,
    (value, resource) => {
      const fault = scheduleFault(value, resource.type === 'AWS::Events::Rule' ? 'rule' : 'scheduler');
      return fault && `has the schedule '${value}', which ${fault}`;
    },
  ),
};
