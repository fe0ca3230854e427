import { catchKeepsError } from '../../../../lib/rules/rules/states/catch-keeps-error';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { CATCH, ELSEWHERE, inState, order, states } from './templates';

const inPaths = {
  Type: 'Task',
  QueryLanguage: 'JSONPath',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: states.Charge.Arguments,
  Retry: states.Charge.Retry,
  Next: 'Lines',
};

describeFaults(catchKeepsError, order, [
  {
    mistake: 'a catcher that drops the error',
    change: { [inState('Charge.Catch')]: [CATCH[0], { ...CATCH[1], Output: '{% $states.input %}' }] },
    message: 'catches an error of Charge and drops it',
    open: ELSEWHERE,
    openButFine: { [inState('Charge.Catch')]: [CATCH[0], { ...CATCH[1], Output: OPEN }] },
  },
  {
    mistake: 'one that drops it in JSONPath',
    change: {
      [inState('Charge')]: {
        ...inPaths,
        Catch: [
          { ErrorEquals: ['States.DataLimitExceeded'], Next: 'Release' },
          { ErrorEquals: ['States.ALL'], ResultPath: null, Next: 'Release' },
        ],
      },
    },
    message: 'catches an error of Charge and drops it',
  },
]);

describeAccepted(catchKeepsError, order, [
  {
    accepts: 'one that assigns it',
    change: {
      [inState('Charge.Catch')]: [
        CATCH[0],
        { ...CATCH[1], Assign: { why: '{% $states.errorOutput.Cause %}' }, Output: '{% $states.input %}' },
      ],
    },
  },
]);
