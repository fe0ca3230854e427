import * as facts from '../../../../core/facts/sqs';
import { type JsonObject, number, parseJson, recordOf, text, texts } from '../../kernel/json';

/** Where messages go after too many receives. */
export interface Redrive {
  /** The ARN of the dead-letter queue. */
  readonly target: string;
  /** Receives after which a message is moved. */
  readonly maxReceiveCount: number;
}

/** Queue settings; times in seconds, sizes in bytes. */
export interface QueueSettings {
  /** How long a received message is hidden. */
  readonly visibilityTimeout: number;
  /** How long a new message is hidden. */
  readonly delay: number;
  /** How long a message is kept. */
  readonly retention: number;
  /** Largest message. */
  readonly maximumSize: number;
  /** How long a receive waits for a message. */
  readonly waitTime: number;
  /** The redrive policy. */
  readonly redrive?: Redrive;
  /** Which queues may use this one for dead letters: all, none, or those with these ARNs. */
  readonly redriveFrom: 'all' | readonly string[];
  /** Whether messages without a deduplication id are deduplicated by body. */
  readonly contentBasedDeduplication: boolean;
  /** Whether deduplication is per message group instead of per queue. */
  readonly deduplicatePerGroup: boolean;
}

/** The settings from a template or `SetQueueAttributes`, under CloudFormation's names. */
export function queueSettings(properties: JsonObject): QueueSettings {
  const redrive = policyOf(properties.RedrivePolicy);
  const target = text(redrive.deadLetterTargetArn);
  const allow = policyOf(properties.RedriveAllowPolicy);
  return {
    visibilityTimeout: number(properties.VisibilityTimeout) ?? facts.defaultVisibilityTimeout.value,
    delay: number(properties.DelaySeconds) ?? facts.delay.value.min,
    retention: number(properties.MessageRetentionPeriod) ?? facts.defaultRetention.value,
    maximumSize: number(properties.MaximumMessageSize) ?? facts.messageSize.value.max,
    waitTime: number(properties.ReceiveMessageWaitTimeSeconds) ?? 0,
    ...(target !== undefined && {
      redrive: { target, maxReceiveCount: number(redrive.maxReceiveCount) ?? facts.receiveCount.value.max },
    }),
    redriveFrom: redriveFrom(allow),
    contentBasedDeduplication: String(properties.ContentBasedDeduplication) === 'true',
    deduplicatePerGroup: properties.DeduplicationScope === 'messageGroup',
  };
}

/** A policy is an object in a template and JSON in the API. */
function policyOf(value: unknown): JsonObject {
  return recordOf(typeof value === 'string' ? parseJson(value) : value);
}

function redriveFrom(policy: JsonObject): QueueSettings['redriveFrom'] {
  if (policy.redrivePermission === 'denyAll') return [];
  return policy.redrivePermission === 'byQueue' ? texts(policy.sourceQueueArns) : 'all';
}
