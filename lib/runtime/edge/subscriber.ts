import { type CloudEvent, isCloudEvent } from '../events/cloud-event';
import type { EventTypes } from '../events/publishing';
import { type Database, forget, InProgress, once } from './once';

/** What a subscriber does with an event. What it throws makes the event come again. */
export type EdgeEventHandler<Data, Env> = (data: Data, event: CloudEvent<Data>, env: Env) => unknown;

/** What is done with which event. */
export interface SubscriberProps<Types extends object, Env> {
  /** By type. */
  readonly on: { readonly [Type in keyof Types & string]?: EdgeEventHandler<Types[Type], Env> };
  /**
   * Of the types that `on` does not have.
   * @default - such an event is an error, and ends in the dead-letter queue
   */
  readonly otherwise?: EdgeEventHandler<unknown, Env>;
  /**
   * What is done with an event that has been worked on before, told by its source and id. `'process'` for handlers that
   * can tell for themselves.
   * @default 'skip'
   */
  readonly duplicates?: 'skip' | 'process';
}

/** The default export of a subscription's module. */
export interface Subscriber<Env> {
  /** Works on a batch, and answers for each event alone. */
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

/** What `subscribe()` of the hub binds beside what the module asks for. */
interface Bound {
  readonly SUBSCRIPTION?: string;
  readonly SUBSCRIPTION_PROCESSED?: Database;
}

/**
 * The handler of a subscription of an `EdgeHub`.
 *
 * Events are told by source and id, and worked on once, also where they come twice at the same time or weeks later. One that the
 * handler failed on comes again.
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
    // Only the log tells: the platform counts what a whole batch does.
    // eslint-disable-next-line no-console -- what is not thrown is told of in the log alone
    console.error(`Message ${message.id} failed:`, error instanceof Error ? (error.stack ?? error.message) : error);
    message.retry(error instanceof InProgress ? { delaySeconds: error.seconds } : undefined);
  }
}

async function handle<Types extends object, Env>(
  event: unknown,
  { on, otherwise, duplicates = 'skip' }: SubscriberProps<Types, Env>,
  env: Env,
): Promise<void> {
  if (!isCloudEvent(event)) throw new TypeError('The message is no event in the envelope of CloudEvents 1.0');
  const handlers = on as Readonly<Record<string, EdgeEventHandler<unknown, Env> | undefined>>;
  const handler = (Object.hasOwn(handlers, event.type) ? handlers[event.type] : undefined) ?? otherwise;
  if (handler === undefined) {
    throw new Error(`No handler for '${event.type}' of '${event.source}': add it to 'on', or narrow the subscription`);
  }
  const run = async () => void (await handler(event.data, event, env));
  if (duplicates === 'process') return run();
  const { SUBSCRIPTION: name, SUBSCRIPTION_PROCESSED: processed } = env as Bound;
  if (name === undefined || processed === undefined) {
    throw new Error("The bindings of the subscription are not there: subscribe the module by 'subscribe()' of the hub");
  }
  await once(processed, { key: JSON.stringify([name, event.source, event.id]), now: new Date() }, run);
}
