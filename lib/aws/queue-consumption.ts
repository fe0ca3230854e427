import { Duration, type Size } from 'aws-cdk-lib';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Check } from '../core/check/check';
import { duration, needed, object, size, whole } from '../core/check/kinds';
import * as facts from '../core/facts/event-source';
import { functionTimeout } from '../core/facts/lambda';
import { receiveCount, retention as longestRetention } from '../core/facts/sqs';
import { POLLERS } from '../core/iam/platform-actions';
import type { AccessStatement } from './access/capability';
import { DECRYPT, throughService } from './access/encryption';
import { queueTarget } from './access/targets';
import { ageChecks, handlerAlarmChecks } from './alarms/settings-checks';
import type { AlarmsOf } from './alarms/watched-by';
import { reservationOf, timeoutOf } from './handler-settings';
import { type Adoption, adoptionChecks, deadLetterQueueOf, keptBy } from './queue-adoption';
import { messageChecks } from './queue-times';
import type { FunctionSource } from './service-function-props';
import { filterCount } from './filters';

/** How messages are batched into one invocation. */
export interface QueueBatch {
  /**
   * Most messages per invocation: 1 to 10; up to 10,000 with a `window`, on a standard queue.
   * @default 10
   */
  readonly size?: number;
  /**
   * How long to gather messages for one invocation: 0 to 5 minutes; not with `fifo`.
   * @default - no waiting
   */
  readonly window?: Duration;
  /**
   * Size of a typical message. Lambda delivers at most 6 MB per invocation, so a batch of large messages never fills.
   * @default Size.kibibytes(1)
   */
  readonly messageSize?: Size;
}

/** Provisioned pollers, for a queue that cannot wait for scaling. */
export interface ProvisionedPollers {
  /** Pollers that are always running: 2 to 200. Each handles up to 1 MB/s, 10 concurrent invocations. */
  readonly min: number;
  /** Most pollers: 2 to 2,000, at least `min`. */
  readonly max: number;
}

/** A batch of a queue. */
export const QUEUE_BATCH = object<QueueBatch>(
  { size: whole(facts.queueBatch.value), window: duration(facts.batchWindow.value), messageSize: size },
  '{ size: 100, window: Duration.seconds(5) }',
  { batchSize: "write 'size'", maxBatchingWindow: "write 'window'" },
);

/** Provisioned pollers. */
export const POLLERS_KIND = object<ProvisionedPollers>(
  {
    min: needed(whole(facts.minimumPollers.value), 'give the pollers that always run'),
    max: needed(whole(facts.maximumPollers.value), 'give the maximum number of pollers'),
  },
  '{ min: 2, max: 20 }',
  { minimumPollers: "write 'min'", maximumPollers: "write 'max'" },
);

/** Maximum concurrency of a queue. */
export const MAX_CONCURRENCY = whole(facts.maximumConcurrency.value);

/** Receives before the dead-letter queue. */
export const MAX_ATTEMPTS = whole(receiveCount.value);

/** Names from SQS and from CDK's event source, and their equivalents in our patterns. */
export const QUEUE_NAMES = {
  batchSize: "write 'batch: { size: ... }'",
  maxBatchingWindow: "write 'batch: { window: ... }'",
  maxReceiveCount: "write 'maxAttempts'",
  visibilityTimeout: "leave it out: it is derived from the handler's timeout and 'batch.window'",
  deadLetterQueue: "leave it out: there is one; set 'maxAttempts', or give a 'queue' of your own",
  reportBatchItemFailures: 'leave it out: it is always on',
  retentionPeriod: "write 'retention'",
  deliveryDelay: "write 'delay'",
  maxMessageSizeBytes: "write 'maxMessageSize: Size.kibibytes(...)'",
  fifoThroughputLimit: "write 'highThroughput'",
  deduplicationScope: "write 'highThroughput'",
  redriveAllowPolicy: 'leave it out: the dead-letter queue accepts messages from this queue only',
};

