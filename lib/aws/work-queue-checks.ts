import { Duration, Stack } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Check } from '../core/check/check';
import { duration, flag, isPlain, size, text, whole } from '../core/check/kinds';
import { type Kind, type Shape, shapeChecks } from '../core/check/shape';
import { batchWindow, visibilityFactor } from '../core/facts/event-source';
import { within } from '../core/facts/fact';
import { defaultTimeout } from '../core/facts/lambda';
import {
  defaultRetention,
  delay,
  queueNameLength,
  receiveCount,
  retention,
  visibilityTimeout,
} from '../core/facts/sqs';
import { isRecord } from '../core/record';
import { isUnresolved } from '../core/unresolved';
import { elsewhere, otherRegion } from './access/place';
import { definitionOf } from './queue-adoption';
import { messageChecks, type QueueConsumer } from './queue-times';
import { KEY, QUEUE } from './resource-kinds';
import type { WorkQueueProps } from './work-queue-props';

const CONSUMER: Kind = {
  rule: 'must be a function, or { timeout }',
  remedy: () => 'pass the function that processes the messages',
  is: (value) => isPlain(value) || (isRecord(value) && 'functionArn' in value),
  inside: (consumer: QueueConsumer, prop) =>
    isPlain(consumer) ? shapeChecks(consumer, { timeout: duration() }, `${prop}.`) : [],
};

/** Shape of a `WorkQueue`'s props. */
export const WORK_QUEUE: Shape<WorkQueueProps> = {
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

/** CDK's names for a queue's props, and their equivalents here. */
export const WORK_QUEUE_NAMES = {
  maxReceiveCount: "write 'maxAttempts'",
  enforceSSL: 'leave it out: it is always on',
  encryption: "leave it out: it is on; pass a key of your own in 'encryptionMasterKey'",
  maxBatchingWindow: "write 'batchWindow'",
  deliveryDelay: "write 'delay'",
  maxMessageSizeBytes: "write 'maxMessageSize: Size.kibibytes(...)'",
  fifoThroughputLimit: "write 'highThroughput'",
  deduplicationScope: "write 'highThroughput'",
};

const days = (period: Duration | undefined): number | string =>
  isUnresolved(period) ? 'some' : (period?.toSeconds() ?? defaultRetention.value) / 86_400;

/** Checks of a `WorkQueue`'s props. */
export function workQueueChecks(scope: Construct, props: WorkQueueProps): Check[] {
  const { batchWindow: window, fifo, contentBasedDeduplication, retentionPeriod, queueName } = props;
  const { deadLetterQueue: failed, visibilityTimeout: hidden, consumer } = props;
  const [here, there] = [Stack.of(scope), (consumer as Partial<IFunction> | undefined)?.env];
  return [
    {
      prop: 'consumer',
      value: consumer,
      valid: () => there === undefined || !otherRegion(here, there),
      rule: `must be a function of ${here.region}, where the queue is: Lambda polls queues of its own region only, and it is in ${there?.region}`,
      remedy: 'put the queue and the function in one region',
    },
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
      rule: "must not be given with 'fifo', because Lambda has no batching window for FIFO queues",
      remedy: 'remove one of them',
    },
    ...(hidden === undefined ? [] : hiddenChecks(hidden, props)),
    ...(failed === undefined ? [] : deadLetterChecks(scope, failed, props)),
    {
      prop: 'queueName',
      value: queueName,
      valid: () => queueName === undefined || isQueueName(queueName, fifo === true),
      rule: `must be 1 to ${queueNameLength.value} letters, digits, hyphens and underscores`,
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
      rule: `must be at least ${retention.value.min / 60} minute and less than the ${retention.value.max / 86_400} days of the dead-letter queue, which count from when the message was first sent`,
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

function hiddenChecks(hidden: Duration, { consumer }: WorkQueueProps): Check[] {
  const timeout = consumer && (consumer.timeout ?? Duration.seconds(defaultTimeout.value));
  return [
    {
      prop: 'visibilityTimeout',
      value: hidden,
      valid: () => within(visibilityTimeout.value, hidden.toSeconds()),
      rule: 'must be at most 12 hours',
      remedy: 'shorten it',
    },
    {
      prop: 'visibilityTimeout',
      value: hidden,
      reads: [timeout],
      valid: () => timeout === undefined || hidden.toSeconds() >= timeout.toSeconds(),
      rule: `must be at least the consumer's timeout (${timeout && !isUnresolved(timeout) ? timeout.toHumanString() : ''})`,
      remedy: `remove it, for ${visibilityFactor.value} x that timeout, or lengthen it`,
    },
  ];
}

function deadLetterChecks(scope: Construct, failed: sqs.IQueue, { fifo, retentionPeriod }: WorkQueueProps): Check[] {
  const keeps = definitionOf(failed);
  const kept = keeps && (keeps.messageRetentionPeriod ?? defaultRetention.value);
  return [
    {
      prop: 'deadLetterQueue',
      value: failed,
      reads: [fifo, failed.fifo],
      valid: () =>
        failed.fifo === (fifo ?? false) ||
        // The kind of an import is unknown if its ARN is known only at deployment.
        (keeps === undefined && isUnresolved(failed.queueArn)),
      rule: `must be ${fifo ? 'a FIFO queue, as this one is' : 'a standard queue, as this one is'}`,
      remedy: "pass one of the same kind, or set 'fifo' to match it",
    },
    {
      prop: 'deadLetterQueue',
      value: failed,
      reads: [kept, retentionPeriod],
      valid: () =>
        fifo === true || kept === undefined || kept > (retentionPeriod?.toSeconds() ?? defaultRetention.value),
      rule: `must keep messages longer than this queue, which keeps them for ${days(retentionPeriod)} days; it keeps them for ${isUnresolved(kept) ? 'some time' : Duration.seconds(kept ?? 0).toHumanString()}, counted from when the message was first sent`,
      remedy: "set its 'retentionPeriod' to Duration.days(14)",
    },
    {
      prop: 'deadLetterQueue',
      value: failed,
      valid: () => !elsewhere(Stack.of(scope).env, failed.env),
      rule: "must be in this queue's account and region, where SQS looks for it",
      remedy: 'leave it out to create one with this queue',
    },
    {
      prop: 'deadLetterQueue',
      value: failed,
      valid: () => !admitsNone(failed),
      rule: "must not have 'DENY_ALL' as its 'redriveAllowPolicy', with which SQS refuses to create this queue",
      remedy: "remove it there, or name this queue in its 'sourceQueues'",
    },
  ];
}

/** Whether a queue of this app refuses to be a dead-letter queue. */
function admitsNone(queue: sqs.IQueue): boolean {
  const policy: unknown = definitionOf(queue)?.redriveAllowPolicy;
  return isRecord(policy) && policy.redrivePermission === sqs.RedrivePermission.DENY_ALL;
}

/** Whether SQS takes a name, of which the suffix of a FIFO queue is a part. */
function isQueueName(name: string, fifo: boolean): boolean {
  const suffix = fifo && !name.endsWith('.fifo') ? '.fifo'.length : 0;
  return /^[\w-]+(\.fifo)?$/.test(name) && name.length + suffix <= queueNameLength.value;
}
