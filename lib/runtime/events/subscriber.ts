import { fetchData } from './claims';
import type { BusEvent, InvocationContext, QueueAnswer, QueueBatch } from './incoming';
import { type CloudEvent, isCloudEvent } from './cloud-event';
import { once } from './once';
import type { KnownEvents } from '../declared';

/** Handles an event. An error makes the event be retried. */
export type EventHandler<Data> = (data: Data, event: CloudEvent<Data>) => unknown;

/** Handlers by event type. */
export interface SubscriberProps<Types extends object> {
  /** By type. */
  readonly on: { readonly [Type in keyof Types & string]?: EventHandler<Types[Type]> };
  /**
   * Handles types missing from `on`.
   * @default - such an event is an error, and ends in the dead-letter queue
   */
  readonly otherwise?: EventHandler<unknown>;
  /**
   * What happens to an event that has already been processed, identified by source and id. `'process'` is for handlers that
   * detect repeats themselves.
   * @default 'skip'
   */
  readonly duplicates?: 'skip' | 'process';
}

/** The handler of a subscription: for messages of its queue, or for events directly from the bus. */
export type Subscriber = (event: QueueBatch | BusEvent, context: InvocationContext) => Promise<QueueAnswer | void>;

/**
 * The handler of a subscription.
 *
 * Events are identified by source and id, and processed once, even if they arrive twice at the same time or weeks later after a
 * redrive. This uses Powertools' idempotency: `npm install @aws-lambda-powertools/idempotency`. One that the handler failed on is
 * retried. With the declaration from `lintel types`, types and data are the app's; `subscriber<Events>(...)` takes others.
 * @example
 * export const handler = subscriber<Events>({ on: { OrderPlaced: async (order) => ship(order) } });
 */
export function subscriber<Types extends object = KnownEvents>(props: SubscriberProps<NoInfer<Types>>): Subscriber {
  return async (incoming, context) => {
    if (!('Records' in incoming)) return handle(incoming, props, context);
    const outcomes = await Promise.allSettled(
      incoming.Records.map(async ({ body }) => handle(JSON.parse(body) as Incoming, props, context)),
    );
    const failed = outcomes.flatMap((outcome, index) =>
      outcome.status === 'rejected' ? [{ record: incoming.Records[index]!, reason: outcome.reason as unknown }] : [],
    );
    // The function's error metric counts thrown errors; failures of single messages are only in the log.
    if (failed.length === incoming.Records.length) throw failed.length === 1 ? failed[0]!.reason : allOf(failed);
    // eslint-disable-next-line no-console -- an error that is not rethrown is only in the log
    for (const { record, reason } of failed) console.error(`Message ${record.messageId} failed:`, reason);
    return { batchItemFailures: failed.map(({ record }) => ({ itemIdentifier: record.messageId })) };
  };
}

type Incoming = BusEvent & { readonly 'replay-name'?: string };

async function handle<Types extends object>(
  incoming: Incoming,
  { on, otherwise, duplicates = 'skip' }: SubscriberProps<Types>,
  context: InvocationContext,
): Promise<void> {
  const replay = incoming['replay-name'];
  if (replay !== undefined && process.env.SUBSCRIPTION_REPLAYS !== 'process') return;
  const event = eventOf(incoming);
  const handlers = on as Readonly<Record<string, EventHandler<unknown> | undefined>>;
  const handler = (Object.hasOwn(handlers, event.type) ? handlers[event.type] : undefined) ?? otherwise;
  if (handler === undefined) {
    throw new Error(`No handler for '${event.type}' of '${event.source}': add it to 'on', or narrow the subscription`);
  }
  const work = async () => {
    const whole = await fetchData(event, process.env.SUBSCRIPTION_CLAIMS);
    await handler(whole.data, whole);
  };
  if (duplicates === 'process') return work();
  await once([event.source, event.id, ...(replay === undefined ? [] : [replay])], work, context);
}

/**
 * The event in its envelope. One without an envelope, from AWS or others, gets one, with the id of the bus.
 * @throws Error when the envelope names another source or type than the bus: only the bus's decide who may publish, and where an
 * event goes, so such an event may impersonate another publisher
 */
function eventOf({ id, source, time, detail, 'detail-type': type }: Incoming): CloudEvent {
  if (!isCloudEvent(detail)) return { specversion: '1.0', id, source, type, time, data: detail };
  if (detail.source === source && detail.type === type) return detail;
  throw new Error(
    `The event came as '${type}' of '${source}', but its envelope says '${detail.type}' of '${detail.source}': it is not processed, since it may impersonate another publisher`,
  );
}

function allOf(failed: readonly { readonly reason: unknown }[]): AggregateError {
  const reasons = failed.map(({ reason }) => reason);
  return new AggregateError(reasons, `All ${failed.length} messages failed: ${reasons.map(String).join('; ')}`);
}
