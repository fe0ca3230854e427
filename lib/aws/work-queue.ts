import { createHash } from 'node:crypto';
import { Duration, type Size, Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Check } from '../core/check/check';
import { duration, flag, isPlain, size, text, whole } from '../core/check/kinds';
import { checkProps, type Kind, type Shape, shapeChecks } from '../core/check/shape';
import { batchWindow, visibilityFactor } from '../core/facts/event-source';
import { within } from '../core/facts/fact';
import { defaultTimeout } from '../core/facts/lambda';
import { defaultRetention, delay, receiveCount, retention, visibilityTimeout } from '../core/facts/sqs';
import { isUnresolved } from '../core/unresolved';
import { Access } from './access/access';
import type { Capability } from './access/capability';
import { deadLetterQueue } from './dead-letter-queue';
import { definitionOf } from './queue-adoption';
import { hiddenFor, messageChecks, type QueueConsumer } from './queue-times';
import { KEY, QUEUE } from './resource-kinds';
import { isRecord } from '../core/record';

/** Props of a `WorkQueue`; none is required. */
export interface WorkQueueProps {
  /**
   * The function that works on the messages. Its timeout decides how long a received message stays hidden.
   * @default - none known: messages stay hidden for 30 seconds, or for `visibilityTimeout`
   */
  readonly consumer?: QueueConsumer;
  /**
   * How long the consumer gathers a batch: 0 to 5 minutes. Part of the time that a message stays hidden.
   * @default Duration.seconds(0)
   */
  readonly batchWindow?: Duration;
  /**
   * How long a received message stays hidden, 0 to 12 hours; at least the consumer's timeout.
   * @default - 6 x the consumer's timeout + `batchWindow`
   */
  readonly visibilityTimeout?: Duration;
  /**
   * Receives of a message, 1 to 1000, before it goes to the dead-letter queue. Below 5, messages that a throttled
   * consumer gave back may end there though nothing is wrong with them.
   * @default 5
   */
  readonly maxAttempts?: number;
  /**
   * Order per message group, and no duplicates within 5 minutes; the name gets its `.fifo`.
   * @default false
   */
  readonly fifo?: boolean;
  /**
   * FIFO only: tells duplicates by the body, where the sender gives no deduplication id.
   * @default false
   */
  readonly contentBasedDeduplication?: boolean;
  /**
   * How long a message waits to be worked on: 1 minute, up to what the dead-letter queue keeps (14 days), exclusive.
   * @default Duration.days(4)
   */
  readonly retentionPeriod?: Duration;
  /**
   * How long each message is kept back before anybody receives it: 0 to 15 minutes.
   * @default - it is not
   */
  readonly delay?: Duration;
  /**
   * Largest message that is taken, with its attributes: 1 KiB to 1 MiB.
   * @default Size.mebibytes(1) - the most that there is
   */
  readonly maxMessageSize?: Size;
  /**
   * FIFO only: thousands of messages a second in place of 300 requests, and duplicates are told within a message group.
   * @default false
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/high-throughput-fifo.html
   */
  readonly highThroughput?: boolean;
  /**
   * A dead-letter queue that the team has, of the same kind (FIFO or not), with a retention longer than this queue's: messages
   * count theirs from the first send, but for FIFO queues. In the place of an `sqs.Queue` with one, so that what waits in it stays.
   * @default - a new one beside the queue, `<id>DeadLetterQueue`
   */
  readonly deadLetterQueue?: sqs.IQueue;
  /**
   * A customer-managed key for this queue and the dead-letter queue that it makes.
   * @default - encrypted by SQS
   */
  readonly encryptionMasterKey?: IKey;
  /**
   * Name of the queue, up to 80 letters, digits, hyphens and underscores. Only a queue that is named here can be the one
   * queue from which its dead-letter queue takes messages: two queues cannot name each other by what CloudFormation makes of
   * them. A queue that CloudFormation has named, and that gets a name, is replaced, with what waits in it.
   * @default - CloudFormation names it, and its dead-letter queue takes messages from any queue of the account
   */
  readonly queueName?: string;
}

/**
 * A queue ready for production: a dead-letter queue that keeps messages for 14 days, TLS only, encrypted, and times that
 * agree with its consumer. In the place of an `sqs.Queue` of the same id it changes that queue and replaces nothing.
 *
 * A message stays hidden for 6 x the consumer's timeout, because Lambda may receive a batch and be throttled several
 * times before it runs, plus the batching window, during which messages are hidden already. Shorter, and a message is
 * worked on twice at once, or goes to the dead-letter queue without having failed.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 * @example
 * const jobs = new WorkQueue(this, 'Jobs', { consumer: worker });
 */
export class WorkQueue extends sqs.Queue {
  /** Where messages go that failed `maxAttempts` times: `deadLetterQueue`, or one beside the queue, as `<id>DeadLetterQueue`. */
  readonly deadLetters: sqs.IQueue;

