import type { CloudEvent, NewEvent } from './cloud-event';

/** Event data by type, for type checking: `{ OrderPlaced: Order }`. */
export type EventTypes = Readonly<Record<string, unknown>>;

/** An event of any of some types. */
export type AnyEvent<Types extends object> = {
  [Type in keyof Types & string]: NewEvent<Type, Types[Type]>;
}[keyof Types & string];

/** Props of a publisher. */
export interface PublisherProps {
  /** The source, as declared by the hub's `publish()`: `shop.orders`. */
  readonly source: string;
}

/** Options of publishing. */
export interface PublishOptions {
  /**
   * The event that caused these: they carry its id, its correlation id, and one more hop.
   * @default - none: they start a new chain
   */
  readonly cause?: CloudEvent;
}

/** An event that was not published, and why. */
export interface Unpublished {
  /** As it would have been published. */
  readonly event: CloudEvent;
  /** Error code from EventBridge: `AccessDeniedException`. */
  readonly code: string;
  /** Error message of the bus. */
  readonly message: string;
}

/** Some events could not be published. The others were; publishing all again would publish those twice. */
export class PublishError extends Error {
  override readonly name = 'PublishError';

  /** @param failed what was not published; `publish(failed.map(({ event }) => event))` retries these, with the same ids */
  constructor(
    readonly failed: readonly Unpublished[],
    readonly published: readonly CloudEvent[],
  ) {
    const reasons = [...new Set(failed.map(({ event, code, message }) => `${event.type}: ${code}: ${message}`))];
    super(`${failed.length} of ${failed.length + published.length} events were not published: ${reasons.join('; ')}`);
  }
}

/** Attempts after transient errors. */
const ATTEMPTS = 5;
/** Milliseconds before the second attempt; roughly doubled before each further one. */
const FIRST_PAUSE = 50;

/**
 * Sends events, retrying transient failures.
 * @param once sends some, and returns those refused
 * @param transient error codes to retry
 */
export async function sent<One extends { readonly event: CloudEvent }>(
  all: readonly One[],
  once: (some: readonly One[]) => Promise<readonly Unpublished[]>,
  transient: readonly string[],
): Promise<readonly Unpublished[]> {
  let left = all;
  const failed: Unpublished[] = [];
  for (let attempt = 1; left.length > 0; attempt++) {
    const refused = await once(left);
    const again = attempt < ATTEMPTS ? refused.filter(({ code }) => transient.includes(code)) : [];
    failed.push(...refused.filter((one) => !again.includes(one)));
    left = left.filter(({ event }) => again.some((one) => one.event === event));
    const pause = FIRST_PAUSE * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
    if (left.length > 0) await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return failed;
}

/** Publishes events of one source. */
export interface Publisher<Types extends object> {
  /**
   * Publishes one event or many, each at least once.
   * @returns the events as published
   * @throws PublishError when some could not be published, after all others were
   * @throws TypeError before any is published, when one is not a valid CloudEvent
   * @throws InvalidDataError before any is published, when a hub that validates rejects the data of one
   */
  publish(
    events: AnyEvent<Types> | readonly AnyEvent<Types>[],
    options?: PublishOptions,
  ): Promise<readonly CloudEvent[]>;
}
