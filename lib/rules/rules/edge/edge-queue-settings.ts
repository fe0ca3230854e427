import { cloudflare } from '../../../core/facts';
import { eachLimit } from '../../limits';
import { EDGE } from '../../lookups/edge-types';
import type { Rule } from '../../rule';

export const edgeQueueSettings: Rule = {
  id: 'EdgeQueueSettings',
  severity: 'error',
  title: 'The settings of a Cloudflare queue and its consumer are in range',
  why: 'Cloudflare rejects the deployment otherwise. The wait for a batch is in milliseconds, the retry delay in seconds.',
  fix: 'set a value in the range, in the right unit',
  source: cloudflare.queueBatch.source,
  check: eachLimit(
    [EDGE.consumer, EDGE.queue],
    [
      { property: 'settings.batchSize', range: cloudflare.queueBatch },
      { property: 'settings.maxWaitTimeMs', range: cloudflare.queueWait },
      { property: 'settings.maxRetries', range: cloudflare.queueRetries },
      { property: 'settings.retryDelay', range: cloudflare.queueDelay },
      { property: 'settings.maxConcurrency', range: cloudflare.queueConcurrency },
      { property: 'settings.messageRetentionPeriod', range: cloudflare.queueRetention },
      { property: 'settings.deliveryDelay', range: cloudflare.queueDelay },
    ],
  ),
};
