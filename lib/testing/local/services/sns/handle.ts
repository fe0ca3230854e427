import type { SnsOperations } from './operations';
import { contentFor } from './message';
import type { Topic } from './topic';

/** How a test publishes a message. */
export interface PublishOptions {
  /** At most 100 characters. */
  readonly subject?: string;
  /** Attributes, by name: texts, numbers, and lists, which are `String.Array`. */
  readonly attributes?: Readonly<Record<string, string | number | readonly unknown[]>>;
  /** The group, on a FIFO topic. */
  readonly groupId?: string;
  /** Deduplication id, on a FIFO topic. */
  readonly deduplicationId?: string;
}

/** A message that was published, as a test sees it. */
export interface PublishedMessage {
  /** Its id. */
  readonly id: string;
  /** The text. */
  readonly message: string;
  /** Its subject, where it has one. */
  readonly subject?: string;
  /** Attributes of the publisher, by name. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** A topic of a local run, for tests: they need no permission. */
export class LocalTopic {
  /** The topic, and what SNS does with topics. */
  constructor(
    private readonly topic: Topic,
    private readonly operations: SnsOperations,
  ) {}

  /** Its ARN. */
  get arn(): string {
    return this.topic.arn;
  }

  /**
   * Publishes a message; anything but a string is published as JSON.
   * @returns its id
   * @throws AwsError as SNS refuses a message
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

  /** Everything published to it, in order, by anyone, delivered or not. */
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
