import { functionTracing } from '../../../../lib/rules/rules/functions/function-tracing';
import { describeFaults, OPEN } from '../faults';
import { functions } from './templates';

describeFaults(functionTracing, functions, [
  {
    mistake: 'a function that is not traced',
    change: { 'Worker.TracingConfig': undefined },
    message: 'is not traced',
    open: { 'Worker.TracingConfig.Mode': OPEN },
  },
]);
