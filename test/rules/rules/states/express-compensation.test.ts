import { expressCompensation } from '../../../../lib/rules/rules/states/express-compensation';
import { describeAccepted, describeFaults } from '../faults';
import { CATCH, ELSEWHERE, inState, order, states } from './templates';

const express = {
  'Machine.StateMachineType': 'EXPRESS',
  'Machine.LoggingConfiguration': { Level: 'ERROR', Destinations: [] },
  'Machine.Definition.TimeoutSeconds': 200,
};

describeFaults(expressCompensation, order, [
  {
    mistake: 'an Express machine that undoes',
    change: express,
    message: 'is Express, and has Release undo what it did',
    open: ELSEWHERE,
  },
]);

describeAccepted(expressCompensation, order, [
  {
    accepts: 'an Express machine that only tells of a failure',
    change: {
      ...express,
      [inState('Tell')]: states.Release,
      [inState('Release')]: undefined,
      ...Object.fromEntries(
        ['Reserve', 'Charge', 'Lines'].map((name) => [
          inState(`${name}.Catch`),
          CATCH.map((one) => ({ ...one, Next: 'Tell' })),
        ]),
      ),
    },
  },
]);
