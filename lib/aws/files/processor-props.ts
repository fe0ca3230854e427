import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { AlarmsOf } from '../alarms/watched-by';
import type { FileChange } from './changes';
import type { KeyParts } from './keys';
import type { Lifecycle } from './lifecycle';
import type { FunctionSource } from '../service-function-props';
import type { QueueBatch } from '../queue-consumption';

/** Props of a `FileProcessor`. */
export interface FileProcessorProps {
  /**
   * Processes the files: a path, a path with settings, or a function the team already has. It gets queue messages,
   * each with one file event in its body, and may read the files below `prefix`.
   */
  readonly handler: FunctionSource;
  /**
   * A bucket the team already has.
   * @default - a new bucket: private, encrypted, TLS only, versioned, with an access log
   */
  readonly bucket?: IBucket;
  /**
   * Key prefix of the files to process: `incoming/`, or several, none of which may start with another.
   * @default - every file
   */
  readonly prefix?: KeyParts;
  /**
   * Key suffix of the files to process: `.csv`, or several, none of which may end with another.
   * @default - every file
   */
  readonly suffix?: KeyParts;
  /**
   * Which changes the handler gets: `'created'`; `'deleted'`, by a request or by the lifecycle, which in a versioned bucket
   * creates a delete marker; `'version-deleted'`, a version deleted permanently. For an imported bucket, versioned or not,
   * `'deleted'` covers both: see `deletion-type` in the event.
   * @default 'created'
   */
  readonly on?: FileChange | readonly FileChange[];
  /**
   * A customer-managed key for the new bucket, the queue and its dead-letter queue; with `bucket`, for the queues
   * only. Its policy admits the service that delivers the events.
   * @default - S3-managed and SQS-managed encryption
   */
  readonly encryptionKey?: IKey;
  /**
   * Lifecycle rules of the new bucket: `{ old: { expireAfter: Duration.days(90) } }`.
   * @default - files stay; replaced and deleted versions are kept for 30 days
   */
  readonly lifecycle?: Lifecycle;
  /**
   * Key prefix the handler may write to in the same bucket: `thumbnails/`. It must not overlap `prefix`, or the
   * handler would trigger itself forever.
   * @default - the handler may not write to the bucket
   */
  readonly outputPrefix?: string;
  /**
   * How file events reach the queue. `'event-bridge'`: `detail.object.key` in the body; other rules may listen to the same
   * bucket; undeliverable events go to the dead-letter queue. `'notification'`: `Records[].s3.object.key`, decoded;
   * faster and without EventBridge's fee, for a bucket with one listener per prefix, and a handler given by its path.
   * @default 'event-bridge'
   */
  readonly via?: 'event-bridge' | 'notification';
  /**
   * For an imported bucket, whose notifications this app cannot see: `'enabled'` if EventBridge is already on;
   * `'merge'` has a CDK custom resource add ours to the existing ones on deployment.
   * @default - required for an imported bucket, otherwise refused
   */
  readonly imported?: 'enabled' | 'merge';
  /**
   * How events are batched into one invocation, as for a `QueueWorker`.
   * @default - 10 events, without waiting
   */
  readonly batch?: QueueBatch;
  /**
   * Most concurrent invocations, as for a `QueueWorker`.
   * @default 10
   */
  readonly maxConcurrency?: number;
  /**
   * Attempts to process a file before its event goes to the dead-letter queue.
   * @default 5
   */
  readonly maxAttempts?: number;
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
  readonly alarms?: AlarmsOf<'FileProcessor'>;
}
