import { eventPatternLostWay } from '../../../../lib/rules/rules/events/event-pattern-lost-way';
import { describeAccepted, describeFaults, judgeAll, modelOf, OPEN } from '../faults';
import { deliveries } from './templates';

const ways = (...$or: unknown[]) => ({ 'OrderPlaced.EventPattern': { source: ['shop'], detail: { $or } } });

describeFaults(eventPatternLostWay, deliveries, [
  {
    mistake: 'a way that shares a value with an earlier one',
    change: ways({ state: ['paid'] }, { state: ['paid', 'sent'] }),
    message: "has a way of '$or' that is taken for an earlier one",
    openButFine: ways({ state: ['paid'] }, { state: [OPEN, 'sent'] }),
  },
]);

describeAccepted(eventPatternLostWay, deliveries, [
  {
    accepts: 'ways that share the values of one field only',
    change: ways({ a: ['x'], b: ['1'] }, { a: ['x'], b: ['2'] }),
  },
]);

test('refuses it in a filter as well', () => {
  const Pattern = JSON.stringify({ $or: [{ eventName: ['INSERT'] }, { eventName: ['INSERT', 'MODIFY'] }] });
  const Mapping = {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: { FilterCriteria: { Filters: [{ Pattern }] } },
  };
  expect(judgeAll(modelOf({ Mapping }), [eventPatternLostWay]).findings).toHaveLength(1);
});
