import { errorName } from '../../../../lib/rules/rules/states/error-name';
import { describeFaults, OPEN } from '../faults';
import { ELSEWHERE, inState, order } from './templates';

describeFaults(errorName, order, [
  {
    mistake: 'an invented name',
    change: { [inState('Charge.Retry')]: [{ ErrorEquals: ['States.TimeOut'] }] },
    message: 'names States.TimeOut in Charge, which is not an error of Step Functions; States.Timeout is',
    open: ELSEWHERE,
    openButFine: { [inState('Charge.Retry')]: [{ ErrorEquals: [OPEN] }] },
  },
]);
