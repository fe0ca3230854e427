import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { partOf, PatternConstruct } from '../../lib/aws/pattern-construct';
import { Access } from '../../lib/aws/access/access';
import { grantStatements } from '../../lib/aws/access/apply';
import { Capability } from '../../lib/aws/access/capability';
import type { FileChange } from '../../lib/aws/files/changes';
import { overlap, partsOf } from '../../lib/aws/files/keys';
import { admitToKey } from '../../lib/aws/files/queue-key';
import { type ObjectEvents, throughEventBridge, throughNotification } from '../../lib/aws/files/object-events';
import { privateBucket } from '../../lib/aws/private-bucket';
import { wrappedHandler } from '../../lib/aws/wrapped-handler';
import { changeablePrefixes } from '../../lib/aws/write-loop';
import { failuresOf } from '../../lib/core/check/check';
import { checkPlacedProps } from '../../lib/aws/placed-props';
import { namesBeside } from '../../lib/aws/handler-settings';
import { QUEUE_NAMES } from '../../lib/aws/queue-consumption';
import { changesOf, FILE_PROCESSOR, processorChecks } from '../../lib/aws/files/processor-checks';
import type { FileProcessorProps } from '../../lib/aws/files/processor-props';
import { QueueWorker } from './queue-worker';

/**
 * A function that processes each new file of a bucket, through a queue: a burst of uploads waits instead of throttling, a failed
 * file is retried, and after `maxAttempts` its event waits 14 days in a dead-letter queue.
 * With `on` it also handles deletions. A multipart upload is one event, on completion. S3 delivers events at least once and
 * unordered: compare version or ETag in the handler. Stream files larger than the function's memory.
 * @example
 * new FileProcessor(this, 'Imports', { handler: 'src/import.ts', prefix: 'incoming/', suffix: '.csv' });
 */
export class FileProcessor extends PatternConstruct {
  /** The bucket that is watched. */
  readonly bucket: IBucket;
  /** The queue with its worker and dead-letter queue. */
  readonly worker: QueueWorker;
  /** Processes the files. */
  readonly handler: lambda.IFunction;
  /** Key prefixes of the files processed; a single empty string means all. */
  readonly prefixes: readonly string[];

  /** @throws PatternError when settings contradict each other, or the handler would call itself */
  constructor(scope: Construct, id: string, props: FileProcessorProps) {
    super(scope, id);
    checkPlacedProps(this, props, FILE_PROCESSOR, (typed) => processorChecks(this, typed), namesBeside(QUEUE_NAMES));
    const { outputPrefix, via = 'event-bridge', imported, encryptionKey } = props;
    const changes = changesOf(props);
    this.prefixes = partsOf(props.prefix);

    this.bucket = props.bucket ?? privateBucket(this, 'Bucket', { encryptionKey, lifecycle: props.lifecycle });
    const { batch, maxConcurrency, maxAttempts, alarmTopic, alarms } = props;
    const worker = {
      batch,
      maxConcurrency,
      maxAttempts,
      alarmTopic,
      alarms,
      encryptionKey,
      handler: via === 'notification' ? wrappedHandler(props.handler, 'files/decoded-worker') : props.handler,
    };
    this.worker = partOf(this, () => new QueueWorker(this, 'Worker', worker));
    this.handler = this.worker.handler;
    const files = Access.bucket(this.bucket);
    const ofBucket = { owner: this, prop: () => (props.bucket ? 'bucket' : 'encryptionKey') };
    // The event names the bucket, and the variable of an existing function is not ours to set. Deleted files need no read.
    for (const prefix of changes.includes('created') ? this.prefixes : []) {
      grantStatements(this.handler, 'FILES', files.read({ prefix }).statements, ofBucket);
    }
    if (outputPrefix !== undefined) {
      grantStatements(this.handler, 'OUTPUT', files.write({ prefix: outputPrefix }).statements, ofBucket);
    }

    const { queue, deadLetterQueue } = this.worker;
    const { prefixes } = this;
    const suffixes = partsOf(props.suffix);
    const events: ObjectEvents = { bucket: this.bucket, prefixes, suffixes, changes, queue, deadLetterQueue, imported };
    if (encryptionKey) admitToKey(this, encryptionKey, via === 'event-bridge' ? 'events' : 's3');
    if (via === 'event-bridge') throughEventBridge(this, events);
    else throughNotification(events);
    this.node.addValidation({ validate: () => loops(this, changes) });
  }

  /** `PutObject` below `prefix`, for uploaders. The variable holds the bucket's name. */
  upload(): Capability {
    const [first, ...others] = this.prefixes.map((prefix) => Access.bucket(this.bucket).write({ prefix }));
    const more = new Capability({ variables: {}, statements: others.flatMap(({ statements }) => statements) });
    return others.length === 0 ? first! : first!.and(more);
  }

  /** Failed invocations of the handler; its other metrics are on `worker`. */
  metricErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.worker.metricErrors(options);
  }

  /** Age of the oldest file event, queued or in flight, in seconds. */
  metricAge(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.worker.metricAge(options);
  }

  /** Events of files that failed for good. */
  metricDeadLetters(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.worker.metricDeadLetters(options);
  }
}

/** Prefixes that the handler's role lets it write or delete itself, whoever granted that. */
function loops(processor: FileProcessor, changes: readonly FileChange[]): string[] {
  const { prefixes, handler, bucket } = processor;
  const beginning = prefixes.map((prefix) => `'${prefix}'`).join(', ');
  const within = (what: 'write' | 'delete') =>
    changeablePrefixes(handler, bucket, what).filter((changed) => prefixes.some((prefix) => overlap(prefix, changed)));
  const written = changes.includes('created') ? within('write') : [];
  const deleted = changes.some((change) => change !== 'created') ? within('delete') : [];
  return failuresOf([
    {
      prop: 'handler',
      value: written,
      valid: () => written.length === 0,
      rule: `must not be allowed to write where its files come from (${beginning}): it would trigger itself`,
      remedy: "narrow the permission to another prefix, for example with 'outputPrefix', or write to another bucket",
    },
    {
      prop: 'handler',
      value: deleted,
      valid: () => deleted.length === 0,
      rule: `must not be allowed to delete where it watches for deletions (${beginning}): each deletion is an event, so it would trigger itself`,
      remedy: 'narrow the permission to another prefix, or let another function delete',
    },
  ]).map(({ message }) => `${message} (${processor.node.path})`);
}
