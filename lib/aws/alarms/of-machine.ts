import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { SUM, type Watched } from './metrics';
import { above, type AlarmSettings } from './settings';

/** Timed-out and throttled executions. */
export function ofMachine(machine: IStateMachine, settings: AlarmSettings = {}): Watched[] {
  return [
    {
      resource: machine,
      what: 'TimedOut',
      metric: machine.metricTimedOut(SUM),
      setting: 'timeouts',
      threshold: above(settings.timeouts, 0),
      alarmDescription: 'Executions were ended by the timeout of the machine: see which state they were in',
    },
    {
      resource: machine,
      what: 'Throttles',
      metric: machine.metricThrottled(SUM),
      setting: 'throttles',
      threshold: above(settings.throttles, 0),
      alarmDescription: 'State transitions are throttled: raise the quota of the account, or start fewer at once',
    },
  ];
}

/** Failed executions. */
export function failuresOf(machine: IStateMachine, settings: AlarmSettings = {}): Watched {
  return {
    resource: machine,
    what: 'Failed',
    metric: machine.metricFailed(SUM),
    setting: 'failures',
    threshold: above(settings.failures, 0),
    alarmDescription: 'Executions failed: find the cause, fix it, and redrive them',
  };
}
