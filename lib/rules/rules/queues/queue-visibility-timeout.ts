import { eventSource } from '../../../core/facts';
import { visibilityFaults } from '../../lookups/visibility';
import type { Rule } from '../../rule';

export const queueVisibilityTimeout: Rule = {
  id: 'QueueVisibilityTimeout',
  severity: 'error',
  title: 'The visibility timeout of a queue is at least the timeout of its function',
  why: 'Lambda rejects the mapping; the message would be delivered a second time while the first is still being processed.',
  fix: `set VisibilityTimeout to ${eventSource.visibilityFactor.value} times the function’s timeout`,
  source: eventSource.visibilityFactor.source,
  *check({ model }) {
    yield* visibilityFaults(model, ({ visibility, timeout }) =>
      visibility < timeout
        ? `hides a message for ${visibility} seconds, less than the ${timeout} seconds of`
        : undefined,
    );
  },
};
