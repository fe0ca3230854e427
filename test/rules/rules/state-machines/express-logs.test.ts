import { expressLogs } from '../../../../lib/rules/rules/state-machines/express-logs';
import { describeFaults, OPEN } from '../faults';
import { express } from './templates';

describeFaults(expressLogs, express, [
  {
    mistake: 'no record of executions',
    change: { 'Machine.LoggingConfiguration': undefined },
    message: 'keeps no record of its executions',
    openButFine: { 'Machine.LoggingConfiguration.Level': OPEN },
  },
]);
