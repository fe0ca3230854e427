import { catchDataLimit } from '../../../../lib/rules/rules/state-machines/catch-data-limit';
import { describeFaults, OPEN } from '../faults';
import { inState, pay, stateMachines } from './templates';

describeFaults(catchDataLimit, stateMachines, [
  {
    mistake: 'a catcher that does not see a large result',
    change: { [inState('Pay.Catch')]: pay.Catch.slice(1) },
    message: 'catches all errors of Pay, but not States.DataLimitExceeded',
    openButFine: { [inState('Pay.Catch')]: OPEN },
  },
]);
