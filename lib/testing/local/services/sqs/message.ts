import { createHash } from 'node:crypto';
import type { JsonObject } from '../../kernel/json';

/** A message as sent. */
export interface NewMessage {
  readonly body: string;
  /** Message attributes by name, in API form: `{ DataType, StringValue }`. */
  readonly attributes?: Readonly<Record<string, JsonObject>>;
  /** The message group on a FIFO queue; the tenant on a standard queue. */
  readonly groupId?: string;
  /** Deduplication id, on a FIFO queue. */
  readonly deduplicationId?: string;
  /** Delay in seconds, overriding the queue's. */
  readonly delay?: number;
  readonly sender?: string;
  /** The X-Ray trace header. */
  readonly traceHeader?: string;
  /** Whether to deliver it twice or out of order. */
  readonly disorder?: string;
}

/** A message in a queue. */
export interface Message extends NewMessage {
  /** Whether this is the redelivery of a deleted message. */
  readonly repeated?: boolean;
  readonly id: string;
  /** When it was sent, in milliseconds since the epoch. */
  readonly sentAt: number;
  /** When its delay ends, in milliseconds since the epoch. */
  readonly delayedUntil?: number;
  /** Its place in the queue. */
  readonly sequence: number;
  /** In a dead-letter queue, the queue it came from. */
  readonly source?: string;
  /** How many times it was received. */
  receives: number;
  /** When it was first received. */
  firstReceivedAt?: number;
  /** The latest receipt handle. */
  handle?: string;
}

/** The system attributes of a message. */
export function systemAttributes(message: Message, fifo: boolean): Record<string, string> {
  const { sender, source, groupId, deduplicationId, traceHeader } = message;
  return {
    ApproximateReceiveCount: String(message.receives),
    SentTimestamp: String(message.sentAt),
    SenderId: sender ?? 'local-run',
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? Date.now()),
    ...(fifo && { SequenceNumber: sequenceNumber(message) }),
    ...(deduplicationId !== undefined && { MessageDeduplicationId: deduplicationId }),
    ...(groupId !== undefined && { MessageGroupId: groupId }),
    ...(source !== undefined && { DeadLetterQueueSourceArn: source }),
    ...(traceHeader !== undefined && { AWSTraceHeader: traceHeader }),
  };
}

/** Twenty digits, as in SQS. */
export function sequenceNumber({ sequence }: Message): string {
  return `188${String(sequence).padStart(17, '0')}`;
}

/** What counts toward the queue's size limit, in bytes: the body plus attribute names, types and values. */
export function sizeOf({ body, attributes = {} }: NewMessage): number {
  const own = Object.entries(attributes).reduce(
    (sum, [name, { DataType, StringValue, BinaryValue }]) =>
      sum +
      Buffer.byteLength(name) +
      Buffer.byteLength(String(DataType ?? '')) +
      (typeof BinaryValue === 'string' ? Buffer.from(BinaryValue, 'base64').length : 0) +
      Buffer.byteLength(typeof StringValue === 'string' ? StringValue : ''),
    0,
  );
  return Buffer.byteLength(body) + own;
}

/** The MD5 digest against which the SDK verifies a body. */
export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/**
 * The MD5 digest of the message attributes; undefined if there are none.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export function md5OfAttributes(attributes: NewMessage['attributes'] = {}): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  const add = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const { DataType, StringValue, BinaryValue } = attributes[name]!;
    add(Buffer.from(name));
    add(Buffer.from(String(DataType)));
    hash.update(Buffer.from([BinaryValue === undefined ? 1 : 2]));
    add(
      BinaryValue === undefined ? Buffer.from(String(StringValue ?? '')) : Buffer.from(String(BinaryValue), 'base64'),
    );
  }
  return hash.digest('hex');
}
