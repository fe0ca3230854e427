import { scheduleBus } from '../../../../lib/rules/rules/events/schedule-bus';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { deliveries } from './templates';

const nightly = { 'OrderPlaced.ScheduleExpression': 'cron(0 3 * * ? *)', 'OrderPlaced.EventPattern': undefined };

describeFaults(scheduleBus, deliveries, [
  {
    mistake: 'a schedule on a bus of the template',
    change: nightly,
    message: 'has a schedule on the event bus Shop/Bus',
    open: { ...nightly, 'OrderPlaced.EventBusName': OPEN },
  },
  {
    mistake: 'a schedule on a bus by its name',
    change: { ...nightly, 'OrderPlaced.EventBusName': 'other' },
    message: 'has a schedule on the event bus other',
    openButFine: { 'OrderPlaced.EventBusName': OPEN },
  },
]);

describeAccepted(scheduleBus, deliveries, [
  { accepts: 'a schedule without a bus', change: { ...nightly, 'OrderPlaced.EventBusName': undefined } },
  { accepts: 'a schedule on the default bus', change: { ...nightly, 'OrderPlaced.EventBusName': 'default' } },
  {
    accepts: 'a schedule on the ARN of the default bus',
    change: { ...nightly, 'OrderPlaced.EventBusName': 'arn:aws:events:eu-west-1:111122223333:event-bus/default' },
  },
]);
