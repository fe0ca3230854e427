import { expressDuration } from '../../../../lib/rules/rules/state-machines/express-duration';
import { describeFaults, OPEN } from '../faults';
import { express, inState } from './templates';

describeFaults(expressDuration, express, [
  {
    mistake: 'ten minutes',
    change: { 'Machine.Definition.TimeoutSeconds': 600 },
    message: 'is Express, but it may take 600 seconds',
    openButFine: { 'Machine.Definition.TimeoutSeconds': OPEN },
  },
  {
    mistake: 'a wait of ten minutes',
    change: { [inState('Wait.Seconds')]: 600 },
    message: 'is Express, but Wait may take 600 seconds',
  },
]);