  constructor(scope: Construct, id: string, props: WorkQueueProps = {}) {
    checkProps([scope.node.path, id].filter(Boolean).join('/'), props, SHAPE, checksOf, NAMES);
    const { consumer, maxAttempts = 5, fifo = false, encryptionMasterKey } = props;
    const queueName = props.queueName && named(props.queueName, fifo);
    // The two queues name each other. CloudFormation refuses a circle, so this one is named by its name, not by its resource.
    const from = queueName && Stack.of(scope).formatArn({ service: 'sqs', resource: queueName });
    const deadLetters =
      props.deadLetterQueue ?? deadLetterQueue(scope, `${id}DeadLetterQueue`, { fifo, encryptionMasterKey, from });

    super(scope, id, {
      queueName,
      fifo: fifo || undefined,
      contentBasedDeduplication: props.contentBasedDeduplication,
      visibilityTimeout: props.visibilityTimeout ?? (consumer && hiddenFor(consumer, props.batchWindow)),
      retentionPeriod: props.retentionPeriod,
      deliveryDelay: props.delay,
      maxMessageSizeBytes: props.maxMessageSize?.toBytes(),
      ...(props.highThroughput && PER_GROUP),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: maxAttempts },
      encryption: encryptionMasterKey ? sqs.QueueEncryption.KMS : sqs.QueueEncryption.SQS_MANAGED,
      encryptionMasterKey,
      enforceSSL: true,
    });
    this.deadLetters = deadLetters;
  }

  /** `SendMessage`, alone or in batches. The variable holds the queue's URL. */
  send(): Capability {
    return Access.queue(this).send();
  }
}

const CONSUMER: Kind = {
  rule: 'must be a function, or { timeout }',
  remedy: () => 'pass the function that works on the messages',
  is: (value) => isPlain(value) || (isRecord(value) && 'functionArn' in value),
  inside: (consumer: QueueConsumer, prop) =>
    isPlain(consumer) ? shapeChecks(consumer, { timeout: duration() }, `${prop}.`) : [],
};

const SHAPE: Shape<WorkQueueProps> = {
  consumer: CONSUMER,
  batchWindow: duration(),
  visibilityTimeout: duration(),
  maxAttempts: whole(receiveCount.value, 'choose a number in that range; 5 suits most'),
  fifo: flag,
  contentBasedDeduplication: flag,
  retentionPeriod: duration(),
  delay: duration(delay.value),
  maxMessageSize: size,
  highThroughput: flag,
  deadLetterQueue: QUEUE,
  encryptionMasterKey: KEY,
  queueName: text('orders'),
};

/** Names of CDK's queues, and what says the same here. */
const NAMES = {
  maxReceiveCount: "write 'maxAttempts'",
  enforceSSL: 'leave it out: it is always on',
  encryption: "leave it out: it is on; name a key of your own in 'encryptionMasterKey'",
  maxBatchingWindow: "write 'batchWindow'",
  deliveryDelay: "write 'delay'",
  maxMessageSizeBytes: "write 'maxMessageSize: Size.kibibytes(...)'",
  fifoThroughputLimit: "write 'highThroughput'",
  deduplicationScope: "write 'highThroughput'",
};

/** SQS takes neither without the other for more than 300 requests a second. */
const PER_GROUP = {
  deduplicationScope: sqs.DeduplicationScope.MESSAGE_GROUP,
  fifoThroughputLimit: sqs.FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
};

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html */
const QUEUE_NAME = /^[\w-]{1,80}$/;

const days = (period: Duration | undefined): number | string =>
  isUnresolved(period) ? 'some' : (period?.toSeconds() ?? defaultRetention.value) / 86_400;

