import type { Input } from '@pulumi/pulumi';
import { filled, input, known, list, needed, number, object, text } from '../core/check/kinds';
import type { ForeignNames, Kind, Shape } from '../core/check/shape';
import { CHOICE, type Choice } from '../core/event-pattern/choice';
import { secretLength } from '../core/facts/webhooks';
import { keyBytes } from '../runtime/events/signature';
import type { AccountArgs } from './check-args';
import type { RouteArgs } from './routes';
import type { WorkerArgs } from './worker';
import { ACCOUNT, ROUTES, WORKER, WORKER_NAMES } from './worker-shape';

/** Arguments of an `EdgeHub`; all optional. */
export interface EdgeHubArgs extends AccountArgs {
  /**
   * Delay before an event is offered again to a subscription's queue that did not take it, in seconds from 0 to 3,455.
   * There are 100 such attempts.
   * @default 300
   */
  readonly retryDelay?: number;
}

/** What a publisher may publish. */
export interface EdgePublishArgs {
  /** The `source` of the events: `shop.orders`. */
  readonly source: string;
  /** The `type` of the events, one or more: `['OrderPlaced']`. */
  readonly types: readonly string[];
}

/** Which events to deliver. */
export interface EdgeChoice extends Choice {
  /**
   * Source or sources of the events, by exact name.
   * @default - any source
   */
  readonly source?: string | readonly string[];
  /**
   * Types of the events, by exact name: `['OrderPlaced']`.
   * @default - any type
   */
  readonly types?: readonly string[];
  /**
   * What else the envelope must match, in EventBridge's pattern language; the event's payload is in `data`:
   * `{ data: { total: [{ numeric: ['>', 100] }] } }`.
   * @default - anything
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
   */
  readonly detail?: Readonly<Record<string, unknown>>;
  /**
   * How many events may have caused one another before this one: an event with more `hops` is skipped. 0 to 100.
   * @default - no limit
   */
  readonly maxHops?: number;
  /**
   * Every event of the hub, including types added later; instead of `source`, `types` and `detail`.
   * @default false
   */
  readonly everything?: boolean;
}

/** Which events a subscription gets, and the Worker that handles them. */
export interface EdgeSubscribeArgs extends EdgeChoice, WorkerArgs {
  /**
   * How events are batched into one invocation: `size` from 1 to 100, `window` in seconds from 0 to 60.
   * @default - 10 events or 5 seconds
   */
  readonly batch?: { readonly size?: number; readonly window?: number };
  /**
   * Attempts to process an event before it goes to the dead-letter queue, from 1 to 101.
   * @default 5
   */
  readonly maxAttempts?: number;
  /**
   * Delay between attempts, in seconds from 0 to 86,400.
   * @default 30
   */
  readonly retryDelay?: number;
  /**
   * Concurrent invocations, from 1 to 250.
   * @default - as many as the backlog requires
   */
  readonly maxConcurrency?: number;
}

/** Which events are forwarded to another cloud. */
export interface EdgeForwardArgs extends Omit<EdgeChoice, 'source' | 'everything'> {
  /** Sources to forward, by exact name: the hub's own, not those it accepts from elsewhere. */
  readonly source: string | readonly string[];
  /** Address to post them to, `https://`. */
  readonly to: Input<string>;
  /** The shared key: base64 of 24 bytes or more, with or without the prefix `whsec_`. */
  readonly secret: Input<string>;
  /**
   * Attempts to post an event before it goes to the dead-letter queue, from 1 to 101.
   * @default 20
   */
  readonly maxAttempts?: number;
  /**
   * Delay between attempts, in seconds from 0 to 86,400.
   * @default 60
   */
  readonly retryDelay?: number;
}

/** Which events a hub accepts from another cloud, and the address they are posted to. */
export interface EdgeAcceptArgs extends RouteArgs, EdgePublishArgs {
  /** The shared key: base64 of 24 bytes or more, with or without the prefix `whsec_`. */
  readonly secret: Input<string>;
}

const NAME = known(filled('shop.orders'));
const TYPES = needed(list(known(filled('OrderPlaced')), "['OrderPlaced']"), "name the types: ['OrderPlaced']");
/** An output is checked where it is used: the sender or the receiver answers with an error. */
const KEY: Kind = {
  ...input(text('config.requireSecret("key")')),
  sensitive: true,
  inside: (value: string, prop) => [
    {
      prop,
      value,
      valid: () => keyBytes(value) !== undefined,
      rule: `must be base64 of at least ${secretLength.value} bytes, with or without the prefix 'whsec_'`,
      remedy:
        "generate one, 'openssl rand -base64 32', and take it from the configuration: config.requireSecret('key')",
      sensitive: true,
    },
  ],
};
const SECRET = needed(KEY, "take it from the configuration: config.requireSecret('key')");
const ATTEMPTS = { maxAttempts: number, retryDelay: number };

/** Shape of a hub's arguments. */
export const HUB: Shape<EdgeHubArgs> = { ...ACCOUNT, retryDelay: number };

/** Shape of `publish()`'s arguments. */
export const PUBLISH: Shape<EdgePublishArgs> = {
  source: needed(NAME, "name who publishes: 'shop.orders'"),
  types: TYPES,
};

/** Shape of a subscription's arguments. */
export const SUBSCRIBE: Shape<EdgeSubscribeArgs> = {
  ...WORKER,
  ...CHOICE,
  ...ATTEMPTS,
  batch: object<{ size: number; window: number }>({ size: number, window: number }, '{ size: 100, window: 10 }', {}),
  maxConcurrency: number,
};

/** Shape of a forwarding's arguments. */
export const FORWARD: Shape<EdgeForwardArgs> = {
  ...CHOICE,
  ...ATTEMPTS,
  source: needed(CHOICE.source, "name a source of the hub's own: 'shop.orders'"),
  to: input(needed(text('https://hooks.example.com/events'), 'give the address to post them to')),
  secret: SECRET,
};

/** Shape of `acceptFrom()`'s arguments. */
export const ACCEPT: Shape<EdgeAcceptArgs> = { ...PUBLISH, ...ROUTES, secret: SECRET };

/** Names from elsewhere, and their equivalents here. */
export const SUBSCRIBE_NAMES: ForeignNames = {
  ...WORKER_NAMES,
  type: "write 'types', a list",
  sources: "write 'source', which may be a list",
  maxRetries: "write 'maxAttempts', which counts the first attempt too",
  deadLetterQueue: 'leave it out: there is one',
  queue: 'leave it out: there is one',
  replays: 'leave it out: a hub on the edge keeps no archive',
};
