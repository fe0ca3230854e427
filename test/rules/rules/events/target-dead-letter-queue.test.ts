import { targetDeadLetterQueue } from '../../../../lib/rules/rules/events/target-dead-letter-queue';
import { arn, describeFaults, inProduction, OPEN } from '../faults';
import { deliveries } from './templates';

describeFaults(targetDeadLetterQueue, deliveries, [
  {
    mistake: 'a target that drops events',
    change: { 'OrderPlaced.Targets.0.DeadLetterConfig': undefined },
    message: 'drops the events that it cannot deliver',
    openButFine: { 'OrderPlaced.Targets.0.DeadLetterConfig.Arn': OPEN },
  },
  {
    mistake: 'a schedule that drops calls in one branch of a condition',
    change: { 'Schedule.Target.DeadLetterConfig': inProduction({ Arn: arn('Failures') }) },
    message: 'drops the calls that it cannot make when not IsProduction',
  },
  {
    mistake: 'a subscriber that drops events',
    change: { 'Subscriber.OnFailureConfiguration': undefined },
    message: 'within 5 minutes',
  },
]);
