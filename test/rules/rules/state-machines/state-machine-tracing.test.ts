import { stateMachineTracing } from '../../../../lib/rules/rules/state-machines/state-machine-tracing';
import { describeFaults, OPEN } from '../faults';
import { stateMachines } from './templates';

describeFaults(stateMachineTracing, stateMachines, [
  {
    mistake: 'a machine that is not traced',
    change: { 'Machine.TracingConfiguration': undefined },
    message: 'is not traced',
    open: { 'Machine.TracingConfiguration.Enabled': OPEN },
  },
]);