/** Interdependent settings of a queue's mapping. */
export interface QueueConsumption {
  /** Processes the messages. */
  readonly handler: FunctionSource;
  /** How messages are batched. */
  readonly batch?: QueueBatch;
  /** Most concurrent invocations. */
  readonly maxConcurrency?: number;
  /** Pollers kept ready. */
  readonly pollers?: ProvisionedPollers;
  /** Whether the queue is FIFO. */
  readonly fifo?: boolean;
  /** Patterns that messages must match. */
  readonly filters?: readonly unknown[];
  /** A queue that the team already has. */
  readonly queue?: IQueue;
  /** A key for the new queue. */
  readonly encryptionKey?: object;
  /** Alarm settings. */
  readonly alarms?: AlarmsOf<'QueueWorker'>;
  /** Receives before the dead-letter queue. */
  readonly maxAttempts?: number;
  /** How long the new queue keeps a message. */
  readonly retention?: Duration;
  /** How long each message is delayed. */
  readonly delay?: Duration;
  /** Largest message. */
  readonly maxMessageSize?: Size;
  /** FIFO only: detects duplicates by the body. */
  readonly contentBasedDeduplication?: boolean;
  /** FIFO only: more than 300 requests per second. */
  readonly highThroughput?: boolean;
}

const CAP = 10;

/** Default concurrency cap: 10, or the handler's reservation; none if that is below the minimum of a mapping. */
export function defaultCap(handler: FunctionSource): number | undefined {
  const reserved = reservationOf(handler);
  const cap = reserved === undefined || reserved < 0 ? CAP : Math.min(CAP, reserved);
  return cap < facts.maximumConcurrency.value.min ? undefined : cap;
}

/**
 * What Lambda needs, as the function's role, to consume a queue.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions
 */
export function consumerStatements(queue: IQueue): AccessStatement[] {
  return [
    { actions: POLLERS.queue.granted, resources: [queue.queueArn], of: () => queueTarget(queue, true) },
    ...throughService(queue.encryptionMasterKey, 'sqs', DECRYPT),
  ];
}

/** Size and window of a batch, and the number of filters. */
function batchChecks({ batch, fifo, queue, filters = [] }: QueueConsumption): Check[] {
  const { size, window } = batch ?? {};
  const ordered = queue ? queue.fifo : fifo;
  const unbatched = facts.queueBatchWithoutWindow.value;
  return [
    {
      prop: 'batch.size',
      value: size,
      reads: [window],
      valid: () =>
        size === undefined || size <= unbatched || ordered === true || (window?.toMilliseconds() ?? 0) >= 1000,
      rule: `must be at most ${unbatched} without 'batch.window'`,
      remedy: "set 'batch.window' to at least 1 second",
    },
    {
      prop: 'batch.size',
      value: size,
      valid: () => size === undefined || size <= unbatched || ordered !== true,
      rule: `must be at most ${unbatched} with a FIFO queue`,
      remedy: `lower it to ${unbatched}, or use a standard queue`,
    },
    {
      prop: 'batch.window',
      value: window,
      valid: () => ordered !== true || window === undefined || window.toMilliseconds() === 0,
      rule: 'must not be given with a FIFO queue, for which Lambda has no batching window',
      remedy: 'remove it, or use a standard queue',
    },
    filterCount(filters),
  ];
}

