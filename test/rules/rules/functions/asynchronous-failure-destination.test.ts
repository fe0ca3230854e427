import { asynchronousFailureDestination } from '../../../../lib/rules/rules/functions/asynchronous-failure-destination';
import { describeFaults, OPEN } from '../faults';
import { deliveries } from '../events/templates';

describeFaults(asynchronousFailureDestination, deliveries, [
  {
    mistake: 'events that are lost when the function fails',
    change: { 'Handler.DeadLetterConfig': undefined },
    message: 'loses events from the rule after three failed attempts',
    openButFine: { 'Handler.DeadLetterConfig': { TargetArn: OPEN } },
  },
]);
