import type { CloudEvent, NewEvent } from './cloud-event';

/** Data of events by their type, for a check of types: `{ OrderPlaced: Order }`. */
export type EventTypes = Readonly<Record<string, unknown>>;

/** An event of any of some types. */
export type AnyEvent<Types extends object> = {
  [Type in keyof Types & string]: NewEvent<Type, Types[Type]>;
}[keyof Types & string];

/** How a publisher speaks. */
export interface PublisherProps {
  /** Who says so, as `publish()` of the hub declares it: `shop.orders`. */
  readonly source: string;
}

/** What led to an event. */
export interface PublishOptions {
  /**
   * The event that led to these: they carry its id, its correlation, and one hop more.
   * @default - none: they begin something
   */
  readonly cause?: CloudEvent;
}

/** An event that was not published, and why. */
export interface Unpublished {
  /** As it would have been published. */
  readonly event: CloudEvent;
  /** Code of the error, as EventBridge names it: `AccessDeniedException`. */
  readonly code: string;
  /** What the bus says of it. */
  readonly message: string;
}

/** Some events could not be published. The others were; to publish all again would publish these twice. */
export class PublishError extends Error {
  override readonly name = 'PublishError';

  /** @param failed what was not published; `publish(failed.map(({ event }) => event))` tries these again, with the same ids */
  constructor(
    readonly failed: readonly Unpublished[],
    readonly published: readonly CloudEvent[],
  ) {
    const reasons = [...new Set(failed.map(({ event, code, message }) => `${event.type}: ${code}: ${message}`))];
    super(`${failed.length} of ${failed.length + published.length} events were not published: ${reasons.join('; ')}`);
  }
}

/** Attempts on what could not be taken at the time. */
const ATTEMPTS = 5;
/** Milliseconds before the second attempt; about twice as long before each further one. */
const FIRST_PAUSE = 50;

/**
 * Sends events, and those again that could not be taken at the time.
 * @param once sends some, and says which were refused
 * @param transient codes of what may be taken later
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
   * @returns the events as they were published
   * @throws PublishError when some could not be published, after all that could be were
   * @throws TypeError before any is published, when one is no valid CloudEvent
   * @throws InvalidDataError before any is published, when a hub that validates does not take the data of one
   */
  publish(
    events: AnyEvent<Types> | readonly AnyEvent<Types>[],
    options?: PublishOptions,
  ): Promise<readonly CloudEvent[]>;
}