/** The cap, the pollers, and the function's reservation. */
function concurrencyChecks({ handler, maxConcurrency, pollers }: QueueConsumption): Check[] {
  const reserved = reservationOf(handler);
  return [
    {
      prop: 'maxConcurrency',
      value: maxConcurrency,
      reads: [reserved],
      valid: () => maxConcurrency === undefined || reserved === undefined || maxConcurrency <= reserved,
      rule: `must be at most the handler's 'reservedConcurrency' (${reserved}), or messages are throttled into the dead-letter queue`,
      remedy: "lower it, or raise or remove 'reservedConcurrency'",
    },
    {
      prop: 'maxConcurrency',
      value: maxConcurrency,
      valid: () => maxConcurrency === undefined || pollers === undefined,
      rule: "must not be given with 'pollers', whose 'max' is the cap",
      remedy: 'remove one of them',
    },
    {
      prop: 'pollers.max',
      value: pollers?.max,
      reads: [pollers?.min],
      valid: () => pollers === undefined || pollers.max >= pollers.min,
      rule: `must be at least 'pollers.min' (${pollers?.min})`,
      remedy: "raise it, or lower 'pollers.min'",
    },
  ];
}

/** Settings that only a new queue can have. */
function newQueueChecks(props: QueueConsumption): Check[] {
  const { handler, batch, fifo, queue, maxAttempts, retention, delay, maxMessageSize } = props;
  const given = (
    ['retention', 'delay', 'maxMessageSize', 'contentBasedDeduplication', 'highThroughput'] as const
  ).filter((prop) => props[prop] !== undefined);
  if (queue !== undefined) {
    return given.map((prop) => ({
      prop,
      value: props[prop],
      valid: () => false,
      rule: "must not be given with 'queue', which decides it",
      remedy: "remove it, or set it where 'queue' is created",
    }));
  }
  const consumer = { timeout: Duration.seconds(timeoutOf(handler) ?? functionTimeout.value.max) };
  const messages = {
    consumer,
    batchWindow: batch?.window,
    maxAttempts,
    retentionPeriod: retention,
    delay,
    maxMessageSize,
  };
  return [
    ...messageChecks(messages, { retention: 'retention' }),
    {
      prop: 'retention',
      value: retention,
      valid: () => retention === undefined || retention.toSeconds() < longestRetention.value.max,
      rule: `must be less than the ${longestRetention.value.max / 86_400} days of the dead-letter queue, which count from when the message was first sent`,
      remedy: 'shorten it',
    },
    {
      prop: 'batch.messageSize',
      value: batch?.messageSize,
      reads: [maxMessageSize],
      valid: () =>
        batch?.messageSize === undefined ||
        maxMessageSize === undefined ||
        batch.messageSize.toBytes() <= maxMessageSize.toBytes(),
      rule: "must be at most 'maxMessageSize': the queue accepts no larger message",
      remedy: "lower it, or raise 'maxMessageSize'",
    },
    ...(['contentBasedDeduplication', 'highThroughput'] as const).map((prop) => ({
      prop,
      value: props[prop],
      valid: () => !props[prop] || fifo === true,
      rule: "must not be given without 'fifo'",
      remedy: "set 'fifo' to true, or remove it",
    })),
  ];
}

/** Checks of the alarm settings. */
function alarmChecks({ handler, batch, alarms, queue, retention }: QueueConsumption): Check[] {
  return [
    ...handlerAlarmChecks(handler, alarms),
    ...(alarms?.age === undefined
      ? []
      : ageChecks(alarms, {
          window: batch?.window,
          kept: retention ?? keptBy(queue),
          by: 'the retention of the queue',
        })),
    {
      prop: 'alarms.deadLetters',
      value: alarms?.deadLetters,
      valid: () => alarms?.deadLetters === undefined || queue === undefined || deadLetterQueueOf(queue) !== undefined,
      rule: "must not be given with a 'queue' whose dead-letter queue this app does not create: there is no such alarm",
      remedy: 'remove it, and watch the dead-letter queue where it is created',
    },
  ];
}

/** Checks of a queue worker's settings. */
export function queueWorkerChecks(props: QueueConsumption & Adoption): Check[] {
  return [
    ...batchChecks(props),
    ...concurrencyChecks(props),
    ...adoptionChecks(props),
    ...newQueueChecks(props),
    ...alarmChecks(props),
  ];
}
