import { jsonataSyntax } from '../../../../lib/rules/rules/state-machines/jsonata-syntax';
import { describeFaults } from '../faults';
import { inState, stateMachines } from './templates';

describeFaults(jsonataSyntax, stateMachines, [
  {
    mistake: 'JSONata that cannot be read',
    change: { [inState('Pay.Output')]: '{% $states.result.Payload + %}' },
    message: 'has a JSONata expression in Pay that cannot be parsed: Unexpected end of expression',
    openButFine: { [inState('Pay.Output')]: { 'Fn::Sub': '{% "${Open}" & $states.result.Payload %}' } },
  },
]);
