import type { Input } from '@pulumi/pulumi';
import { filled, input, known, list, needed, number, object, text } from '../core/check/kinds';
import type { ForeignNames, Kind, Shape } from '../core/check/shape';
import { CHOICE, type Choice } from '../core/event-pattern/choice';
import { keyBytes } from '../runtime/events/signature';
import type { AccountArgs } from './check-args';
import type { RouteArgs } from './routes';
import type { WorkerArgs } from './worker';
import { ACCOUNT, ROUTES, WORKER, WORKER_NAMES } from './worker-shape';

/** Arguments of an `EdgeHub`; none is required. */
export interface EdgeHubArgs extends AccountArgs {
  /**
   * Pause before an event is handed once more to a subscription's queue that did not take it, in seconds from 0 to 3,455.
   * There are 100 such attempts.
   * @default 300
   */
  readonly retryDelay?: number;
}

/** What may be published. */
export interface EdgePublishArgs {
  /** Who says so, the `source` of the events: `shop.orders`. */
  readonly source: string;
  /** What may have happened, the `type` of the events: `['OrderPlaced']`. */
  readonly types: readonly string[];
}

/** Which events somebody gets. */
export interface EdgeChoice extends Choice {
  /**
   * Whose events: one source or several, exact.
   * @default - anybody's
   */
  readonly source?: string | readonly string[];
  /**
   * Which events, by their types, exact: `['OrderPlaced']`.
   * @default - of any type
   */
  readonly types?: readonly string[];
  /**
   * What must be in the envelope besides, in the language of patterns of EventBridge; what happened is in `data`:
   * `{ data: { total: [{ numeric: ['>', 100] }] } }`.
   * @default - anything
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
   */
  readonly detail?: Readonly<Record<string, unknown>>;
  /**
   * How many events may have led to one another before this one: an event whose `hops` are more passes by. 0 to 100.
   * @default - any number
   */
  readonly maxHops?: number;
  /**
   * Every event of the hub, those that others add later too; in place of `source`, `types` and `detail`.
   * @default false
   */
  readonly everything?: boolean;
}

/** What a subscription is for, and who works on it. */
export interface EdgeSubscribeArgs extends EdgeChoice, WorkerArgs {
  /**
   * How events are gathered into one invocation: `size` from 1 to 100, `window` in seconds from 0 to 60.
   * @default - 10 events or 5 seconds
   */
  readonly batch?: { readonly size?: number; readonly window?: number };
  /**
   * Attempts of the handler on an event before it goes to the dead-letter queue, from 1 to 101.
   * @default 5
   */
  readonly maxAttempts?: number;
  /**
   * Pause between two attempts, in seconds from 0 to 86,400.
   * @default 30
   */
  readonly retryDelay?: number;
  /**
   * Invocations at once, from 1 to 250.
   * @default - as many as the backlog asks for
   */
  readonly maxConcurrency?: number;
}

/** Which events are passed on to another cloud. */
export interface EdgeForwardArgs extends Omit<EdgeChoice, 'source' | 'everything'> {
  /** Whose events, exact: the hub's own, and not those that it accepts from elsewhere. */
  readonly source: string | readonly string[];
  /** Where they are posted to, `https://`. */
  readonly to: Input<string>;
  /** The key that both sides share: base64 of 24 bytes or more, with or without the prefix `whsec_`. */
  readonly secret: Input<string>;
  /**
   * Attempts on an event before it goes to the dead-letter queue, from 1 to 101.
   * @default 20
   */
  readonly maxAttempts?: number;
  /**
   * Pause between two attempts, in seconds from 0 to 86,400.
   * @default 60
   */
  readonly retryDelay?: number;
}

/** Which events of another cloud a hub takes, and where they are posted to. */
export interface EdgeAcceptArgs extends RouteArgs, EdgePublishArgs {
  /** The key that both sides share: base64 of 24 bytes or more, with or without the prefix `whsec_`. */
  readonly secret: Input<string>;
}

const NAME = known(filled('shop.orders'));
const TYPES = needed(list(known(filled('OrderPlaced')), "['OrderPlaced']"), "name which: ['OrderPlaced']");
/** One that is an output is judged where it is used: what signs, or what takes, answers with an error. */
const KEY: Kind = {
  ...input(text('config.requireSecret("key")')),
  sensitive: true,
  inside: (value: string, prop) => [
    {
      prop,
      value,
      valid: () => keyBytes(value) !== undefined,
      rule: "must be base64 of at least 24 bytes, with or without 'whsec_' before it",
      remedy: "make one, 'openssl rand -base64 32', and take it from the configuration: config.requireSecret('key')",
      sensitive: true,
    },
  ],
};
const SECRET = needed(KEY, "take it from the configuration: config.requireSecret('key')");
const ATTEMPTS = { maxAttempts: number, retryDelay: number };

/** What the arguments of a hub may hold. */
export const HUB: Shape<EdgeHubArgs> = { ...ACCOUNT, retryDelay: number };

/** What may be published. */
export const PUBLISH: Shape<EdgePublishArgs> = {
  source: needed(NAME, "name who publishes: 'shop.orders'"),
  types: TYPES,
};

/** What a subscription may hold. */
export const SUBSCRIBE: Shape<EdgeSubscribeArgs> = {
  ...WORKER,
  ...CHOICE,
  ...ATTEMPTS,
  batch: object<{ size: number; window: number }>({ size: number, window: number }, '{ size: 100, window: 10 }', {}),
  maxConcurrency: number,
};

/** What is passed on may hold. */
export const FORWARD: Shape<EdgeForwardArgs> = {
  ...CHOICE,
  ...ATTEMPTS,
  source: needed(CHOICE.source, "name whose, the hub's own: 'shop.orders'"),
  to: input(needed(text('https://hooks.example.com/events'), 'give the address that takes them')),
  secret: SECRET,
};

/** What is taken may hold. */
export const ACCEPT: Shape<EdgeAcceptArgs> = { ...PUBLISH, ...ROUTES, secret: SECRET };

/** Names of elsewhere, and what says the same here. */
export const SUBSCRIBE_NAMES: ForeignNames = {
  ...WORKER_NAMES,
  type: "write 'types', a list",
  sources: "write 'source'; it may be a list",
  maxRetries: "write 'maxAttempts', which counts the first attempt too",
  deadLetterQueue: 'leave it out: there is one',
  queue: 'leave it out: there is one',
  replays: 'leave it out: a hub on the edge keeps no archive',
};
