import { mapConcurrencyReserved } from '../../../../lib/rules/rules/states/map-concurrency-reserved';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { inState, order } from './templates';

describeFaults(mapConcurrencyReserved, order, [
  {
    mistake: 'more iterations at once than are reserved',
    change: { 'Pay.ReservedConcurrentExecutions': 3 },
    message: 'runs up to 5 iterations of Lines at once, each calling a function with a reserved concurrency of 3',
    open: { 'Pay.ReservedConcurrentExecutions': 3, [inState('Lines.MaxConcurrency')]: OPEN },
  },
  {
    mistake: 'a map without a limit',
    change: { 'Pay.ReservedConcurrentExecutions': 10, [inState('Lines.MaxConcurrency')]: undefined },
    message: 'runs up to 40 iterations',
    open: { 'Pay.ReservedConcurrentExecutions': OPEN },
  },
]);

describeAccepted(mapConcurrencyReserved, order, [
  { accepts: 'no more than are reserved', change: { 'Pay.ReservedConcurrentExecutions': 5 } },
]);
