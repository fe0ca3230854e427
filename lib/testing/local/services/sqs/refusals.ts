import * as facts from '../../../../core/facts/sqs';
import type { Range } from '../../../../core/facts/fact';
import { type JsonObject, number, parseJson, recordOf, text } from '../../kernel/json';

const RANGES: Readonly<Record<string, Range>> = {
  DelaySeconds: facts.delay.value,
  MaximumMessageSize: facts.messageSize.value,
  MessageRetentionPeriod: facts.retention.value,
  ReceiveMessageWaitTimeSeconds: { min: 0, max: 20 },
  VisibilityTimeout: facts.visibilityTimeout.value,
};
const OF_FIFO = ['ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit'];

/**
 * Why SQS refuses to create a queue; empty if it accepts it.
 * @param properties with null for what is not known
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
 */
export function queueFaults(properties: JsonObject): readonly string[] {
  const name = text(properties.QueueName);
  const known = properties.FifoQueue !== null;
  const fifo = known ? String(properties.FifoQueue) === 'true' : name?.endsWith('.fifo') === true;
  return [
    ...ofName(name, fifo),
    ...Object.entries(RANGES).flatMap(([name, { min, max }]) => {
      const value = number(properties[name]);
      return value === undefined || (value >= min && value <= max)
        ? []
        : [`${name} is from ${min} to ${max}, got ${value}`];
    }),
    ...(fifo ? ofThroughput(properties) : known ? onlyFifo(properties) : []),
    ...ofRedrive(properties.RedrivePolicy),
    ...(properties.KmsMasterKeyId !== undefined && String(properties.SqsManagedSseEnabled) === 'true'
      ? ['You can use one type of server-side encryption (SSE) at one time']
      : []),
  ];
}

function ofName(name: string | undefined, fifo: boolean): readonly string[] {
  if (name === undefined) return [];
  const plain = name.replace(/\.fifo$/, '');
  if (name.length > 80 || !/^[\w-]+$/.test(plain))
    return [`a queue's name has 1 to 80 letters, digits, hyphens and underscores, got '${name}'`];
  if (fifo === name.endsWith('.fifo')) return [];
  return [fifo ? `the name of a FIFO queue ends in '.fifo', got '${name}'` : `'${name}' is a name for a FIFO queue`];
}

function onlyFifo(properties: JsonObject): readonly string[] {
  const given = OF_FIFO.filter((name) => properties[name] !== undefined && String(properties[name]) !== 'false');
  return given.map((name) => `${name} is for FIFO queues`);
}

function ofThroughput({ FifoThroughputLimit, DeduplicationScope }: JsonObject): readonly string[] {
  const perGroup = FifoThroughputLimit === 'perMessageGroupId' && DeduplicationScope !== 'messageGroup';
  return perGroup ? ["FifoThroughputLimit 'perMessageGroupId' requires DeduplicationScope 'messageGroup'"] : [];
}

function ofRedrive(policy: unknown): readonly string[] {
  if (policy === undefined) return [];
  const { maxReceiveCount } = recordOf(typeof policy === 'string' ? parseJson(policy) : policy);
  if (policy === null || maxReceiveCount === null) return [];
  const { min, max } = facts.receiveCount.value;
  const count = number(maxReceiveCount);
  return count !== undefined && count >= min && count <= max
    ? []
    : [`maxReceiveCount is from ${min} to ${max}, got ${text(maxReceiveCount) ?? 'none'}`];
}
