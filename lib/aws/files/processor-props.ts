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
   * What works on new files: a path, a path with settings, or a function the team already has. It gets messages of a queue,
   * each with one event of a file in its body, and may read the files of `prefix`.
   */
  readonly handler: FunctionSource;
  /**
   * A bucket that the team already has.
   * @default - a new bucket: private, encrypted, TLS only, versioned, with an access log
   */
  readonly bucket?: IBucket;
  /**
   * Beginning of the keys of the files to work on: `incoming/`, or several, none of which begins with another.
   * @default - every file
   */
  readonly prefix?: KeyParts;
  /**
   * End of the keys of the files to work on: `.csv`, or several, none of which ends with another.
   * @default - every file
   */
  readonly suffix?: KeyParts;
  /**
   * What the handler is told of: `'created'`; `'deleted'`, by a request or by the lifecycle, which in a bucket with versions
   * is a marker; `'version-deleted'`, a version that is gone for good. Of an imported bucket, which may have versions or not,
   * `'deleted'` is both: `deletion-type` of the event tells.
   * @default 'created'
   */
  readonly on?: FileChange | readonly FileChange[];
  /**
   * A customer-managed key for the new bucket, and for the queue and its dead-letter queue; with `bucket` for the queues
   * alone. Its policy lets in who delivers the events.
   * @default - encrypted by S3 and SQS
   */
  readonly encryptionKey?: IKey;
  /**
   * What becomes of the files of the new bucket with time: `{ old: { expireAfter: Duration.days(90) } }`.
   * @default - files stay; replaced and deleted versions for 30 days
   */
  readonly lifecycle?: Lifecycle;
  /**
   * Beginning of the keys that the handler may write in the same bucket: `thumbnails/`. It must not overlap `prefix`, or the
   * handler would call itself for ever.
   * @default - the handler writes nothing there
   */
  readonly outputPrefix?: string;
  /**
   * How the queue learns of a file. `'event-bridge'`: `detail.object.key` in the body; other rules may listen to the same
   * bucket; what cannot be delivered goes to the dead-letter queue. `'notification'`: `Records[].s3.object.key`, decoded;
   * sooner and without EventBridge's fee, for a bucket with one listener per prefix, and a handler that is given by its path.
   * @default 'event-bridge'
   */
  readonly via?: 'event-bridge' | 'notification';
  /**
   * For an imported bucket, whose notifications this app cannot know: `'enabled'` when EventBridge is on already;
   * `'merge'` lets a custom resource of CDK add ours to what the bucket has when the stack is deployed.
   * @default - required for an imported bucket, and for no other
   */
  readonly imported?: 'enabled' | 'merge';
  /**
   * How events are gathered into one invocation, as for a `QueueWorker`.
   * @default - 10 events, at once
   */
  readonly batch?: QueueBatch;
  /**
   * Most invocations at once, as for a `QueueWorker`.
   * @default 10
   */
  readonly maxConcurrency?: number;
  /**
   * Attempts on a file before its event goes to the dead-letter queue.
   * @default 5
   */
  readonly maxAttempts?: number;
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
  readonly alarms?: AlarmsOf<'FileProcessor'>;
}
