import { POLLERS } from '../../../../core/iam/platform-actions';
import * as facts from '../../../../core/facts/event-source';
import type { Consumer, EventSource } from '../../kernel/event-source';
import type { LocalContext } from '../../kernel/service';
import type { MappingSettings } from '../event-source-mappings/settings';
import type { Queue } from './queue';
import { QueuePoller } from './queue-poller';

/** A queue as the event source of a function or a pipe. */
export function queueSource(context: LocalContext, queue: Queue): EventSource {
  return {
    needs: POLLERS.queue.granted.map((action) => ({ action, resource: queue.arn })),
    refusal: (consumer, settings) => refusal(consumer, queue, settings),
    poller: (consumer, settings) => new QueuePoller(context, queue, consumer, settings),
  };
}

/** Why Lambda would reject a mapping on the queue. */
function refusal({ timeout }: Consumer, queue: Queue, settings: MappingSettings): string | undefined {
  const { visibilityTimeout } = queue.settings;
  const { batchSize = 10, window } = settings;
  const unbatched = facts.queueBatchWithoutWindow.value;
  if (visibilityTimeout < timeout) {
    return `Queue visibility timeout: ${visibilityTimeout} seconds is less than Function timeout: ${timeout} seconds`;
  }
  if (batchSize > unbatched && queue.fifo) return `Batch size must be at most ${unbatched} for a FIFO queue`;
  if (batchSize > unbatched && window < 1) {
    return `Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than ${unbatched}`;
  }
  if (queue.fifo && window > 0) return 'Batching window is not supported for FIFO queues';
  if (settings.filters.length > facts.filtersRaised.value) return 'it has too many filters';
  return undefined;
}
