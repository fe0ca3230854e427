import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { alarmSettings } from '../../lib/aws/alarms/settings-shape';
import type { AlarmsOf } from '../../lib/aws/alarms/watched-by';
import { Access } from '../../lib/aws/access/access';
import { grantStatements } from '../../lib/aws/access/apply';
import type { Capability } from '../../lib/aws/access/capability';
import { bucketChecks } from '../../lib/aws/files/bucket-checks';
import { type ObjectEvents, throughEventBridge, throughNotification } from '../../lib/aws/files/object-events';
import { privateBucket } from '../../lib/aws/private-bucket';
import type { FunctionSource } from '../../lib/aws/service-function-props';
import { wrappedHandler } from '../../lib/aws/wrapped-handler';
import { writablePrefixes } from '../../lib/aws/write-loop';
import { type Check, failuresOf } from '../../lib/core/check/check';
import { oneOf, text } from '../../lib/core/check/kinds';
import { checkProps, type Shape } from '../../lib/core/check/shape';
import { inTheNameOf } from '../../lib/core/errors';
import { MAPPED_HANDLER, namesBeside } from '../../lib/aws/handler-settings';
import {
  MAX_ATTEMPTS,
  MAX_CONCURRENCY,
  QUEUE_BATCH,
  QUEUE_NAMES,
  type QueueBatch,
  queueWorkerChecks,
} from '../../lib/aws/queue-consumption';
import { BUCKET, TOPIC } from '../../lib/aws/resource-kinds';
import { QueueWorker } from './queue-worker';

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
   * Beginning of the keys of the files to work on: `incoming/`.
   * @default - every file
   */
  readonly prefix?: string;
  /**
   * End of the keys of the files to work on: `.csv`.
   * @default - every file
   */
  readonly suffix?: string;
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

/**
 * A function that works on each new file of a bucket, through a queue: a burst of uploads waits instead of throttling, a file
 * that fails is tried again, and after `maxAttempts` its event waits 14 days in a dead-letter queue.
 *
 * A multipart upload is one event, when it is complete. S3 tells of a file at least once and in no order: the handler
 * compares version or ETag. Files larger than the function's memory are read as a stream.
 * @example
 * new FileProcessor(this, 'Imports', { handler: 'src/import.ts', prefix: 'incoming/', suffix: '.csv' });
 */
export class FileProcessor extends Construct {
  /** Where the files are. */
  readonly bucket: IBucket;
  /** The queue with its worker and dead-letter queue. */
  readonly worker: QueueWorker;
  /** What works on the files. */
  readonly handler: lambda.IFunction;
  /** Beginning of the keys of the files that are worked on. */
  readonly prefix: string;

  /** @throws PatternError when settings contradict each other, or the handler would call itself */
  constructor(scope: Construct, id: string, props: FileProcessorProps) {
    super(scope, id);
    checkProps(this, props, SHAPE, (typed) => checksOf(this, typed), namesBeside(QUEUE_NAMES));
    const { prefix = '', suffix = '', outputPrefix, via = 'event-bridge', imported } = props;
    this.prefix = prefix;

    this.bucket = props.bucket ?? privateBucket(this, 'Bucket');
    const { batch, maxConcurrency, maxAttempts, alarmTopic, alarms } = props;
    const worker = {
      batch,
      maxConcurrency,
      maxAttempts,
      alarmTopic,
      alarms,
      handler: via === 'notification' ? wrappedHandler(props.handler, 'files/decoded-worker') : props.handler,
    };
    this.worker = inTheNameOf(this.node.path, () => new QueueWorker(this, 'Worker', worker));
    this.handler = this.worker.handler;
    const files = Access.bucket(this.bucket);
    // The event names the bucket, and the variable of an existing function is not ours to set.
    grantStatements(this.handler, 'FILES', files.read({ prefix }).statements);
    if (outputPrefix !== undefined) {
      grantStatements(this.handler, 'OUTPUT', files.write({ prefix: outputPrefix }).statements);
    }

    const { queue, deadLetterQueue } = this.worker;
    const events: ObjectEvents = { bucket: this.bucket, prefix, suffix, queue, deadLetterQueue, imported };
    if (via === 'event-bridge') throughEventBridge(this, events);
    else throughNotification(events);
    this.node.addValidation({ validate: () => loops(this, prefix) });
  }

  /** `PutObject` below `prefix`, for those who bring files. The variable holds the bucket's name. */
  upload(): Capability {
    return Access.bucket(this.bucket).write({ prefix: this.prefix });
  }

  /** Invocations of the handler that failed; its other metrics are those of `worker`. */
  metricErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.worker.metricErrors(options);
  }

  /** Seconds for which the oldest event of a file has waited, or is being worked on. */
  metricAge(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.worker.metricAge(options);
  }

  /** Events of files that failed for good. */
  metricDeadLetters(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.worker.metricDeadLetters(options);
  }
}

const SHAPE: Shape<FileProcessorProps> = {
  handler: MAPPED_HANDLER,
  bucket: BUCKET,
  prefix: text('incoming/'),
  suffix: text('.csv'),
  outputPrefix: text('done/'),
  via: oneOf('event-bridge', 'notification'),
  imported: oneOf('enabled', 'merge'),
  batch: QUEUE_BATCH,
  maxConcurrency: MAX_CONCURRENCY,
  maxAttempts: MAX_ATTEMPTS,
  alarmTopic: TOPIC,
  alarms: alarmSettings('FileProcessor'),
};

function checksOf(scope: Construct, props: FileProcessorProps): Check[] {
  const { prefix = '', suffix = '', outputPrefix } = props;
  return [
    ...queueWorkerChecks(props),
    ...Object.entries({ prefix, suffix, outputPrefix }).map(([prop, value]) => ({
      prop,
      value,
      valid: () => value === undefined || !/[*?]/.test(value),
      rule: 'must not hold a wildcard',
      remedy: 'give the characters with which the keys begin or end',
    })),
    {
      prop: 'prefix',
      value: prefix,
      valid: () => !prefix.startsWith('/'),
      rule: 'must not begin with a slash, with which no usual key begins',
      remedy: `write it as '${prefix.replace(/^\/+/, '')}'`,
    },
    {
      prop: 'outputPrefix',
      value: outputPrefix,
      reads: [prefix],
      valid: () => outputPrefix === undefined || !overlap(prefix, outputPrefix),
      rule: `must not overlap 'prefix' ('${prefix}'), or the handler calls itself with what it writes`,
      remedy: "give the two different prefixes, 'incoming/' and 'done/', or write to another bucket",
    },
    ...bucketChecks(scope, props),
  ];
}

/** What the handler's role says in the end, whoever granted it. */
function loops(processor: FileProcessor, prefix: string): string[] {
  const written = writablePrefixes(processor.handler, processor.bucket).filter((output) => overlap(prefix, output));
  return failuresOf([
    {
      prop: 'handler',
      value: written,
      valid: () => written.length === 0,
      rule: `must not be allowed to write where its files come from ('${prefix}'), or it calls itself with what it writes`,
      remedy: "narrow the permission to another prefix, for example with 'outputPrefix', or write to another bucket",
    },
  ]).map(({ message }) => `${message} (${processor.node.path})`);
}

function overlap(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}
