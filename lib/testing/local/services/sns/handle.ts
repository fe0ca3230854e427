import type { SnsOperations } from './operations';
import { contentFor } from './message';
import type { Topic } from './topic';

/** How a test publishes a message. */
export interface PublishOptions {
  /** At most 100 characters. */
  readonly subject?: string;
  /** Attributes by name: strings, numbers, or lists (sent as `String.Array`). */
  readonly attributes?: Readonly<Record<string, string | number | readonly unknown[]>>;
  /** The group, on a FIFO topic. */
  readonly groupId?: string;
  /** Deduplication id, on a FIFO topic. */
  readonly deduplicationId?: string;
}

/** A published message as seen by a test. */
export interface PublishedMessage {
  /** Its id. */
  readonly id: string;
  /** The text. */
  readonly message: string;
  /** Its subject, if any. */
  readonly subject?: string;
  /** Message attributes by name. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Test handle of a topic in a local run; bypasses permissions. */
export class LocalTopic {
  /** @param topic the topic */
  constructor(
    private readonly topic: Topic,
    private readonly operations: SnsOperations,
  ) {}

  /** Its ARN. */
  get arn(): string {
    return this.topic.arn;
  }

  /**
   * Publishes a message; non-strings are sent as JSON.
   * @returns its id
   * @throws AwsError when SNS would reject the message
   */
  publish(message: unknown, { attributes = {}, ...rest }: PublishOptions = {}): string {
    const own = Object.entries(attributes).map(([name, value]) => {
      const DataType = typeof value === 'number' ? 'Number' : typeof value === 'string' ? 'String' : 'String.Array';
      return [name, { DataType, StringValue: typeof value === 'string' ? value : JSON.stringify(value) }] as const;
    });
    const text = typeof message === 'string' ? message : JSON.stringify(message);
    const given = { message: text, attributes: Object.fromEntries(own), structured: false, ...rest };
    return String(this.operations.send(this.topic, given).MessageId);
  }

  /** Everything published to the topic, in order, whether delivered or not. */
  published(): readonly PublishedMessage[] {
    return this.topic.published.map((one) => ({
      id: one.id,
      message: contentFor(one, 'default'),
      ...(one.subject !== undefined && { subject: one.subject }),
      attributes: Object.fromEntries(
        Object.entries(one.attributes).map(([name, { StringValue, BinaryValue }]) => [
          name,
          StringValue ?? BinaryValue ?? '',
        ]),
      ),
    }));
  }
}
