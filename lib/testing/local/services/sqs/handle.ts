import type { JsonObject } from '../../kernel/json';
import type { Queue } from './queue';
import type { SqsOperations } from './operations';

/** A message as seen by a test. */
export interface QueueMessage {
  /** Its id. */
  readonly id: string;
  /** The text. */
  readonly body: string;
  /** Message attributes by name. */
  readonly attributes: Readonly<Record<string, string>>;
  /** How many times it was received. */
  readonly receives: number;
  /** Its group, on a FIFO queue. */
  readonly groupId?: string;
}

/** How a test sends a message. */
export interface SendOptions {
  /** The group, on a FIFO queue. */
  readonly groupId?: string;
  /** Deduplication id, on a FIFO queue. */
  readonly deduplicationId?: string;
  /** Attributes, by name; all are strings. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Seconds until it may be received. */
  readonly delay?: number;
}

/** How many messages a queue holds. */
export interface QueueDepth {
  /** Available to receive. */
  readonly visible: number;
  /** Received but not yet deleted. */
  readonly inFlight: number;
  /** Not yet visible because of a delay. */
  readonly delayed: number;
}

/** Test handle of a queue in a local run; bypasses permissions. */
export class LocalQueueHandle {
  /** @param queue the queue */
  constructor(
    private readonly queue: Queue,
    private readonly operations: SqsOperations,
  ) {}

  /** Its URL, for an SDK client of the tests. */
  get url(): string {
    return this.queue.url;
  }

  /** Its ARN. */
  get arn(): string {
    return this.queue.arn;
  }

  /**
   * Sends a message or a list of them; non-strings are sent as JSON.
   * @returns the ids
   * @throws AwsError when SQS would reject a message
   */
  send(body: unknown, options?: SendOptions): string;
  send(bodies: readonly unknown[], options?: SendOptions): readonly string[];
  send(body: unknown, { attributes, ...rest }: SendOptions = {}): string | readonly string[] {
    if (Array.isArray(body))
      return body.map((one: unknown) => this.send(one, { ...rest, ...(attributes && { attributes }) }));
    const own = Object.entries(attributes ?? {}).map(([name, StringValue]): [string, JsonObject] => [
      name,
      { DataType: 'String', StringValue },
    ]);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return this.queue.send({ body: text, ...rest, ...(own.length > 0 && { attributes: Object.fromEntries(own) }) }).id;
  }

  /** How many messages it holds. */
  depth(): QueueDepth {
    return this.queue.depth;
  }

  /** Its messages, without receiving them. */
  messages(): readonly QueueMessage[] {
    return this.queue.messages.map(({ id, body, attributes = {}, receives, groupId }) => ({
      id,
      body,
      attributes: Object.fromEntries(
        Object.entries(attributes).map(([name, { StringValue }]) => [name, String(StringValue ?? '')]),
      ),
      receives,
      groupId,
    }));
  }

  /**
   * Moves the messages of this dead-letter queue back to the queues they came from, as `StartMessageMoveTask` does.
   * @returns how many
   * @throws AwsError when it is not a dead-letter queue
   */
  redrive(): number {
    return this.operations.redrive(this.queue);
  }

  /** Removes all messages. */
  purge(): void {
    this.queue.purge();
  }
}
