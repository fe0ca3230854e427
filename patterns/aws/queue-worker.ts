import { Annotations, Duration, Size, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { HandlerConstruct } from '../../lib/aws/alarms/handler-construct';
import { waitingLetters } from '../../lib/aws/alarms/of-delivery';
import { alarmSettings } from '../../lib/aws/alarms/settings-shape';
import type { AlarmsOf } from '../../lib/aws/alarms/watched-by';
import { acknowledge } from '../../lib/aws/acknowledge';
import { Access } from '../../lib/aws/access/access';
import { otherAccount } from '../../lib/aws/access/place';
import { grantStatements } from '../../lib/aws/access/apply';
import type { Capability } from '../../lib/aws/access/capability';
import {
  consumerStatements,
  defaultCap,
  MAX_ATTEMPTS,
  MAX_CONCURRENCY,
  POLLERS_KIND,
  type ProvisionedPollers,
  QUEUE_BATCH,
  QUEUE_NAMES,
  type QueueBatch,
  queueWorkerChecks,
} from '../../lib/aws/queue-consumption';
import { deadLetterQueueOf } from '../../lib/aws/queue-adoption';
import { FILTERS } from '../../lib/aws/filters';
import { MAPPED_HANDLER, namesBeside } from '../../lib/aws/handler-settings';
import { alarmsOf, besideHandler } from '../../lib/aws/handler-side';
import { KEY, QUEUE, TOPIC } from '../../lib/aws/resource-kinds';
import { definedFunction, handlerOf, triggerOf } from '../../lib/aws/service-function';
import type { FunctionSource } from '../../lib/aws/service-function-props';
import { queueNameOf, WorkQueue } from '../../lib/aws/work-queue';
import { duration, flag, size } from '../../lib/core/check/kinds';
import type { Shape } from '../../lib/core/check/shape';
import { checkPlacedProps } from '../../lib/aws/placed-props';
import { delay, retention } from '../../lib/core/facts/sqs';
import { functionTimeout, synchronousPayload } from '../../lib/core/facts/lambda';

/** Props of a `QueueWorker`. */
export interface QueueWorkerProps {
  /**
   * Processes the messages: a path, a path with settings, or a function the team already has. It answers with
   * `batchItemFailures`, as Powertools' batch processor does, so that one failed message does not cause the others to be retried.
   */
  readonly handler: FunctionSource;
  /**
   * How messages are batched into one invocation.
   * @default - 10 messages, without waiting
   */
  readonly batch?: QueueBatch;
  /**
   * Most concurrent invocations this queue may cause: 2 to 1,000. Unlike a reservation, it throttles no messages.
   * @default 10 - or the handler's reservation if lower; none if that is 1
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
   */
  readonly maxConcurrency?: number;
  /**
   * Provisioned pollers, billed while idle; excludes `maxConcurrency`.
   * @default - scaled by Lambda: 5 batches at first, 300 more each minute
   */
  readonly pollers?: ProvisionedPollers;
  /**
   * Receives of a message, 1 to 1000, before it goes to the dead-letter queue. Below 5, throttled messages may end up there
   * though nothing is wrong with them.
   * @default 5
   */
  readonly maxAttempts?: number;
  /**
   * Ordering per message group, and no duplicates within 5 minutes.
   * @default false
   */
  readonly fifo?: boolean;
  /**
   * Which messages the handler gets: those that match any of these patterns, at most 5. SQS **deletes** the rest: filter
   * out only what will never be missed.
   * @default - all
   * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html
   */
  readonly filters?: readonly Readonly<Record<string, unknown>>[];
  /**
   * A queue the team already has. Its timing is checked against the handler's if this app creates it.
   * @default - a new `WorkQueue`
   */
  readonly queue?: sqs.IQueue;
  /**
   * A customer-managed key for the new queue and its dead-letter queue. A service that sends to them needs a statement in the key's
   * policy.
   * @default - SQS-managed encryption
   */
  readonly encryptionKey?: IKey;
  /**
   * How long the new queue keeps a message: long enough for `maxAttempts`, and less than the 14 days of its dead-letter queue.
   * @default Duration.days(4)
   */
  readonly retention?: Duration;
  /**
   * How long each message is delayed before the handler gets it: 0 to 15 minutes.
   * @default - no delay
   */
  readonly delay?: Duration;
  /**
   * Largest message the new queue takes, attributes included: 1 KiB to 1 MiB.
   * @default Size.mebibytes(1) - the maximum
   */
  readonly maxMessageSize?: Size;
  /**
   * FIFO only: detects duplicates by the body when the sender gives no deduplication id.
   * @default false
   */
  readonly contentBasedDeduplication?: boolean;
  /**
   * FIFO only: thousands of messages per second instead of 300 requests; duplicates are detected per message group.
   * @default false
   */
  readonly highThroughput?: boolean;
  /**
   * Topic that alarms notify.
   * @default - no notifications; the alarms still exist
   */
  readonly alarmTopic?: ITopic;
  /**
   * Alarm thresholds and durations, or alarms switched off with a reason:
   * `{ errorRate: 5, deadLetters: { off: 'swept by hand each morning' } }`.
   * @default - as AWS recommends
   */
  readonly alarms?: AlarmsOf<'QueueWorker'>;
}

/**
 * A function that processes a queue in batches. A failed message is retried on its own, and after `maxAttempts` waits
 * 14 days in a dead-letter queue, whose depth raises an alarm.
 *
 * A received message stays hidden for 6 x the handler's timeout + the batching window, so that it is never processed twice at
 * once. The queue's concurrency is capped on the mapping, not by a reservation: a reservation takes from the account even
 * when idle, fails in a new account, and throttles messages, each throttle bringing one closer to the dead-letter queue.
 * @example
 * new QueueWorker(this, 'Ingest', { handler: 'src/ingest.ts', batch: { size: 500, window: Duration.minutes(1) } });
 */
export class QueueWorker extends HandlerConstruct {
  /** What works on the messages. */
  readonly handler: lambda.IFunction;
  /** Where messages wait to be processed. */
  readonly queue: sqs.IQueue;
  /** Where messages go that failed for good; undefined if an adopted queue is not created by this app. */
  readonly deadLetterQueue?: sqs.IQueue;
  /** Receives from the queue and calls the handler. */
  readonly mapping: lambda.EventSourceMapping;
  /** The handler's alarms, and the depth of the dead-letter queue. */
  readonly alarms: readonly cloudwatch.Alarm[];

  /** @throws PatternError when settings are outside the service's limits or contradict each other */
  constructor(scope: Construct, id: string, props: QueueWorkerProps) {
    super(scope, id);
    checkPlacedProps(this, props, SHAPE, queueWorkerChecks, namesBeside(QUEUE_NAMES));
    const { batch, filters } = props;
    warnOfPayload(this, batch);

    this.handler = handlerOf(this, 'Handler', props.handler, { onFailure: 'none' });
    const { queue, deadLetterQueue } = props.queue ? adopted(this, props.queue) : own(this, props);
    this.queue = queue;
    this.deadLetterQueue = deadLetterQueue;
    grantStatements(this.handler, 'QUEUE', consumerStatements(queue), {
      owner: this,
      prop: () => (props.queue ? 'queue' : 'encryptionKey'),
    });
    const side = besideHandler(this, this.handler);
    this.mapping = new lambda.EventSourceMapping(side, 'Mapping', {
      target: triggerOf(this.handler),
      eventSourceArn: queue.queueArn,
      batchSize: batch?.size ?? 10,
      maxBatchingWindow: batch?.window,
      reportBatchItemFailures: true,
      maxConcurrency: props.pollers ? undefined : (props.maxConcurrency ?? defaultCap(props.handler)),
      provisionedPollerConfig: props.pollers && {
        minimumPollers: props.pollers.min,
        maximumPollers: props.pollers.max,
      },
      filters: filters?.length ? filters.map((filter) => lambda.FilterCriteria.filter(filter)) : undefined,
    });
    acknowledge(this.mapping, NO_DESTINATION);

    const alarms = alarmsOf(this, side, { topic: props.alarmTopic, settings: props.alarms });
    this.alarms = [
      ...alarms.beside.function(this.handler),
      ...(deadLetterQueue === undefined ? [] : alarms.own.deadLetters(deadLetterQueue)),
      ...alarms.own.waiting(queue),
    ];
  }

  /** `SendMessage`, alone or in batches. The variable holds the queue's URL. */
  send(): Capability {
    return Access.queue(this.queue).send();
  }

  /** Age of the oldest message, queued or in flight, in seconds. */
  metricAge(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.queue.metricApproximateAgeOfOldestMessage(options);
  }

  /** Messages waiting in the queue. */
  metricWaiting(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.queue.metricApproximateNumberOfMessagesVisible(options);
  }

  /**
   * Messages that failed for good.
   * @throws PatternError when the queue, and so its dead-letter queue, is not created by this app
   */
  metricDeadLetters(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return waitingLetters(this, this.deadLetterQueue, "pass a 'queue' that this app creates", options);
  }
}

const SHAPE: Shape<QueueWorkerProps> = {
  handler: MAPPED_HANDLER,
  batch: QUEUE_BATCH,
  maxConcurrency: MAX_CONCURRENCY,
  pollers: POLLERS_KIND,
  maxAttempts: MAX_ATTEMPTS,
  fifo: flag,
  filters: FILTERS,
  queue: QUEUE,
  encryptionKey: KEY,
  retention: duration(retention.value),
  delay: duration(delay.value),
  maxMessageSize: size,
  contentBasedDeduplication: flag,
  highThroughput: flag,
  alarmTopic: TOPIC,
  alarms: alarmSettings('QueueWorker'),
};

const NO_DESTINATION = {
  'Serverless::Serverless-LambdaEventSourceMappingDestination':
    "A queue's mapping takes no failure destination: messages that fail go to the queue's own dead-letter queue",
};

interface Queues {
  readonly queue: sqs.IQueue;
  readonly deadLetterQueue?: sqs.IQueue;
}

function own(worker: QueueWorker, { batch, fifo, maxAttempts, encryptionKey, ...props }: QueueWorkerProps): Queues {
  // An imported function's timeout is unknown: hide messages as for the longest possible.
  const consumer = definedFunction(worker.handler) ?? { timeout: Duration.seconds(functionTimeout.value.max) };
  const queueName = queueNameOf(worker, 'Queue', fifo);
  const queue = new WorkQueue(worker, 'Queue', {
    consumer,
    batchWindow: batch?.window,
    fifo,
    maxAttempts,
    queueName,
    encryptionMasterKey: encryptionKey,
    retentionPeriod: props.retention,
    delay: props.delay,
    maxMessageSize: props.maxMessageSize,
    contentBasedDeduplication: props.contentBasedDeduplication,
    highThroughput: props.highThroughput,
  });
  return { queue, deadLetterQueue: queue.deadLetters };
}

/** No alarm can watch another account's dead-letter queue from here: it belongs where the queue is created. */
function adopted(worker: QueueWorker, queue: sqs.IQueue): Queues {
  if (otherAccount(Stack.of(worker), queue.env)) return { queue };
  return { queue, deadLetterQueue: deadLetterQueueOf(queue) };
}

function warnOfPayload(scope: Construct, { size = 10, messageSize = Size.kibibytes(1) }: QueueBatch = {}): void {
  const limit = synchronousPayload.value;
  const payload = size * messageSize.toBytes();
  // A Token is a negative number, and is skipped here.
  if (payload <= limit || size <= 10) return;
  const fitting = Math.floor(limit / messageSize.toBytes());
  Annotations.of(scope).addWarningV2(
    'lintel:batch-payload',
    `'batch.size' of ${size} messages of ${messageSize.toBytes()} bytes makes ${(payload / 2 ** 20).toFixed(1)} MiB, more than the ` +
      `${limit / 2 ** 20} MiB of one invocation: Lambda delivers about ${fitting} at once; lower 'batch.size', or set ` +
      `a smaller 'batch.messageSize' (${scope.node.path})`,
  );
}
