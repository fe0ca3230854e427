import { reservedConcurrencyBudget } from '../../../../lib/rules/rules/functions/reserved-concurrency-budget';
import { describeFaults, OPEN } from '../faults';
import { functions } from './templates';

describeFaults(reservedConcurrencyBudget, functions, [
  {
    mistake: 'reservations for the whole account',
    change: { 'Other.ReservedConcurrentExecutions': 950 },
    message: 'more than 900 of the usual 1000',
    open: { 'Other.ReservedConcurrentExecutions': OPEN },
  },
]);
