import { type CloudEvent, cloudEvent, type NewEvent } from '../events/cloud-event';
import {
  type AnyEvent,
  type EventTypes,
  type Publisher,
  PublishError,
  type PublisherProps,
  sent,
  type Unpublished,
} from '../events/publishing';
import { QUEUE_SEND_MESSAGES } from '../limits';
import { MOST_BYTES, type Refused } from './gate';

/** The binding of an `EdgeHub`'s `publish()`: a Worker that accepts only what was declared. */
export interface EdgeHubBinding {
  fetch(
    address: string,
    request: { readonly method: string; readonly body: string },
  ): Promise<{ readonly ok: boolean; readonly status: number; json(): Promise<unknown>; text(): Promise<string> }>;
}

/** Events per request to the hub. */
const MOST_EVENTS = QUEUE_SEND_MESSAGES;

/**
 * The publisher of a hub on the edge.
 * @param hub the binding, by its name in `access`: `env.HUB`
 * @example
 * await publisher(env.HUB, { source: 'shop.orders' }).publish({ type: 'OrderPlaced', data: order });
 */
export function publisher<Types extends object = EventTypes>(
  hub: EdgeHubBinding,
  { source }: PublisherProps,
): Publisher<Types> {
  return {
    async publish(events, { cause } = {}) {
      if (hub === undefined) {
        throw new Error("There is no binding of that name; name the hub in 'access': hub.publish({ ... })");
      }
      const made = [events].flat().map((event: AnyEvent<Types>) => {
        const making = { source, now: new Date(), id: crypto.randomUUID(), ...(cause && { cause }) };
        return cloudEvent(event as NewEvent, making);
      });
      for (const event of made) fitting(event);
      const failed: Unpublished[] = [];
      for (let at = 0; at < made.length; at += MOST_EVENTS) {
        const some = made.slice(at, at + MOST_EVENTS).map((event) => ({ event }));
        failed.push(...(await sent(some, (left) => once(hub, left), ['Unavailable'])));
      }
      const published = made.filter((event) => !failed.some((one) => one.event === event));
      if (failed.length > 0) throw new PublishError(failed, published);
      return published;
    },
  };
}

function fitting(event: CloudEvent): void {
  const size = new TextEncoder().encode(JSON.stringify(event)).length;
  if (size <= MOST_BYTES) return;
  throw new RangeError(
    `'${event.type}' has ${size} bytes, more than the ${MOST_BYTES} of a queue; put the data in a bucket, and refer to it`,
  );
}

/** Sends events to the hub. */
async function once(
  hub: EdgeHubBinding,
  some: readonly { readonly event: CloudEvent }[],
): Promise<readonly Unpublished[]> {
  const events = some.map(({ event }) => event);
  const all = (message: string) => events.map((event) => ({ event, code: 'Unavailable', message }));
  try {
    const answer = await hub.fetch('https://hub/', { method: 'POST', body: JSON.stringify(events) });
    if (!answer.ok) return all(`the hub answered ${answer.status} ${await answer.text()}`);
    const refused = (await answer.json()) as readonly Refused[];
    return refused.map(({ index, code, message }) => ({ event: events[index]!, code, message }));
  } catch (error) {
    return all(error instanceof Error ? error.message : String(error));
  }
}
