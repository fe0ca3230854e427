import type { EventSource } from '../../kernel/event-source';
import type { LocalContext } from '../../kernel/service';
import type { StreamFormat } from './stream-format';
import { StreamPoller } from './stream-poller';

/**
 * A stream, as it is read for a function or a pipe.
 * @param actions what the reader's role must be allowed
 */
export function streamSource(context: LocalContext, format: StreamFormat, actions: readonly string[]): EventSource {
  return { actions, poller: (consumer, settings) => new StreamPoller(context, format, consumer, settings) };
}
