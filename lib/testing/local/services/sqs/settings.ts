import * as facts from '../../../../core/facts/sqs';
import { type JsonRecord, number, parseJson, record, text, texts } from '../../kernel/json';

/** Where messages go that were received too often. */
export interface Redrive {
  /** The ARN of the dead-letter queue. */
  readonly target: string;
  /** Receives after which a message is not handed out again. */
  readonly maxReceiveCount: number;
}

/** How a queue behaves; times in seconds, sizes in bytes. */
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
  /** Where messages go that fail. */
  readonly redrive?: Redrive;
  /** Which queues may use this one for dead letters: all, none, or those with these ARNs. */
  readonly redriveFrom: 'all' | readonly string[];
  /** Whether a message without a deduplication id is told by its body. */
  readonly contentBasedDeduplication: boolean;
  /** Whether duplicates are told within a group instead of the whole queue. */
  readonly deduplicatePerGroup: boolean;
}

/** The settings that a template or `SetQueueAttributes` gives; names are CloudFormation's. */
export function queueSettings(properties: JsonRecord): QueueSettings {
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
function policyOf(value: unknown): JsonRecord {
  return record(typeof value === 'string' ? parseJson(value) : value);
}

function redriveFrom(policy: JsonRecord): QueueSettings['redriveFrom'] {
  if (policy.redrivePermission === 'denyAll') return [];
  return policy.redrivePermission === 'byQueue' ? texts(policy.sourceQueueArns) : 'all';
}
