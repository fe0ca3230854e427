import { mappingConcurrency } from '../../../../lib/rules/rules/mappings/mapping-concurrency';
import { describeFaults, OPEN } from '../faults';
import { queues } from '../queues/templates';

describeFaults(mappingConcurrency, queues, [
  {
    mistake: 'more concurrency than is reserved',
    change: { 'Mapping.ScalingConfig.MaximumConcurrency': 50 },
    message: 'asks for 50 concurrent executions, but Shop/Worker reserves 20',
    open: { 'Mapping.ScalingConfig.MaximumConcurrency': OPEN },
  },
]);
