import type { Duration } from 'aws-cdk-lib';
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
   * What works on the records: a path, a path with settings, or a function the team already has. It answers with
   * `batchItemFailures`, as Powertools' batch processor does, so that a record is not worked on again because another failed.
   */
  readonly handler: FunctionSource;
  /**
   * Where the records come from: a Kinesis stream, or a table with a stream.
   * @default - a new Kinesis stream, on demand, encrypted
   */
  readonly source?: StreamSource;
  /**
   * How long the new stream keeps a record: 1 to 365 days; beyond the first it is paid for.
   * @default Duration.hours(24)
   */
  readonly retention?: Duration;
  /**
   * A customer-managed key for the new stream and the new failure queue. Whoever writes or reads by a capability may use it.
   * @default - encrypted by keys of Kinesis and SQS
   */
  readonly encryptionKey?: IKey;
  /**
   * Whether the handler reads by a consumer of its own with enhanced fan-out: 2 MB a second of each shard that it shares with
   * no other reader, pushed within some 70 ms. It is paid for by the hour of each shard and by the byte. To switch it on or
   * off replaces the mapping, which begins anew at `startingPosition`. Kinesis alone has it.
   * @default false - the handler shares 2 MB and five reads a second of each shard with the others
   * @see https://docs.aws.amazon.com/streams/latest/dev/enhanced-consumers.html
   */
  readonly enhancedFanOut?: boolean;
  /**
   * How records are gathered into one invocation.
   * @default - 100 records, at once
   */
  readonly batch?: StreamBatch;
  /**
   * Batches of one shard that are worked on at once, 1 to 10. The order within a partition key is kept.
   * @default 1
   */
  readonly parallelization?: number;
  /**
   * Attempts on a record before it is given up, 1 to 10,001. A failed batch is halved between attempts, which does not
   * count.
   * @default 5
   */
  readonly maxAttempts?: number;
  /**
   * Age at which a record is given up without a further attempt: 1 minute to 7 days, and less than the stream keeps it.
   * @default Duration.hours(12) - half of what a table's stream and a new Kinesis stream keep
   */
  readonly maxAge?: Duration;
  /**
   * Which records the handler gets: those that match any of these patterns, at most 5. Others are passed over without an
   * invocation. A table's numbers are texts in its stream, so `numeric` never matches there.
   * @default - all
   * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
   */
  readonly filters?: readonly Readonly<Record<string, unknown>>[];
  /**
   * Length of a tumbling window, up to 15 minutes: the handler gets and returns `state` for records of one window.
   * @default - none
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html
   */
  readonly tumblingWindow?: Duration;
  /**
   * Where records go that were given up. A queue is told where they stood in the stream, which keeps them a day; a bucket
   * keeps the records themselves.
   * @default - a new queue, which keeps its messages for 14 days
   */
  readonly failures?: FailureDestination;
  /**
   * Where reading begins.
   * @default StartingPosition.TRIM_HORIZON - nothing that is in the stream is missed
   */
  readonly startingPosition?: lambda.StartingPosition;
  /**
   * Who is told of alarms.
   * @default - nobody; the alarms are there
   */
  readonly alarmTopic?: ITopic;
  /**
   * What the alarms are raised at, how long it must last, or that there is none, and why:
   * `{ errorRate: 5, deadLetters: { off: 'swept by hand each morning' } }`.
   * @default - what AWS recommends
   */
  readonly alarms?: AlarmsOf<'StreamProcessor'>;
}
