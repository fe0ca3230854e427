import { at, toText } from '../../../core/model/select';
import { each, type Rule } from '../../rule';

export const scheduleWindow: Rule = {
  id: 'ScheduleWindow',
  severity: 'error',
  title: 'A schedule ends after it starts',
  why: 'EventBridge Scheduler rejects the deployment otherwise.',
  fix: 'set EndDate after StartDate, or leave one of them out',
  source: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule.html',
  check: each(['AWS::Scheduler::Schedule'], function* (schedule) {
    const [start, end] = ['StartDate', 'EndDate'].map((property) => Date.parse(toText(at(schedule, property)) ?? ''));
    if (!(start! >= end!)) return;
    yield { resource: schedule, property: 'EndDate', message: 'ends before it starts, and never fires' };
  }),
};
