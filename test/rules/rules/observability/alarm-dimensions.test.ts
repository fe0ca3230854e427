import { alarmDimensions } from '../../../../lib/rules/rules/observability/alarm-dimensions';
import { describeFaults, OPEN } from '../faults';
import { stores } from '../data/templates';

describeFaults(alarmDimensions, stores, [
  {
    mistake: 'an alarm on no queue',
    change: { 'Alarm.Dimensions': undefined },
    message: 'watches AWS/SQS without naming a resource',
    openButFine: { 'Alarm.Dimensions.0.Value': OPEN },
  },
]);
