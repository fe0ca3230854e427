import { stateMachineDefinition } from '../../../../lib/rules/rules/state-machines/state-machine-definition';
import { describeFaults, OPEN } from '../faults';
import { inState, stateMachines } from './templates';

describeFaults(stateMachineDefinition, stateMachines, [
  {
    mistake: 'a next state that is not there',
    change: { [inState('Pay.Next')]: 'Asked' },
    message: "leads to 'Asked', a state that it does not have",
    open: { 'Machine.Definition': undefined, 'Machine.DefinitionS3Location': { Bucket: 'b', Key: 'k' } },
  },
  {
    mistake: 'a definition that is not JSON',
    change: { 'Machine.Definition': undefined, 'Machine.DefinitionString': '{"StartAt": ' },
    message: 'has a definition that is not JSON',
    open: { 'Machine.Definition': undefined, 'Machine.DefinitionString': OPEN },
  },
  {
    mistake: 'a state that nothing follows',
    change: { [inState('Each.ItemProcessor.States.Inner')]: { Type: 'Pass' } },
    message: 'does not say what follows Inner',
  },
]);
