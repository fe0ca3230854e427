import type { Duration } from 'aws-cdk-lib';
import type { IStreamConsumer } from 'aws-cdk-lib/aws-kinesis';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { AlarmsOf } from './alarms/watched-by';
import type { FailureDestination } from './failure-destination';
import type { FunctionSource } from './service-function-props';
import type { StreamBatch } from './stream-mapping';
import type { StreamSource } from './stream-source';

/** Props of a `StreamProcessor`. */
export interface StreamProcessorProps {
  /**
   * Processes the records: a path, a path with settings, or a function the team already has. It answers with
   * `batchItemFailures`, as Powertools' batch processor does, so that one failed record does not cause the others to be retried.
   */
  readonly handler: FunctionSource;
  /**
   * Where the records come from: a Kinesis stream, or a table with a stream.
   * @default - a new Kinesis stream, on demand, encrypted
   */
  readonly source?: StreamSource;
  /**
   * How long the new stream keeps a record: 1 to 365 days; anything beyond the first day is billed.
   * @default Duration.hours(24)
   */
  readonly retention?: Duration;
  /**
   * A customer-managed key for the new stream and the new failure queue. Capabilities to write or read include its use.
   * @default - keys managed by Kinesis and SQS
   */
  readonly encryptionKey?: IKey;
  /**
   * Whether the handler reads as a dedicated consumer with enhanced fan-out: 2 MB per second and shard, shared with
   * no other reader, pushed within some 70 ms. Billed per shard hour and by volume. Switching it on or
   * off replaces the mapping, which starts over at `startingPosition`. `true` registers a consumer; one that exists is passed
   * as it is. Kinesis only.
   * @default false - the handler shares each shard's 2 MB and five reads per second with the others
   * @see https://docs.aws.amazon.com/streams/latest/dev/enhanced-consumers.html
   */
  readonly enhancedFanOut?: boolean | IStreamConsumer;
  /**
   * How records are batched into one invocation.
   * @default - 100 records, without waiting
   */
  readonly batch?: StreamBatch;
  /**
   * Batches of one shard processed at once, 1 to 10. Order within a partition key is preserved.
   * @default 1
   */
  readonly parallelization?: number;
  /**
   * Attempts to process a record before it is given up, 1 to 10,001. A failed batch is bisected between attempts, which does not
   * count.
   * @default 5
   */
  readonly maxAttempts?: number;
  /**
   * Age at which a record is given up without a further attempt: 1 minute to 7 days, and less than the stream's retention.
   * @default Duration.hours(12) - half the retention of a table's stream and of a new Kinesis stream
   */
  readonly maxAge?: Duration;
  /**
   * Which records the handler gets: those that match any of these patterns, at most 5. Others are skipped without an
   * invocation. A table's numbers are strings in its stream, so `numeric` never matches there.
   * @default - all
   * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
   */
  readonly filters?: readonly Readonly<Record<string, unknown>>[];
  /**
   * Length of a tumbling window, up to 15 minutes: the handler receives and returns `state` within a window.
   * @default - none
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html
   */
  readonly tumblingWindow?: Duration;
  /**
   * Where records that were given up go. A queue gets their position in the stream, which keeps a table's for a day; a bucket
   * gets the records themselves.
   * @default - a new queue, which keeps messages for 14 days
   */
  readonly failures?: FailureDestination;
  /**
   * Where reading starts.
   * @default StartingPosition.TRIM_HORIZON - no record in the stream is missed
   */
  readonly startingPosition?: lambda.StartingPosition;
  /**
   * Topic that alarms notify.
   * @default - no notifications; the alarms still exist
   */
  readonly alarmTopic?: ITopic;
  /**
   * Alarm thresholds and durations, or alarms switched off with a reason:
   * `{ errorRate: 5, deadLetters: { off: 'swept by hand each morning' } }`.
   * @default - as AWS recommends
   */
  readonly alarms?: AlarmsOf<'StreamProcessor'>;
}
