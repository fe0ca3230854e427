import { callbackHeartbeat } from '../../../../lib/rules/rules/state-machines/callback-heartbeat';
import { describeFaults, OPEN } from '../faults';
import { inState, stateMachines } from './templates';

describeFaults(callbackHeartbeat, stateMachines, [
  {
    mistake: 'a callback without a limit',
    change: { [inState('Ask.HeartbeatSeconds')]: undefined },
    message: 'has Ask wait for an answer without a limit',
    openButFine: { [inState('Ask.HeartbeatSeconds')]: OPEN },
  },
]);
