import { callbackToken } from '../../../../lib/rules/rules/state-machines/callback-token';
import { describeFaults } from '../faults';
import { inState, stateMachines } from './templates';

describeFaults(callbackToken, stateMachines, [
  {
    mistake: 'a task token that nobody gets',
    change: { [inState('Ask.Arguments.MessageBody')]: { order: '{% $states.context.Execution.Id %}' } },
    message: 'has Ask wait for a token that it passes to nobody',
    openButFine: { [inState('Ask.Arguments.MessageBody')]: '{% $states.context.Task.Token %}' },
  },
]);
