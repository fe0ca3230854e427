import { functionEnvironmentSize } from '../../../../lib/rules/rules/functions/function-environment-size';
import { describeFaults, OPEN } from '../faults';
import { functions } from './templates';

describeFaults(functionEnvironmentSize, functions, [
  {
    mistake: '5 KB of environment variables',
    change: { 'Worker.Environment.Variables.TEXT': 'words '.repeat(850) },
    message: 'bytes of environment variables',
    open: { 'Worker.Environment.Variables.TEXT': 'words '.repeat(650), 'Worker.Environment.Variables.MORE': OPEN },
  },
]);
