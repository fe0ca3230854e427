import type { EventSource } from '../../kernel/event-source';
import type { Need } from '../../kernel/judge';
import type { LocalContext } from '../../kernel/service';
import type { StreamFormat } from './stream-format';
import { StreamPoller } from './stream-poller';

/**
 * A stream, as it is read for a function or a pipe.
 * @param needs what the reader's role must be allowed
 * @param stream its ARN, which is not that of the source where it is read by a consumer
 */
export function streamSource(
  context: LocalContext,
  format: StreamFormat,
  needs: readonly Need[],
  stream: string,
): EventSource {
  return { needs, poller: (consumer, settings) => new StreamPoller(context, format, consumer, settings, stream) };
}

/** Actions on one resource. */
export function needsOn(resource: string, actions: readonly string[]): readonly Need[] {
  return actions.map((action) => ({ action, resource }));
}
