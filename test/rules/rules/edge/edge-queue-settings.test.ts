import { UNKNOWN_TEXT } from '../../../../lib/core/model/graph';
import { edgeQueueSettings } from '../../../../lib/rules/rules/edge/edge-queue-settings';
import { describeMistakes } from '../faults';
import { graphWith } from './templates';

describeMistakes(edgeQueueSettings, graphWith, [
  {
    mistake: 'a batch of 500',
    change: { 'consumer.settings.batchSize': 500 },
    message: 'asks for 500 messages, outside 1 to 100',
    open: { 'consumer.settings.batchSize': UNKNOWN_TEXT },
  },
  {
    mistake: 'a delay in milliseconds',
    change: { 'consumer.settings.retryDelay': 120_000 },
    message: 'asks for 120000 seconds, outside 0 to 86400',
  },
]);