function checksOf(props: WorkQueueProps): Check[] {
  const { consumer, batchWindow: window, fifo, contentBasedDeduplication, retentionPeriod, queueName } = props;
  const { deadLetterQueue: failed, visibilityTimeout: hidden } = props;
  const keeps = failed && definitionOf(failed);
  const kept = keeps && (keeps.messageRetentionPeriod ?? defaultRetention.value);
  const timeout = consumer && (consumer.timeout ?? Duration.seconds(defaultTimeout.value));
  return [
    {
      prop: 'batchWindow',
      value: window,
      valid: () => window === undefined || within(batchWindow.value, window.toSeconds()),
      rule: 'must be at most 5 minutes',
      remedy: 'shorten it',
    },
    {
      prop: 'batchWindow',
      value: window,
      valid: () => !fifo || window === undefined || window.toSeconds() === 0,
      rule: "must not be given with 'fifo', because Lambda gathers no batches from FIFO queues",
      remedy: 'remove one of them',
    },
    {
      prop: 'visibilityTimeout',
      value: hidden,
      valid: () => hidden === undefined || within(visibilityTimeout.value, hidden.toSeconds()),
      rule: 'must be at most 12 hours',
      remedy: 'shorten it',
    },
    {
      prop: 'visibilityTimeout',
      value: hidden,
      reads: [timeout],
      valid: () => hidden === undefined || timeout === undefined || hidden.toSeconds() >= timeout.toSeconds(),
      rule: `must be at least the consumer's timeout (${timeout && !isUnresolved(timeout) ? timeout.toHumanString() : ''})`,
      remedy: `remove it, for ${visibilityFactor.value} x that timeout, or lengthen it`,
    },
    {
      prop: 'deadLetterQueue',
      value: failed,
      reads: [fifo, failed?.fifo],
      valid: () =>
        failed === undefined ||
        failed.fifo === (fifo ?? false) ||
        // Of an imported queue whose ARN only the deployment knows, nobody knows the kind.
        (keeps === undefined && isUnresolved(failed.queueArn)),
      rule: `must be ${fifo ? 'a FIFO queue, as this one is' : 'a standard queue, as this one is'}`,
      remedy: "pass one of the same kind, or set 'fifo' as it is there",
    },
    {
      prop: 'deadLetterQueue',
      value: failed,
      reads: [kept, retentionPeriod],
      valid: () =>
        fifo === true || kept === undefined || kept > (retentionPeriod?.toSeconds() ?? defaultRetention.value),
      rule: `must keep messages longer than this queue, which keeps them for ${days(retentionPeriod)} days; it keeps them for ${isUnresolved(kept) ? 'some time' : Duration.seconds(kept ?? 0).toHumanString()}, counted from the first send`,
      remedy: "set its 'retentionPeriod' to Duration.days(14)",
    },
    {
      prop: 'deadLetterQueue',
      value: failed,
      valid: () => failed === undefined || !admitsNone(failed),
      rule: "must not have 'DENY_ALL' as its 'redriveAllowPolicy', with which SQS refuses to make this queue",
      remedy: "remove it there, or name this queue in its 'sourceQueues'",
    },
    {
      prop: 'queueName',
      value: queueName,
      valid: () => queueName === undefined || QUEUE_NAME.test(queueName.replace(/\.fifo$/, '')),
      rule: 'must be 1 to 80 letters, digits, hyphens and underscores',
      remedy: 'choose another name',
    },
    {
      prop: 'queueName',
      value: queueName,
      reads: [fifo],
      valid: () => fifo === true || !queueName?.endsWith('.fifo'),
      rule: "must not end in '.fifo' without 'fifo'",
      remedy: "set 'fifo' to true, or choose another name",
    },
    {
      prop: 'contentBasedDeduplication',
      value: contentBasedDeduplication,
      valid: () => !contentBasedDeduplication || fifo === true,
      rule: "must not be given without 'fifo'",
      remedy: "set 'fifo' to true, or remove it",
    },
    {
      prop: 'retentionPeriod',
      value: retentionPeriod,
      valid: () =>
        retentionPeriod === undefined ||
        (retentionPeriod.toSeconds() >= retention.value.min && retentionPeriod.toSeconds() < retention.value.max),
      rule: `must be at least ${retention.value.min / 60} minute and less than the ${retention.value.max / 86_400} days of the dead-letter queue, which count from the first send`,
      remedy: 'choose a time in that range',
    },
    {
      prop: 'highThroughput',
      value: props.highThroughput,
      valid: () => !props.highThroughput || fifo === true,
      rule: "must not be given without 'fifo': a standard queue has no limit",
      remedy: "set 'fifo' to true, or remove it",
    },
    ...messageChecks(props),
  ];
}

/** FIFO queues are named so. */
function named(name: string, fifo: boolean): string {
  return fifo && !isUnresolved(name) && !name.endsWith('.fifo') ? `${name}.fifo` : name;
}

/** A name of a stack's own for a queue that a pattern makes: readable, with a hash of what was cut off or left out. */
export function queueNameOf(scope: Construct, id: string, fifo = false): string {
  let stack = Stack.of(scope);
  while (stack.nestedStackParent) stack = stack.nestedStackParent;
  const path = [stack.stackName, ...scope.node.path.split('/').slice(stack.node.path.split('/').length), id];
  const hash = createHash('sha256').update(path.join('/')).digest('hex').slice(0, 8);
  const suffix = `-${hash}${fifo ? '.fifo' : ''}`;
  return `${path
    .join('-')
    .replace(/[^\w-]/g, '')
    .slice(0, 80 - suffix.length)}${suffix}`;
}

/** Whether a queue of this app is the dead-letter queue of nobody. */
function admitsNone(queue: sqs.IQueue): boolean {
  const policy: unknown = definitionOf(queue)?.redriveAllowPolicy;
  return isRecord(policy) && policy.redrivePermission === sqs.RedrivePermission.DENY_ALL;
}
