import { targetRetries } from '../../../../lib/rules/rules/events/target-retries';
import { describeFaults, OPEN } from '../faults';
import { deliveries } from './templates';

describeFaults(targetRetries, deliveries, [
  {
    mistake: '200 retries',
    change: { 'OrderPlaced.Targets.0.RetryPolicy.MaximumRetryAttempts': 200 },
    message: 'asks for 200 retries, outside 0 to 185',
    open: { 'OrderPlaced.Targets.0.RetryPolicy.MaximumRetryAttempts': OPEN },
  },
  {
    mistake: 'a schedule that goes on for two days',
    change: { 'Schedule.Target.RetryPolicy.MaximumEventAgeInSeconds': 172_800 },
    message: 'asks for 172800 seconds, outside 60 to 86400',
  },
]);
