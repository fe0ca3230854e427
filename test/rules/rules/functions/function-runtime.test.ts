import { functionRuntime } from '../../../../lib/rules/rules/functions/function-runtime';
import { describeFaults, OPEN } from '../faults';
import { functions } from './templates';

describeFaults(functionRuntime, functions, [
  {
    mistake: 'a runtime without support',
    change: { 'Worker.Runtime': 'nodejs20.x' },
    message: 'whose support ended on 2026-04-30',
    open: { 'Worker.Runtime': OPEN },
  },
]);
