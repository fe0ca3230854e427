import { eventSource } from '../../../core/facts';
import { eachLimit } from '../../limits';
import type { Rule } from '../../rule';

export const mappingLimits: Rule = {
  id: 'MappingLimits',
  severity: 'error',
  title: 'The settings of a mapping are in range',
  why: 'Lambda rejects the deployment otherwise.',
  fix: 'set a value in the range',
  source: 'https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html',
  check: eachLimit(
    ['AWS::Lambda::EventSourceMapping'],
    [
      { property: 'BatchSize', range: eventSource.streamBatch },
      { property: 'MaximumBatchingWindowInSeconds', range: eventSource.batchWindow },
      { property: 'ScalingConfig.MaximumConcurrency', range: eventSource.maximumConcurrency },
      { property: 'ParallelizationFactor', range: eventSource.parallelization },
      { property: 'MaximumRetryAttempts', range: eventSource.streamRetries, also: -1 },
      { property: 'MaximumRecordAgeInSeconds', range: eventSource.streamRecordAge, also: -1 },
      { property: 'TumblingWindowInSeconds', range: eventSource.tumblingWindow },
    ],
  ),
};
