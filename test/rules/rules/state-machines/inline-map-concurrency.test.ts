import { inlineMapConcurrency } from '../../../../lib/rules/rules/state-machines/inline-map-concurrency';
import { describeFaults, OPEN } from '../faults';
import { inState, stateMachines } from './templates';

describeFaults(inlineMapConcurrency, stateMachines, [
  {
    mistake: 'more iterations than run',
    change: { [inState('Each.MaxConcurrency')]: 100 },
    message: 'asks for 100 iterations of Each at once, more than 40',
    openButFine: { [inState('Each.MaxConcurrency')]: OPEN },
  },
]);
