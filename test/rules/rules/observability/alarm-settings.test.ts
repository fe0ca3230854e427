import { alarmSettings } from '../../../../lib/rules/rules/observability/alarm-settings';
import { stores } from '../data/templates';
import { describeAccepted, describeFaults, inProduction, OPEN } from '../faults';

describeFaults(alarmSettings, stores, [
  {
    mistake: 'a period that CloudWatch has not',
    change: { 'Alarm.Period': 45 },
    message: 'has a period of 45 seconds, not 10, 20, 30 or a multiple of 60',
    open: { 'Alarm.Period': OPEN },
  },
  { mistake: 'no period', change: { 'Alarm.Period': undefined }, message: 'has no period' },
  {
    mistake: 'no statistic',
    change: { 'Alarm.Statistic': undefined },
    message: 'has no statistic for ApproximateNumberOfMessagesVisible',
  },
  {
    mistake: 'no number of periods',
    change: { 'Alarm.EvaluationPeriods': undefined },
    message: 'has no number of evaluation periods',
    open: { 'Alarm.EvaluationPeriods': OPEN },
  },
  {
    mistake: 'more datapoints than periods',
    change: { 'Alarm.DatapointsToAlarm': 3, 'Alarm.EvaluationPeriods': 2 },
    message: 'asks for 3 of 2 datapoints',
  },
  {
    mistake: 'more than a day in one branch',
    change: { 'Alarm.EvaluationPeriods': inProduction(1441, 1440) },
    message: 'looks at 86460 seconds (1441 periods of 60), more than 86400 when IsProduction',
  },
]);

describeAccepted(alarmSettings, stores, [
  { accepts: 'a day', change: { 'Alarm.EvaluationPeriods': 1440 } },
  { accepts: 'a week of hours', change: { 'Alarm.Period': 3600, 'Alarm.EvaluationPeriods': 168 } },
  { accepts: 'a percentile', change: { 'Alarm.Statistic': undefined, 'Alarm.ExtendedStatistic': 'p99' } },
  { accepts: 'ten seconds, as text', change: { 'Alarm.Period': '10' } },
  {
    accepts: 'a sum of metrics, whose periods stand elsewhere',
    change: {
      'Alarm.MetricName': undefined,
      'Alarm.Namespace': undefined,
      'Alarm.Statistic': undefined,
      'Alarm.Period': undefined,
      'Alarm.Metrics': [{ Id: 'a', Expression: 'SELECT 1' }],
    },
  },
]);
