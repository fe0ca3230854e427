import { Duration, type Size } from 'aws-cdk-lib';
import type { Check } from '../core/check/check';
import { batchWindow, visibilityFactor } from '../core/facts/event-source';
import { within } from '../core/facts/fact';
import { defaultTimeout, functionTimeout } from '../core/facts/lambda';
import { defaultRetention, messageSize } from '../core/facts/sqs';
import { isUnresolved } from '../core/unresolved';

/** A queue's consumer: a function, or just its timeout. */
export interface QueueConsumer {
  /**
   * The longest time an invocation may take.
   * @default - 3 seconds, Lambda's default
   */
  readonly timeout?: Duration;
}

/** 6 x the timeout + the window. For a timeout known only at deployment: the longest possible. */
export function hiddenFor(
  { timeout = Duration.seconds(defaultTimeout.value) }: QueueConsumer,
  window?: Duration,
): Duration {
  const longest = isUnresolved(timeout) ? functionTimeout.value.max : timeout.toSeconds();
  const gathering = window === undefined ? 0 : isUnresolved(window) ? batchWindow.value.max : window.toSeconds();
  return Duration.seconds(visibilityFactor.value * longest + gathering);
}

/** Times and sizes of a queue's messages. */
export interface QueueMessages {
  /** The consumer. */
  readonly consumer?: QueueConsumer;
  /** How long a batch is gathered. */
  readonly batchWindow?: Duration;
  /** How long a received message stays hidden, if not derived. */
  readonly visibilityTimeout?: Duration;
  /** Receives before the dead-letter queue. */
  readonly maxAttempts?: number;
  /** How long they are kept. */
  readonly retentionPeriod?: Duration;
  /** How long messages are delayed. */
  readonly delay?: Duration;
  /** Largest message. */
  readonly maxMessageSize?: Size;
}

/** Checks of message times and sizes, against each other and SQS's limits. */
export function messageChecks(props: QueueMessages, names = { retention: 'retentionPeriod' }): Check[] {
  const { retentionPeriod, delay, maxMessageSize } = props;
  return [
    ...(retentionPeriod === undefined ? [] : [attemptsCheck(retentionPeriod, props, names.retention)]),
    ...(delay === undefined ? [] : [delayCheck(delay, props, names.retention)]),
    ...(maxMessageSize === undefined ? [] : [sizeCheck(maxMessageSize)]),
  ];
}

/** A message is kept until its last attempt has failed. */
function attemptsCheck(kept: Duration, props: QueueMessages, prop: string): Check {
  const { consumer, batchWindow: window, maxAttempts = 5, delay } = props;
  const known = [consumer?.timeout, window, props.visibilityTimeout, delay];
  const hidden =
    known.some(isUnresolved) || consumer === undefined
      ? props.visibilityTimeout
      : (props.visibilityTimeout ?? hiddenFor(consumer, window));
  // Without a known consumer, the processing time is unknown.
  const once = hidden === undefined || hidden.isUnresolved() ? 0 : hidden.toSeconds();
  const needed = maxAttempts * once + (delay?.isUnresolved() ? 0 : (delay?.toSeconds() ?? 0));
  return {
    prop,
    value: kept,
    reads: [...known, maxAttempts],
    valid: () => kept.toSeconds() >= needed,
    rule: `must be at least ${needed} seconds: ${maxAttempts} attempts that each hide a message for ${once}; otherwise a failing message is deleted before it reaches the dead-letter queue`,
    remedy: "lengthen it, or lower 'maxAttempts' or the handler's timeout",
  };
}

function delayCheck(delay: Duration, { retentionPeriod }: QueueMessages, retention: string): Check {
  const kept = retentionPeriod ?? Duration.seconds(defaultRetention.value);
  return {
    prop: 'delay',
    value: delay,
    reads: [kept],
    valid: () => delay.toSeconds() < kept.toSeconds(),
    rule: `must be shorter than the queue's retention, or no message is ever received`,
    remedy: `shorten it, or lengthen '${retention}'`,
  };
}

function sizeCheck(size: Size): Check {
  const { min, max } = messageSize.value;
  return {
    prop: 'maxMessageSize',
    value: size,
    valid: () => within(messageSize.value, size.toBytes()),
    rule: `must be ${min / 1024} KiB to ${max / 1024 / 1024} MiB`,
    remedy: 'choose a size in that range; put larger data in a bucket, and its key in the message',
  };
}
