import { events } from '../../../core/facts';
import { eachLimit } from '../../limits';
import type { Rule } from '../../rule';

export const busRetention: Rule = {
  id: 'BusRetention',
  severity: 'error',
  title: `A bus keeps its events ${events.busRetention.value.min} to ${events.busRetention.value.max} days`,
  why: 'EventBridge rejects the deployment otherwise.',
  fix: 'set a value in the range',
  source: events.busRetention.source,
  check: eachLimit(
    ['AWS::EventsV2::EventBus'],
    [{ property: 'StorageConfiguration.RetentionPeriodInDays', range: events.busRetention }],
  ),
};
