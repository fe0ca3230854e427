import { EventPattern } from '../../../core/event-pattern/event-pattern';
import { readJson } from '../../../core/event-pattern/node';
import { batchesOf } from '../../../runtime/edge/gate';
import { type CloudEvent, isCloudEvent } from '../../../runtime/events/cloud-event';
import { PATTERN, QUEUE } from '../../hub-bindings';

type Env = Readonly<Record<string, unknown>>;

interface Destination {
  readonly pattern: EventPattern;
  readonly queue: Queue<CloudEvent>;
}

/** Copies each event of the hub to its subscribers' queues. What a queue does not accept is retried. */
export default {
  async queue({ messages }, env) {
    const all = destinationsOf(env);
    const events = messages.flatMap((message) => {
      const body = JSON.stringify(message.body);
      const read = isCloudEvent(message.body) && readJson(asOnABus(message.body));
      if (!read) {
        console.error(`Message ${message.id} is not a CloudEvents 1.0 event`);
        message.retry();
        return [];
      }
      return [{ message, read, size: new TextEncoder().encode(body).length }];
    });
    const failed = new Set<Message<CloudEvent>>();
    await Promise.all(
      all.map(async ({ pattern, queue }) => {
        for (const batch of batchesOf(events.filter(({ read }) => pattern.matches(read)))) {
          try {
            await queue.sendBatch(batch.map(({ message: { body } }) => ({ body, contentType: 'json' as const })));
          } catch (error) {
            console.error(`${batch.length} events were not accepted:`, error);
            for (const { message } of batch) failed.add(message);
          }
        }
      }),
    );
    for (const { message } of events) {
      if (failed.has(message)) message.retry();
      else message.ack();
    }
  },
} satisfies ExportedHandler<Env, CloudEvent>;

/** The event in EventBridge's form, with the envelope in `detail`, which patterns expect. */
function asOnABus(event: CloudEvent): string {
  return JSON.stringify({ source: event.source, 'detail-type': event.type, detail: event });
}

let known: { readonly env: Env; readonly all: readonly Destination[] } | undefined;

function destinationsOf(env: Env): readonly Destination[] {
  if (known?.env === env) return known.all;
  const all = Object.entries(env)
    .filter(([name]) => name.startsWith(PATTERN))
    .map(([name, pattern]) => ({
      pattern: new EventPattern(readJson(JSON.stringify(pattern))!, 'bus'),
      queue: env[QUEUE + name.slice(PATTERN.length)] as Queue<CloudEvent>,
    }));
  known = { env, all };
  return all;
}
