import { eventLoopHops } from '../../../../lib/rules/rules/events/event-loop-hops';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { choreography } from './choreography';

const says = 'OrdersRole.Policies.0.PolicyDocument.Statement.2.Condition';
const condition = (source: string, type: string) => ({
  'ForAllValues:StringEquals': { 'events:source': [source], 'events:detail-type': [type] },
  Null: { 'events:source': 'false', 'events:detail-type': 'false' },
});
const billing = 'BillingRole.Policies.0.PolicyDocument.Statement.4.Condition';
const round = { [billing]: condition('billing', 'OrderPaid'), [says]: condition('orders', 'OrderPlaced') };

describeFaults(eventLoopHops, choreography, [
  {
    mistake: 'two functions that call each other, one through a queue',
    change: round,
    message: 'may publish events that come back: Shop/Orders -> Shop/Billing -> Shop/Orders, by Shop/Placed, Shop/Paid',
    openButFine: { [billing]: OPEN },
  },
]);

describeAccepted(eventLoopHops, choreography, [
  {
    accepts: 'a round in which the hops are bounded',
    change: {
      ...round,
      'Paid.EventPattern.detail': { hops: [{ exists: false }, { numeric: ['<', 10] }] },
    },
  },
  {
    accepts: "a bound as 'maxHops' of a subscription writes it",
    change: {
      ...round,
      'Paid.EventPattern.detail': { hops: [{ exists: false }, { numeric: ['<=', 10] }] },
    },
  },
  { accepts: 'a rule that is off', change: { ...round, 'Paid.State': 'DISABLED' } },
]);
