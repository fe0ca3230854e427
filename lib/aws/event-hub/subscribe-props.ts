import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { AlarmsOf } from '../alarms/watched-by';
import type { QueueBatch } from '../queue-consumption';
import type { HandlerSource } from '../service-function-props';

/** Which events a subscription gets, and what handles them. */
export interface SubscribeProps {
  /**
   * Processes the events: a path, a path with settings, or a function the team already has. Create it with `subscriber()` of
   * `lintel/runtime`, which reads messages and events, processes each event once, and reports failures individually.
   */
  readonly handler: HandlerSource;
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
   * How many events may have caused one another before this one: an event with more `hops` is skipped, which ends a loop through
   * other services. `publish(..., { cause })` counts them. 0 to 100.
   * @default - any number
   */
  readonly maxHops?: number;
  /**
   * Every event of the bus, including types added later; instead of `source`, `types` and `detail`.
   * @default false
   */
  readonly everything?: boolean;
  /**
   * What lies between the bus and the handler. `'queue'`: a queue that holds events while the handler is down or slow, for
   * four days. `'none'`: the bus invokes the handler directly, some tens of milliseconds sooner; Lambda tries three times
   * within six hours.
   * @default 'queue'
   */
  readonly buffer?: 'queue' | 'none';
  /**
   * Attempts to process an event before it goes to the dead-letter queue: 1 to 1,000, below 5 merely throttled events may end up
   * there; without a buffer 1 to 3.
   * @default 5 - or 3 without a buffer
   */
  readonly maxAttempts?: number;
  /**
   * What happens to archived events that are replayed: `'skip'` excludes them in the rule, `'process'` has the handler process
   * them again on each replay.
   * @default - required if the hub has an archive, otherwise refused
   */
  readonly replays?: 'skip' | 'process';
  /**
   * How events are batched into one invocation, as for a `QueueWorker`.
   * @default - 10 events, without waiting
   */
  readonly batch?: QueueBatch;
  /**
   * Most concurrent invocations, as for a `QueueWorker`.
   * @default 10
   */
  readonly maxConcurrency?: number;
  /**
   * Topic that alarms notify.
   * @default - the hub's
   */
  readonly alarmTopic?: ITopic;
  /**
   * Alarm thresholds and durations, or alarms switched off with a reason:
   * `{ errorRate: 5, deadLetters: { off: 'swept by hand each morning' } }`.
   * @default - the hub's; its settings for other alarms still apply
   */
  readonly alarms?: AlarmsOf<'Subscription'>;
}
