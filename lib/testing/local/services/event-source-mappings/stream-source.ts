import type { EventSource } from '../../kernel/event-source';
import type { Need } from '../../kernel/judge';
import type { LocalContext } from '../../kernel/service';
import type { StreamFormat } from './stream-format';
import { StreamPoller } from './stream-poller';

/**
 * A stream as the source of a mapping or pipe.
 * @param needs the permissions that the reader's role requires
 * @param stream its ARN, which differs from the source's if a consumer reads it
 * @param writes how often it may have got records
 */
export function streamSource(
  context: LocalContext,
  format: StreamFormat,
  needs: readonly Need[],
  stream: string,
  writes: () => number,
): EventSource {
  return {
    needs,
    poller: (consumer, settings) => new StreamPoller(context, format, consumer, settings, { stream, writes }),
  };
}

/** Actions on one resource. */
export function needsOn(resource: string, actions: readonly string[]): readonly Need[] {
  return actions.map((action) => ({ action, resource }));
}
