import { mappingPartialBatch } from '../../../../lib/rules/rules/mappings/mapping-partial-batch';
import { describeFaults, OPEN } from '../faults';
import { queues } from '../queues/templates';
import { streams } from '../streams/templates';

describeFaults(mappingPartialBatch, queues, [
  {
    mistake: 'whole batches that come again',
    change: { 'Mapping.FunctionResponseTypes': undefined },
    message: 'has whole batches redelivered for one bad record',
    openButFine: { 'Mapping.EventSourceArn': OPEN },
  },
]);

describeFaults(mappingPartialBatch, streams, [
  {
    mistake: 'whole batches that come again',
    change: { 'FirstMapping.FunctionResponseTypes': undefined },
    message: 'has whole batches redelivered for one bad record',
    openButFine: { 'FirstMapping.FunctionResponseTypes': ['ReportBatchItemFailures', OPEN] },
  },
]);
