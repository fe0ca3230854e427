import { eventLoop } from '../../../../lib/rules/rules/events/event-loop';
import { describeFaults, OPEN } from '../faults';
import { deliveries } from './templates';

describeFaults(eventLoop, deliveries, [
  {
    mistake: 'a function that publishes what calls it',
    change: {
      'HandlerRole.Policies.0.PolicyDocument.Statement.3.Condition.StringEquals': {
        'events:source': ['shop', 'billing'],
      },
    },
    message: 'may publish the events that trigger it through Shop/OrderPlaced',
    openButFine: {
      'HandlerRole.Policies.0.PolicyDocument.Statement.3.Condition.StringEquals': { 'events:source': OPEN },
    },
  },
]);
