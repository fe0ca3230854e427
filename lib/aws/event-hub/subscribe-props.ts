import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { AlarmsOf } from '../alarms/watched-by';
import type { QueueBatch } from '../queue-consumption';
import type { HandlerSource } from '../service-function-props';

/** What a subscription is for, and who works on it. */
export interface SubscribeProps {
  /**
   * What works on the events: a path, a path with settings, or a function the team already has. `subscriber()` of
   * `lintel/runtime` makes it: it reads messages and events, works on each event once, and answers for each alone.
   */
  readonly handler: HandlerSource;
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
   * What must be in the envelope besides, in EventBridge's language of patterns; what happened is in `data`:
   * `{ data: { total: [{ numeric: ['>', 100] }] } }`.
   * @default - anything
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
   */
  readonly detail?: Readonly<Record<string, unknown>>;
  /**
   * How many events may have led to one another before this one: an event whose `hops` are more passes by, and so a round over other
   * services ends. `publish(..., { cause })` counts them. 0 to 100.
   * @default - any number
   */
  readonly maxHops?: number;
  /**
   * Every event of the bus, those that others add later too; in place of `source`, `types` and `detail`.
   * @default false
   */
  readonly everything?: boolean;
  /**
   * What stands between the bus and the handler. `'queue'`: a queue that holds events while the handler is down or slow, for
   * four days. `'none'`: the bus calls the handler itself, sooner by some tens of milliseconds; Lambda tries three times
   * within six hours.
   * @default 'queue'
   */
  readonly buffer?: 'queue' | 'none';
  /**
   * Attempts of the handler on an event, before it goes to the dead-letter queue: 1 to 1,000, below 5 events may end there
   * that were merely throttled; without a buffer 1 to 3.
   * @default 5 - or 3 without a buffer
   */
  readonly maxAttempts?: number;
  /**
   * What a replay of the archive brings: `'skip'` lets the rule pass it by, `'process'` has the handler work on it once more
   * for each replay.
   * @default - required where the hub has an archive, and refused elsewhere
   */
  readonly replays?: 'skip' | 'process';
  /**
   * How events are gathered into one invocation, as for a `QueueWorker`.
   * @default - 10 events, at once
   */
  readonly batch?: QueueBatch;
  /**
   * Most invocations at once, as for a `QueueWorker`.
   * @default 10
   */
  readonly maxConcurrency?: number;
  /**
   * Who is told of alarms.
   * @default - whom the hub tells
   */
  readonly alarmTopic?: ITopic;
  /**
   * What the alarms are raised at, how long it must last, or that there is none, and why:
   * `{ errorRate: 5, deadLetters: { off: 'swept by hand each morning' } }`.
   * @default - as the hub says; what the hub says of other alarms stays
   */
  readonly alarms?: AlarmsOf<'Subscription'>;
}
