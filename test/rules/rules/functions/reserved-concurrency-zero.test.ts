import { reservedConcurrencyZero } from '../../../../lib/rules/rules/functions/reserved-concurrency-zero';
import { describeFaults, OPEN } from '../faults';
import { functions } from './templates';

describeFaults(reservedConcurrencyZero, functions, [
  {
    mistake: 'a function that is stopped',
    change: { 'Other.ReservedConcurrentExecutions': 0 },
    message: 'never runs: its reservation is 0',
    open: { 'Other.ReservedConcurrentExecutions': OPEN },
  },
]);
