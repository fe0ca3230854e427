import { type CloudEvent, isCloudEvent } from '../events/cloud-event';
import { QUEUE_MESSAGE_BYTES, QUEUE_SEND_BYTES, QUEUE_SEND_MESSAGES } from '../limits';

/** What may be published through one gate. */
export interface Declared {
  readonly source: string;
  readonly types: readonly string[];
}

/** A refused event of a request. */
export interface Refused {
  /** Its index in the request. */
  readonly index: number;
  readonly code: 'AccessDenied' | 'Invalid' | 'Unavailable';
  readonly message: string;
}

/** A queue to send to, as far as it is used here. */
export interface SendingQueue {
  sendBatch(messages: readonly { readonly body: CloudEvent; readonly contentType: 'json' }[]): Promise<unknown>;
}

/** Largest message, less what the platform adds. */
export const MOST_BYTES = QUEUE_MESSAGE_BYTES - 500;
/** The same of all that are put on a queue at once. */
const MOST_TOGETHER = QUEUE_SEND_BYTES - 6000;

/** Puts the declared events of a request on a queue; returns those refused, and why. */
export async function admit(
  events: readonly unknown[],
  declared: Declared,
  queue: SendingQueue,
): Promise<readonly Refused[]> {
  const refused: Refused[] = [];
  const admitted: Sized[] = [];
  for (const [index, event] of events.entries()) {
    const size = new TextEncoder().encode(JSON.stringify(event)).length;
    const fault = faultOf(event, size, declared);
    if (fault) refused.push({ index, ...fault });
    else admitted.push({ index, size, event: event as CloudEvent });
  }
  for (const batch of batchesOf(admitted)) {
    try {
      await queue.sendBatch(batch.map(({ event: body }) => ({ body, contentType: 'json' })));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      refused.push(...batch.map(({ index }) => ({ index, code: 'Unavailable' as const, message })));
    }
  }
  return refused;
}

interface Sized {
  readonly index: number;
  readonly size: number;
  readonly event: CloudEvent;
}

function faultOf(event: unknown, size: number, { source, types }: Declared): Omit<Refused, 'index'> | undefined {
  if (!isCloudEvent(event)) return { code: 'Invalid', message: 'it is not a CloudEvents 1.0 event' };
  if (event.source !== source || !types.includes(event.type)) {
    const message = `'${event.type}' of '${event.source}' is not declared here: ${types.join(', ')} of ${source}`;
    return { code: 'AccessDenied', message };
  }
  return size > MOST_BYTES ? { code: 'Invalid', message: `it has ${size} bytes, more than ${MOST_BYTES}` } : undefined;
}

/** Fills batches up to what a queue accepts at once. */
export function batchesOf<Message extends { readonly size: number }>(
  all: readonly Message[],
): readonly (readonly Message[])[] {
  const batches: Message[][] = [];
  let bytes = 0;
  for (const one of all) {
    const current = batches.at(-1);
    if (current === undefined || current.length === QUEUE_SEND_MESSAGES || bytes + one.size > MOST_TOGETHER) {
      batches.push([one]);
      bytes = one.size;
    } else {
      current.push(one);
      bytes += one.size;
    }
  }
  return batches;
}
