import { logGroupRetention } from '../../../../lib/rules/rules/observability/log-group-retention';
import { describeFaults, inProduction, OPEN } from '../faults';
import { functions } from '../functions/templates';

describeFaults(logGroupRetention, functions, [
  {
    mistake: 'logs without end',
    change: { 'WorkerLogs.RetentionInDays': undefined },
    message: 'keeps its logs forever',
    openButFine: { 'WorkerLogs.RetentionInDays': OPEN },
  },
  {
    mistake: 'logs without end in one branch of a condition',
    change: { 'WorkerLogs.RetentionInDays': inProduction(365) },
    message: 'keeps its logs forever when not IsProduction',
  },
]);
