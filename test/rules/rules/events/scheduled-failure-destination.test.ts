import { scheduledFailureDestination } from '../../../../lib/rules/rules/events/scheduled-failure-destination';
import { describeFaults, OPEN } from '../faults';
import { deliveries } from './templates';

describeFaults(scheduledFailureDestination, deliveries, [
  {
    mistake: 'a nightly run that fails without a trace',
    change: {
      'Handler.DeadLetterConfig': undefined,
      'OrderPlaced.EventPattern': undefined,
      'OrderPlaced.ScheduleExpression': 'rate(1 hour)',
      'OrderPlaced.EventBusName': undefined,
    },
    message: 'leaves no trace when a call from the rule fails',
    openButFine: { 'Handler.DeadLetterConfig': { TargetArn: OPEN } },
  },
]);
