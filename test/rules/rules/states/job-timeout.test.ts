import { jobTimeout } from '../../../../lib/rules/rules/states/job-timeout';
import { describeFaults, OPEN } from '../faults';
import { CATCH, ELSEWHERE, inState, order } from './templates';

const job = {
  Type: 'Task',
  Resource: 'arn:aws:states:::glue:startJobRun.sync',
  Arguments: { JobName: 'bill' },
  TimeoutSeconds: 3600,
  Catch: CATCH,
  Next: 'Lines',
};

describeFaults(jobTimeout, order, [
  {
    mistake: 'a job without a limit',
    change: { [inState('Charge')]: { ...job, TimeoutSeconds: undefined } },
    message: 'has Charge wait for a job without a timeout',
    open: ELSEWHERE,
    openButFine: { [inState('Charge')]: { ...job, TimeoutSeconds: OPEN } },
  },
]);
