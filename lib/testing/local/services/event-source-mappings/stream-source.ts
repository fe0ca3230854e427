import type { EventSource } from '../../kernel/event-source';
import type { LocalContext } from '../../kernel/service';
import type { StreamFormat } from './stream-format';
import { StreamPoller } from './stream-poller';

/**
 * A stream, as Lambda reads it for a function.
 * @param actions what the function's role must be allowed
 */
export function streamSource(context: LocalContext, format: StreamFormat, actions: readonly string[]): EventSource {
  return { actions, poller: (target, settings) => new StreamPoller(context, format, target, settings) };
}
