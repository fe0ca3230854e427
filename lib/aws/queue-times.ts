import { Duration, type Size } from 'aws-cdk-lib';
import type { Check } from '../core/check/check';
import { batchWindow, visibilityFactor } from '../core/facts/event-source';
import { within } from '../core/facts/fact';
import { defaultTimeout, functionTimeout } from '../core/facts/lambda';
import { defaultRetention, messageSize } from '../core/facts/sqs';
import { isUnresolved } from '../core/unresolved';

/** Who consumes a queue: a function, or its timeout alone. */
export interface QueueConsumer {
  /**
   * The longest time one invocation may take.
   * @default - 3 seconds, as for a function that names none
   */
  readonly timeout?: Duration;
}

/** 6 x the timeout + the window. For a timeout known only at deployment: the longest there is. */
export function hiddenFor(
  { timeout = Duration.seconds(defaultTimeout.value) }: QueueConsumer,
  window?: Duration,
): Duration {
  const longest = isUnresolved(timeout) ? functionTimeout.value.max : timeout.toSeconds();
  const gathering = window === undefined ? 0 : isUnresolved(window) ? batchWindow.value.max : window.toSeconds();
  return Duration.seconds(visibilityFactor.value * longest + gathering);
}

/** How long a queue keeps messages, and what they are. */
export interface QueueMessages {
  /** Who works on them. */
  readonly consumer?: QueueConsumer;
  /** How long they are gathered. */
  readonly batchWindow?: Duration;
  /** How long a received one stays hidden, where that is not derived. */
  readonly visibilityTimeout?: Duration;
  /** Receives before the dead-letter queue. */
  readonly maxAttempts?: number;
  /** How long they are kept. */
  readonly retentionPeriod?: Duration;
  /** How long they are kept back. */
  readonly delay?: Duration;
  /** The largest one. */
  readonly maxMessageSize?: Size;
}

/** Times and sizes of messages that contradict each other, or that SQS does not take. */
export function messageChecks(props: QueueMessages, names = { retention: 'retentionPeriod' }): Check[] {
  const { consumer, batchWindow: window, maxAttempts = 5, retentionPeriod, delay, maxMessageSize } = props;
  const known = [consumer?.timeout, window, props.visibilityTimeout, delay];
  const hidden =
    known.some(isUnresolved) || consumer === undefined
      ? props.visibilityTimeout
      : (props.visibilityTimeout ?? hiddenFor(consumer, window));
  // Of a queue whose consumer nobody knows, nobody knows how long it takes.
  const once = hidden === undefined || hidden.isUnresolved() ? 0 : hidden.toSeconds();
  const needed = maxAttempts * once + (delay?.isUnresolved() ? 0 : (delay?.toSeconds() ?? 0));
  const kept = retentionPeriod ?? Duration.seconds(defaultRetention.value);
  const { min, max } = messageSize.value;
  return [
    {
      prop: names.retention,
      value: retentionPeriod,
      reads: [...known, maxAttempts],
      valid: () => retentionPeriod === undefined || retentionPeriod.toSeconds() >= needed,
      rule: `must be at least ${needed} seconds, for ${maxAttempts} attempts after each of which a message stays hidden for ${once}, or a message that fails is deleted before it reaches the dead-letter queue`,
      remedy: "lengthen it, or lower 'maxAttempts' or the handler's timeout",
    },
    {
      prop: 'delay',
      value: delay,
      reads: [kept],
      valid: () => delay === undefined || delay.toSeconds() < kept.toSeconds(),
      rule: `must be shorter than the time for which the queue keeps a message, or nobody ever receives it`,
      remedy: `shorten it, or lengthen '${names.retention}'`,
    },
    {
      prop: 'maxMessageSize',
      value: maxMessageSize,
      valid: () => maxMessageSize === undefined || within(messageSize.value, maxMessageSize.toBytes()),
      rule: `must be ${min / 1024} KiB to ${max / 1024 / 1024} MiB`,
      remedy: 'choose a size in that range; what is larger goes to a bucket, and its key into the message',
    },
  ];
}
