import { cloudWatch, within } from '../../../core/facts';
import { at, inWords, isUnknown, toNumber, together, toText } from '../../../core/model/select';
import type { Value } from '../../../core/model/values';
import { each, type Rule, undecided } from '../../rule';

const { alarmPeriods, alarmSpan, longAlarmSpan } = cloudWatch;

export const alarmSettings: Rule = {
  id: 'AlarmSettings',
  severity: 'error',
  title: 'The settings of an alarm on a metric go together',
  why: 'CloudWatch rejects the deployment otherwise, and no schema check catches it first.',
  fix: 'set Statistic or ExtendedStatistic, a Period that CloudWatch has, and EvaluationPeriods within a day',
  source: alarmPeriods.source,
  check: each(['AWS::CloudWatch::Alarm'], function* (alarm) {
    const settings = together({
      MetricName: at(alarm, 'MetricName'),
      Metrics: at(alarm, 'Metrics'),
      Statistic: at(alarm, 'Statistic'),
      ExtendedStatistic: at(alarm, 'ExtendedStatistic'),
      Period: at(alarm, 'Period'),
      EvaluationPeriods: at(alarm, 'EvaluationPeriods'),
      DatapointsToAlarm: at(alarm, 'DatapointsToAlarm'),
    });
    for (const { values, when } of settings) {
      // An alarm on anything else, such as a query, has other settings.
      if (values.MetricName === undefined && values.Metrics === undefined) continue;
      const found = faults(values);
      for (const { property, fault } of found) {
        yield { resource: alarm, property, message: `${fault}${inWords(when)}`, detail: property };
      }
      const open = NUMBERS.find((name) => isUnknown(values[name]));
      if (found.length === 0 && open !== undefined) yield undecided(alarm, open, values[open]!);
    }
  }),
};

type Settings = Readonly<
  Record<
    'MetricName' | 'Metrics' | 'Statistic' | 'ExtendedStatistic' | 'Period' | 'EvaluationPeriods' | 'DatapointsToAlarm',
    Value | undefined
  >
>;

const NUMBERS = ['Period', 'EvaluationPeriods', 'DatapointsToAlarm'] as const;

function faults(settings: Settings): { readonly property: keyof Settings; readonly fault: string }[] {
  const found: { property: keyof Settings; fault: string }[] = [];
  const single = settings.MetricName !== undefined;
  const [period, count, datapoints] = NUMBERS.map((name) => toNumber(settings[name]));
  if (single && settings.Statistic === undefined && settings.ExtendedStatistic === undefined) {
    found.push({
      property: 'Statistic',
      fault: `has no statistic for ${toText(settings.MetricName) ?? 'its metric'}`,
    });
  }
  if (single && settings.Period === undefined) found.push({ property: 'Period', fault: 'has no period' });
  if (period !== undefined && !alarmPeriods.value.includes(period) && (period < 60 || period % 60 > 0)) {
    const short = alarmPeriods.value.join(', ');
    found.push({ property: 'Period', fault: `has a period of ${period} seconds, not ${short} or a multiple of 60` });
  }
  if (settings.EvaluationPeriods === undefined) {
    found.push({ property: 'EvaluationPeriods', fault: 'has no number of evaluation periods' });
  } else if (count !== undefined && datapoints !== undefined && !within({ min: 1, max: count }, datapoints)) {
    found.push({ property: 'DatapointsToAlarm', fault: `asks for ${datapoints} of ${count} datapoints` });
  }
  if (period === undefined || count === undefined) return found;
  const span = period < 3600 ? alarmSpan.value : longAlarmSpan.value;
  if (period * count > span) {
    const fault = `looks at ${period * count} seconds (${count} periods of ${period}), more than ${span}`;
    found.push({ property: 'EvaluationPeriods', fault });
  }
  return found;
}
