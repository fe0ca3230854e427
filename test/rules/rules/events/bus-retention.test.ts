import { busRetention } from '../../../../lib/rules/rules/events/bus-retention';
import { describeFaults, OPEN } from '../faults';
import { deliveries } from './templates';

describeFaults(busRetention, deliveries, [
  {
    mistake: 'a bus that keeps events for ever',
    change: {
      NewBus: {
        Type: 'AWS::EventsV2::EventBus',
        Properties: { StorageConfiguration: { RetentionPeriodInDays: 3650 } },
      },
    },
    message: 'asks for 3650 days, outside 1 to 365',
    open: {
      NewBus: {
        Type: 'AWS::EventsV2::EventBus',
        Properties: { StorageConfiguration: { RetentionPeriodInDays: OPEN } },
      },
    },
  },
]);
