import { cloudflare } from '../../../core/facts';
import { eachLimit } from '../../limits';
import { EDGE } from '../../lookups/edge-types';
import type { Rule } from '../../rule';

/** The settings of a queue and its consumer lie in Cloudflare’s ranges. */
export const edgeQueueSettings: Rule = {
  id: 'EdgeQueueSettings',
  severity: 'error',
  title: 'The settings of a Cloudflare queue and its consumer lie in their ranges',
  why: 'Cloudflare rejects the deployment otherwise. Waiting is in milliseconds, the delay of a retry in seconds.',
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
