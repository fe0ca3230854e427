import { heartbeatWithinTimeout } from '../../../../lib/rules/rules/states/heartbeat-within-timeout';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { inState, order } from './templates';

describeFaults(heartbeatWithinTimeout, order, [
  {
    mistake: 'a heartbeat as long as the timeout',
    change: { [inState('Charge.HeartbeatSeconds')]: 60 },
    message: 'expects a heartbeat from Charge every 60 seconds, but gives up after 60',
    open: { [inState('Charge.HeartbeatSeconds')]: OPEN },
    openButFine: { [inState('Charge.TimeoutSeconds')]: OPEN },
  },
]);

describeAccepted(heartbeatWithinTimeout, order, [
  {
    accepts: 'an expression, which is known when it runs',
    change: { [inState('Charge.HeartbeatSeconds')]: '{% $order.beat %}' },
  },
]);
