import { eventPatternCatchAll } from '../../../../lib/rules/rules/events/event-pattern-catch-all';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { deliveries } from './templates';

const pattern = (value: unknown) => ({ 'OrderPlaced.EventPattern': value, 'OrderPlaced.EventBusName': 'other' });

describeFaults(eventPatternCatchAll, deliveries, [
  {
    mistake: 'a pattern that only says which account',
    change: pattern({ account: ['111122223333'] }),
    message: 'is matched by every event of the bus',
    openButFine: pattern({ source: [OPEN] }),
  },
  {
    mistake: 'a pattern that only says which version of events',
    change: pattern({ version: ['0'] }),
    message: 'is matched by every event of the bus',
  },
  {
    mistake: 'a pattern that every source matches',
    change: pattern({ source: [{ prefix: '' }] }),
    message: 'is matched by every event of the bus',
  },
]);

describeAccepted(eventPatternCatchAll, deliveries, [
  {
    accepts: 'a rule that hands everything to another bus',
    change: {
      ...pattern({ source: [{ prefix: '' }] }),
      'OrderPlaced.Targets.0.Arn': 'arn:aws:events:eu-west-1:111122223333:event-bus/central',
    },
  },
]);
