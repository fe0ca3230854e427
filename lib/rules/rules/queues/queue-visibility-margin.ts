import { eventSource } from '../../../core/facts';
import { visibilityFaults } from '../../lookups/visibility';
import type { Rule } from '../../rule';

const FACTOR = eventSource.visibilityFactor.value;

export const queueVisibilityMargin: Rule = {
  id: 'QueueVisibilityMargin',
  severity: 'warning',
  title: `The visibility timeout of a queue is ${FACTOR} times the timeout of its function, plus the batching window`,
  why: 'Lambda needs the margin to retry when the function is throttled; with less, messages are delivered twice.',
  fix: `set VisibilityTimeout to ${FACTOR} times the function’s timeout plus the batching window`,
  source: eventSource.visibilityFactor.source,
  *check({ model }) {
    const faults = visibilityFaults(model, ({ visibility, timeout, window }) => {
      const advised = FACTOR * timeout + window;
      if (visibility < timeout || visibility >= advised) return undefined;
      return `hides a message for ${visibility} seconds, less than the advised ${advised} for`;
    });
    for (const judgement of faults) if (!('reason' in judgement)) yield judgement;
  },
};
