import { compensationMissing } from '../../../../lib/rules/rules/states/compensation-missing';
import { describeAccepted, describeFaults } from '../faults';
import { CATCH, ELSEWHERE, inState, order, states } from './templates';

describeFaults(compensationMissing, order, [
  {
    mistake: 'a later failure that undoes less',
    change: { [inState('Charge.Catch')]: CATCH.map((one) => ({ ...one, Next: 'Failed' })) },
    message: 'does not run Release when Charge fails, though it does when Reserve, before it, fails',
    open: ELSEWHERE,
  },
]);

describeAccepted(compensationMissing, order, [
  {
    accepts: 'a later failure that undoes more',
    change: {
      [inState('Charge.Catch')]: CATCH.map((one) => ({ ...one, Next: 'Refund' })),
      [inState('Refund')]: { ...states.Release, Next: 'Release' },
    },
  },
  {
    accepts: 'an earlier failure that a task of its own makes good, so that the saga goes on',
    change: {
      [inState('Reserve.Catch')]: CATCH.map((one) => ({ ...one, Next: 'Restock' })),
      [inState('Restock')]: { ...states.Release, Next: 'Charge' },
    },
  },
  {
    accepts: 'an earlier failure that is mended, so that the saga goes on',
    change: { [inState('Reserve.Catch')]: CATCH.map((one) => ({ ...one, Next: 'Charge' })) },
  },
]);
