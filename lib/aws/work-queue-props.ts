import type { Duration, Size } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { QueueConsumer } from './queue-times';

/** Props of a `WorkQueue`; all optional. */
export interface WorkQueueProps {
  /**
   * The function that processes the messages. Its timeout determines how long a received message stays hidden.
   * @default - none: messages stay hidden for 30 seconds, or for `visibilityTimeout`
   */
  readonly consumer?: QueueConsumer;
  /**
   * How long the consumer gathers a batch: 0 to 5 minutes. Counts towards the time a message stays hidden.
   * @default Duration.seconds(0)
   */
  readonly batchWindow?: Duration;
  /**
   * How long a received message stays hidden, 0 to 12 hours; at least the consumer's timeout.
   * @default - 6 x the consumer's timeout + `batchWindow`
   */
  readonly visibilityTimeout?: Duration;
  /**
   * Receives of a message, 1 to 1000, before it goes to the dead-letter queue. Below 5, messages returned by a throttled
   * consumer may end up there though nothing is wrong with them.
   * @default 5
   */
  readonly maxAttempts?: number;
  /**
   * Ordering per message group, and no duplicates within 5 minutes; the name gets its `.fifo`.
   * @default false
   */
  readonly fifo?: boolean;
  /**
   * FIFO only: detects duplicates by the body when the sender gives no deduplication id.
   * @default false
   */
  readonly contentBasedDeduplication?: boolean;
  /**
   * How long an unprocessed message is kept: from 1 minute to less than the dead-letter queue's retention (14 days).
   * @default Duration.days(4)
   */
  readonly retentionPeriod?: Duration;
  /**
   * How long each message is delayed before it can be received: 0 to 15 minutes.
   * @default - no delay
   */
  readonly delay?: Duration;
  /**
   * Largest message accepted, attributes included: 1 KiB to 1 MiB.
   * @default Size.mebibytes(1) - the maximum
   */
  readonly maxMessageSize?: Size;
  /**
   * FIFO only: thousands of messages per second instead of 300 requests; duplicates are detected per message group.
   * @default false
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/high-throughput-fifo.html
   */
  readonly highThroughput?: boolean;
  /**
   * The team's own dead-letter queue, of the same kind (FIFO or not), account and region, with a longer retention than this queue's:
   * except on FIFO queues, a message's age counts from the first send. Replaces an `sqs.Queue` that has one without losing its messages.
   * @default - a new one beside the queue, `<id>DeadLetterQueue`
   */
  readonly deadLetterQueue?: sqs.IQueue;
  /**
   * A customer-managed key for this queue and the dead-letter queue created with it.
   * @default - SQS-managed encryption
   */
  readonly encryptionMasterKey?: IKey;
  /**
   * Name of the queue, up to 80 letters, digits, hyphens and underscores. Only a named queue can be the sole source
   * of its dead-letter queue: two queues cannot refer to each other by names that CloudFormation generates.
   * Naming a queue that CloudFormation has named replaces it, and loses the messages in it.
   * @default - named by CloudFormation, and its dead-letter queue accepts messages from any queue of the account
   */
  readonly queueName?: string;
}
