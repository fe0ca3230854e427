import type { AlarmName, AlarmSettings } from './settings';

const FUNCTION = ['errorRate', 'throttles', 'duration', 'concurrency'] as const;
const QUEUE_AND_FUNCTION = [...FUNCTION, 'age', 'deadLetters'] as const;
const SUBSCRIBER = [...QUEUE_AND_FUNCTION, 'lostEvents'] as const;

/** The alarms of each pattern, by setting. */
export const WATCHED_BY = {
  QueueWorker: QUEUE_AND_FUNCTION,
  FileProcessor: QUEUE_AND_FUNCTION,
  WebhookReceiver: QUEUE_AND_FUNCTION,
  StreamProcessor: QUEUE_AND_FUNCTION,
  ScheduledJob: [...FUNCTION, 'deadLetters'],
  ServerlessApi: ['errorRate', 'latency'],
  EventHub: SUBSCRIBER,
  Subscription: SUBSCRIBER,
  EventStore: ['throttles', 'systemErrors'],
  Projection: [...FUNCTION, 'age', 'expiring', 'discarded', 'deadLetters', 'failures', 'tampering'],
  Publication: ['errorRate', 'throttles', 'duration', 'deadLetters', 'failures', 'tampering', 'stopped'],
  Saga: ['errorRate', 'throttles', 'duration', 'deadLetters', 'timeouts'],
  PooledDatabase: ['pinned', 'borrowing', 'connections'],
} as const satisfies Readonly<Record<string, readonly AlarmName[]>>;

/** A pattern with alarms of its own. */
export type WatchingPattern = keyof typeof WATCHED_BY;

/** Alarm settings of a pattern. */
export type AlarmsOf<P extends WatchingPattern> = Pick<AlarmSettings, (typeof WATCHED_BY)[P][number]>;
