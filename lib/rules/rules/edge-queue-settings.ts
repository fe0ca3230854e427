import { cloudflare, type Range, within } from '../../core/facts';
import { inWords } from '../../core/model/select';
import { EDGE } from '../lookups/edge-types';
import { each, numbers, type Rule } from '../rule';

const LIMITS: readonly { readonly property: string; readonly range: Range; readonly unit: string }[] = [
  { property: 'settings.batchSize', range: cloudflare.queueBatch.value, unit: 'messages' },
  { property: 'settings.maxWaitTimeMs', range: cloudflare.queueWait.value, unit: 'milliseconds' },
  { property: 'settings.maxRetries', range: cloudflare.queueRetries.value, unit: 'retries' },
  { property: 'settings.retryDelay', range: cloudflare.queueDelay.value, unit: 'seconds' },
  { property: 'settings.maxConcurrency', range: cloudflare.queueConcurrency.value, unit: 'invocations' },
  { property: 'settings.messageRetentionPeriod', range: cloudflare.queueRetention.value, unit: 'seconds' },
  { property: 'settings.deliveryDelay', range: cloudflare.queueDelay.value, unit: 'seconds' },
];

/** The settings of a queue and its consumer lie in Cloudflare’s ranges. */
export const edgeQueueSettings: Rule = {
  id: 'EdgeQueueSettings',
  severity: 'error',
  title: 'The settings of a Cloudflare queue and its consumer lie in their ranges',
  why: 'Cloudflare rejects the deployment otherwise. Waiting is in milliseconds, the delay of a retry in seconds.',
  fix: 'set a value in the range, in the right unit',
  source: cloudflare.queueBatch.source,
  check: each([EDGE.consumer, EDGE.queue], function* (resource) {
    for (const { property, range, unit } of LIMITS) {
      const { values, unknown } = numbers(resource, property);
      yield* unknown;
      for (const { value, when } of values) {
        if (within(range, value)) continue;
        yield {
          resource,
          property,
          message: `asks for ${value} ${unit}, outside ${range.min} to ${range.max}${inWords(when)}`,
          detail: property,
        };
      }
    }
  }),
};
