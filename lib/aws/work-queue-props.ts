import type { Duration, Size } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { QueueConsumer } from './queue-times';

/** Props of a `WorkQueue`; none is required. */
export interface WorkQueueProps {
  /**
   * The function that works on the messages. Its timeout decides how long a received message stays hidden.
   * @default - none known: messages stay hidden for 30 seconds, or for `visibilityTimeout`
   */
  readonly consumer?: QueueConsumer;
  /**
   * How long the consumer gathers a batch: 0 to 5 minutes. Part of the time that a message stays hidden.
   * @default Duration.seconds(0)
   */
  readonly batchWindow?: Duration;
  /**
   * How long a received message stays hidden, 0 to 12 hours; at least the consumer's timeout.
   * @default - 6 x the consumer's timeout + `batchWindow`
   */
  readonly visibilityTimeout?: Duration;
  /**
   * Receives of a message, 1 to 1000, before it goes to the dead-letter queue. Below 5, messages that a throttled
   * consumer gave back may end there though nothing is wrong with them.
   * @default 5
   */
  readonly maxAttempts?: number;
  /**
   * Order per message group, and no duplicates within 5 minutes; the name gets its `.fifo`.
   * @default false
   */
  readonly fifo?: boolean;
  /**
   * FIFO only: tells duplicates by the body, where the sender gives no deduplication id.
   * @default false
   */
  readonly contentBasedDeduplication?: boolean;
  /**
   * How long a message waits to be worked on: 1 minute, up to what the dead-letter queue keeps (14 days), exclusive.
   * @default Duration.days(4)
   */
  readonly retentionPeriod?: Duration;
  /**
   * How long each message is kept back before anybody receives it: 0 to 15 minutes.
   * @default - it is not
   */
  readonly delay?: Duration;
  /**
   * Largest message that is taken, with its attributes: 1 KiB to 1 MiB.
   * @default Size.mebibytes(1) - the most that there is
   */
  readonly maxMessageSize?: Size;
  /**
   * FIFO only: thousands of messages a second in place of 300 requests, and duplicates are told within a message group.
   * @default false
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/high-throughput-fifo.html
   */
  readonly highThroughput?: boolean;
  /**
   * A dead-letter queue that the team has, of the same kind (FIFO or not), account and region, with a retention longer than this queue's: messages
   * count theirs from the first send, but for FIFO queues. In the place of an `sqs.Queue` with one, so that what waits in it stays.
   * @default - a new one beside the queue, `<id>DeadLetterQueue`
   */
  readonly deadLetterQueue?: sqs.IQueue;
  /**
   * A customer-managed key for this queue and the dead-letter queue that it makes.
   * @default - encrypted by SQS
   */
  readonly encryptionMasterKey?: IKey;
  /**
   * Name of the queue, up to 80 letters, digits, hyphens and underscores. Only a queue that is named here can be the one
   * queue from which its dead-letter queue takes messages: two queues cannot name each other by what CloudFormation makes of
   * them. A queue that CloudFormation has named, and that gets a name, is replaced, with what waits in it.
   * @default - CloudFormation names it, and its dead-letter queue takes messages from any queue of the account
   */
  readonly queueName?: string;
}
