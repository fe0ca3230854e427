import { createHash } from 'node:crypto';
import type { JsonRecord } from '../../kernel/json';

/** A message as its sender gives it. */
export interface NewMessage {
  readonly body: string;
  /** What the sender says of it, by name, as the API has it: `{ DataType, StringValue }`. */
  readonly attributes?: Readonly<Record<string, JsonRecord>>;
  /** The group, on a FIFO queue; on a standard queue, who it is for. */
  readonly groupId?: string;
  /** Tells duplicates, on a FIFO queue. */
  readonly deduplicationId?: string;
  /** Seconds until it may be received, instead of the queue's. */
  readonly delay?: number;
  readonly sender?: string;
  /** The trace that it belongs to. */
  readonly traceHeader?: string;
  /** That it comes twice, or after the one that followed it. */
  readonly disorder?: string;
}

/** A message in a queue. */
export interface Message extends NewMessage {
  /** Whether it comes once more after it was deleted. */
  readonly repeated?: boolean;
  readonly id: string;
  /** When it was sent, in milliseconds since the epoch. */
  readonly sentAt: number;
  /** Its place in the queue. */
  readonly sequence: number;
  /** The queue that it came from, in a dead-letter queue. */
  readonly source?: string;
  /** How often it was received. */
  receives: number;
  /** When it was first received. */
  firstReceivedAt?: number;
  /** The handle of the latest receive. */
  handle?: string;
}

/** What SQS says of a message itself. */
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

/** Twenty digits, as SQS has them. */
export function sequenceNumber({ sequence }: Message): string {
  return `188${String(sequence).padStart(17, '0')}`;
}

/** What a message takes of the queue's limit, in bytes: the body, and names, types and values of its attributes. */
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

/** The checksum with which the SDK checks a body. */
export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/**
 * The checksum of a message's attributes; undefined without any.
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
