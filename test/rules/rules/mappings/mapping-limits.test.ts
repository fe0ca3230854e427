import { mappingLimits } from '../../../../lib/rules/rules/mappings/mapping-limits';
import { describeFaults, OPEN } from '../faults';
import { queues } from '../queues/templates';
import { streams } from '../streams/templates';

describeFaults(mappingLimits, queues, [
  {
    mistake: 'a concurrency of one',
    change: { 'Mapping.ScalingConfig.MaximumConcurrency': 1 },
    message: 'asks for 1 concurrent executions, outside 2 to 1000',
    open: { 'Mapping.ScalingConfig.MaximumConcurrency': OPEN },
  },
]);

describeFaults(mappingLimits, streams, [
  {
    mistake: 'twenty batches of a shard at once',
    change: { 'FirstMapping.ParallelizationFactor': 20 },
    message: 'asks for 20 batches per shard, outside 1 to 10',
    open: { 'FirstMapping.ParallelizationFactor': OPEN },
  },
]);
