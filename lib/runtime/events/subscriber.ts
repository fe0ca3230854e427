import { fetchData } from './claims';
import type { BusEvent, InvocationContext, QueueAnswer, QueueBatch } from './incoming';
import { type CloudEvent, isCloudEvent } from './cloud-event';
import { once } from './once';
import type { KnownEvents } from '../declared';

/** What a subscriber does with an event. What it throws makes the event come again. */
export type EventHandler<Data> = (data: Data, event: CloudEvent<Data>) => unknown;

/** What is done with which event. */
export interface SubscriberProps<Types extends object> {
  /** By type. */
  readonly on: { readonly [Type in keyof Types & string]?: EventHandler<Types[Type]> };
  /**
   * Of the types that `on` does not have.
   * @default - such an event is an error, and ends in the dead-letter queue
   */
  readonly otherwise?: EventHandler<unknown>;
  /**
   * What is done with an event that has been worked on before, told by its source and id. `'process'` for handlers that
   * can tell for themselves.
   * @default 'skip'
   */
  readonly duplicates?: 'skip' | 'process';
}

/** The handler of a subscription: of messages of its queue, or of events that the bus hands over itself. */
export type Subscriber = (event: QueueBatch | BusEvent, context: InvocationContext) => Promise<QueueAnswer | void>;

/**
 * The handler of a subscription.
 *
 * Events are told by source and id, and worked on once, also where they come twice at the same time or weeks later by a
 * redrive. Powertools' idempotency does it: `npm install @aws-lambda-powertools/idempotency`. One that the handler failed on comes
 * again. With the declaration that `lintel types` writes, types and data are those of the app; `subscriber<Events>(...)` takes others.
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
    // The function's own metric of errors counts what is thrown; of single messages only the log tells.
    if (failed.length === incoming.Records.length) throw failed.length === 1 ? failed[0]!.reason : allOf(failed);
    // eslint-disable-next-line no-console -- what is not thrown is told of in the log alone
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
 * The event in its envelope. What is in none, of AWS or of others, is put into one, with the id of the bus.
 * @throws Error where the envelope names another source or type than the bus: who may publish, and to whom an event goes, is judged by
 * those of the bus alone, so that such an event may be anybody's in another's name
 */
function eventOf({ id, source, time, detail, 'detail-type': type }: Incoming): CloudEvent {
  if (!isCloudEvent(detail)) return { specversion: '1.0', id, source, type, time, data: detail };
  if (detail.source === source && detail.type === type) return detail;
  throw new Error(
    `The event came as '${type}' of '${source}', and its envelope says '${detail.type}' of '${detail.source}': it is not worked on, since who publishes may not be whom it names`,
  );
}

function allOf(failed: readonly { readonly reason: unknown }[]): AggregateError {
  const reasons = failed.map(({ reason }) => reason);
  return new AggregateError(reasons, `All ${failed.length} messages failed: ${reasons.map(String).join('; ')}`);
}
