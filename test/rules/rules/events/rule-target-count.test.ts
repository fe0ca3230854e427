import { ruleTargetCount } from '../../../../lib/rules/rules/events/rule-target-count';
import { arn, describeFaults, OPEN } from '../faults';
import { deliveries } from './templates';

describeFaults(ruleTargetCount, deliveries, [
  {
    mistake: 'six targets',
    change: {
      'OrderPlaced.Targets': Array.from({ length: 6 }, (_, index) => ({
        Id: String(index),
        Arn: 'arn:aws:logs:eu-west-1:111122223333:log-group:x',
        DeadLetterConfig: { Arn: arn('Failures') },
      })),
    },
    message: 'has 6 targets, more than 5',
    openButFine: { 'OrderPlaced.Targets': OPEN },
  },
]);
