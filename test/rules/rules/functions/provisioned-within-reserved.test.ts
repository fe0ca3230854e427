import { provisionedWithinReserved } from '../../../../lib/rules/rules/functions/provisioned-within-reserved';
import { describeFaults, OPEN } from '../faults';
import { functions } from './templates';

describeFaults(provisionedWithinReserved, functions, [
  {
    mistake: 'more provisioned than reserved',
    change: { 'Live.ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions': 20 },
    message: 'has 20 provisioned executions, but reserves 10',
    open: { 'Worker.ReservedConcurrentExecutions': OPEN },
  },
]);
