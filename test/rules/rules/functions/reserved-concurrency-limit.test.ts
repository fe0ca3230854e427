import { reservedConcurrencyLimit } from '../../../../lib/rules/rules/functions/reserved-concurrency-limit';
import { describeFaults, OPEN } from '../faults';
import { functionWith, functions } from './templates';

describeFaults(reservedConcurrencyLimit, functions, [
  {
    mistake: 'reservations over the declared limit of the account',
    change: { Declared: functionWith({ ReservedConcurrentExecutions: 900 }, { 'lintel:accountConcurrency': 500 }) },
    message: 'more than 400 of the declared 500',
    openButFine: {
      Declared: functionWith({ ReservedConcurrentExecutions: OPEN }, { 'lintel:accountConcurrency': 500 }),
    },
  },
]);
