import { type CloudEvent, isCloudEvent } from '../events/cloud-event';
import type { EventTypes } from '../events/publishing';
import { type Database, forget, InProgress, once } from './once';

/** Handles an event. An error makes the event be retried. */
export type EdgeEventHandler<Data, Env> = (data: Data, event: CloudEvent<Data>, env: Env) => unknown;

/** Handlers by event type. */
export interface SubscriberProps<Types extends object, Env> {
  /** By type. */
  readonly on: { readonly [Type in keyof Types & string]?: EdgeEventHandler<Types[Type], Env> };
  /**
   * Handles types missing from `on`.
   * @default - such an event is an error, and ends in the dead-letter queue
   */
  readonly otherwise?: EdgeEventHandler<unknown, Env>;
  /**
   * What happens to an event that has already been processed, identified by source and id. `'process'` is for handlers that
   * detect repeats themselves.
   * @default 'skip'
   */
  readonly duplicates?: 'skip' | 'process';
}

/** The default export of a subscription's module. */
export interface Subscriber<Env> {
  /** Processes a batch, and reports each event individually. */
  queue(batch: Batch, env: Env): Promise<void>;
}

interface Batch {
  readonly messages: readonly Message[];
}

interface Message {
  readonly id: string;
  readonly body: unknown;
  ack(): void;
  retry(options?: { readonly delaySeconds?: number }): void;
}

/** What the hub's `subscribe()` binds in addition to the module's own bindings. */
interface Bound {
  readonly SUBSCRIPTION?: string;
  readonly SUBSCRIPTION_PROCESSED?: Database;
}

/**
 * The handler of a subscription of an `EdgeHub`.
 *
 * Events are identified by source and id, and processed once, even if they arrive twice at the same time or weeks later. One that the
 * handler failed on is retried.
 * @example
 * export default subscriber<Events, Env>({ on: { OrderPlaced: (order, _event, env) => ship(order, env.DB) } });
 */
export function subscriber<Types extends object = EventTypes, Env = unknown>(
  props: SubscriberProps<Types, Env>,
): Subscriber<Env> {
  return {
    async queue({ messages }, env) {
      await Promise.all(messages.map((message) => work(message, props, env)));
      const { SUBSCRIPTION_PROCESSED: processed } = env as Bound;
      if (processed && props.duplicates !== 'process') await forget(processed, new Date());
    },
  };
}

async function work<Types extends object, Env>(
  message: Message,
  props: SubscriberProps<Types, Env>,
  env: Env,
): Promise<void> {
  try {
    await handle(message.body, props, env);
    message.ack();
  } catch (error) {
    // The platform's metrics count whole batches, so log each failure.
    // eslint-disable-next-line no-console -- an error that is not rethrown is only in the log
    console.error(`Message ${message.id} failed:`, error instanceof Error ? (error.stack ?? error.message) : error);
    message.retry(error instanceof InProgress ? { delaySeconds: error.seconds } : undefined);
  }
}

async function handle<Types extends object, Env>(
  event: unknown,
  { on, otherwise, duplicates = 'skip' }: SubscriberProps<Types, Env>,
  env: Env,
): Promise<void> {
  if (!isCloudEvent(event)) throw new TypeError('The message is not a CloudEvents 1.0 event');
  const handlers = on as Readonly<Record<string, EdgeEventHandler<unknown, Env> | undefined>>;
  const handler = (Object.hasOwn(handlers, event.type) ? handlers[event.type] : undefined) ?? otherwise;
  if (handler === undefined) {
    throw new Error(`No handler for '${event.type}' of '${event.source}': add it to 'on', or narrow the subscription`);
  }
  const run = async () => void (await handler(event.data, event, env));
  if (duplicates === 'process') return run();
  const { SUBSCRIPTION: name, SUBSCRIPTION_PROCESSED: processed } = env as Bound;
  if (name === undefined || processed === undefined) {
    throw new Error("The bindings of the subscription are missing: subscribe the module with the hub's 'subscribe()'");
  }
  await once(processed, { key: JSON.stringify([name, event.source, event.id]), now: new Date() }, run);
}
