import { Duration, Names } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { HandlerConstruct } from '../../lib/aws/alarms/handler-construct';
import { iteratorAgeOf } from '../../lib/aws/alarms/of-function';
import { waitingLetters } from '../../lib/aws/alarms/of-delivery';
import { acknowledge } from '../../lib/aws/acknowledge';
import { deadLetterQueue } from '../../lib/aws/dead-letter-queue';
import { type FailureDestination, isBucket } from '../../lib/aws/failure-destination';
import { namesBeside } from '../../lib/aws/handler-settings';
import { alarmsOf, besideHandler } from '../../lib/aws/handler-side';
import { handlerOf } from '../../lib/aws/service-function';
import { streamMapping } from '../../lib/aws/stream-mapping';
import { MAX_AGE, STREAM_NAMES, STREAM_PROCESSOR, streamChecks } from '../../lib/aws/stream-processor-checks';
import type { StreamProcessorProps } from '../../lib/aws/stream-processor-props';
import { tooManyReaders } from '../../lib/aws/stream-readers';
import { isTable, type StreamSource } from '../../lib/aws/stream-source';
import { checkPlacedProps } from '../../lib/aws/placed-props';

/**
 * A function on a stream, in which no record blocks the others: retries and age are bounded, a failed batch is bisected
 * until the bad record is alone, the handler reports which records failed, and what is given up goes to a failure
 * destination. By default Lambda retries a bad batch until it expires from the stream, a day later.
 *
 * Mappings on one stream are counted across the app: a table's stream supports two readers per shard, a global table's one,
 * a Kinesis stream five. One more would throttle them all, and is refused at synthesis. Those with `enhancedFanOut` do not
 * count; a stream allows twenty of them.
 * @example
 * new StreamProcessor(this, 'Clicks', { handler: 'src/count-clicks.ts', batch: { size: 1000, window: Duration.seconds(5) } });
 */
export class StreamProcessor extends HandlerConstruct {
  /** Processes the records. */
  readonly handler: lambda.IFunction;
  /** The stream or table the records come from. */
  readonly source: StreamSource;
  /** The handler's registered consumer; undefined without `enhancedFanOut`. */
  readonly consumer?: kinesis.IStreamConsumer;
  /** Reads the source and calls the handler. */
  readonly mapping: lambda.EventSourceMapping;
  /** Where records that were given up go. */
  readonly failures: FailureDestination;
  /** Alarms on the handler, its lag, and the depth of a failure queue. */
  readonly alarms: readonly cloudwatch.Alarm[];

  /** @throws PatternError when a setting is outside the service's limits, or the table has no stream */
  constructor(scope: Construct, id: string, props: StreamProcessorProps) {
    super(scope, id);
    checkPlacedProps(this, props, STREAM_PROCESSOR, (given) => streamChecks(this, given), namesBeside(STREAM_NAMES));

    this.source = props.source ?? ownStream(this, props);
    if (props.enhancedFanOut && !isTable(this.source)) {
      this.consumer = props.enhancedFanOut === true ? consumerOf(this, this.source) : props.enhancedFanOut;
    }
    this.failures = props.failures ?? failureQueue(this, props.encryptionKey);
    this.handler = handlerOf(this, 'Handler', props.handler, { onFailure: 'none' });
    const side = besideHandler(this, this.handler);
    this.mapping = streamMapping(
      side,
      'Mapping',
      {
        handler: this.handler,
        source: this.source,
        consumer: this.consumer,
        failures: this.failures,
        batch: props.batch,
        maxAttempts: props.maxAttempts ?? 5,
        maxAge: props.maxAge ?? MAX_AGE,
        filters: props.filters,
        options: {
          startingPosition: props.startingPosition ?? lambda.StartingPosition.TRIM_HORIZON,
          parallelizationFactor: props.parallelization,
          tumblingWindow: props.tumblingWindow,
        },
      },
      this,
      props.source ? 'source' : 'encryptionKey',
    );

    const alarms = alarmsOf(this, side, { topic: props.alarmTopic, settings: props.alarms });
    this.alarms = [
      ...alarms.beside.function(this.handler),
      ...alarms.beside.lag(this.handler, Duration.minutes(5)),
      ...(isBucket(this.failures) ? [] : alarms.own.deadLetters(this.failures)),
    ];
    this.node.addValidation({ validate: () => tooManyReaders(this, 'source', this.source, remedyOf(this.source)) });
  }

  /** Milliseconds that the oldest record of a batch has waited. */
  metricAge(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return iteratorAgeOf(this.handler, options);
  }

  /**
   * Batches that were given up, in a failure queue.
   * @throws PatternError when failures go to a bucket
   */
  metricDeadLetters(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    const queue = isBucket(this.failures) ? undefined : this.failures;
    return waitingLetters(this, queue, "leave 'failures' out, or pass a queue", options);
  }
}

const PASS_ON = 'let one reader pass the records on to the others, through an EventHub or a topic';

function remedyOf(source: StreamSource): string {
  return isTable(source) ? PASS_ON : `give readers dedicated throughput with 'enhancedFanOut: true', or ${PASS_ON}`;
}

/** cdk-nag recognises a dead-letter queue by the queue that redrives to it; a stream is not a queue. */
function failureQueue(scope: Construct, encryptionMasterKey?: IKey): sqs.Queue {
  const queue = deadLetterQueue(scope, 'DeadLetterQueue', { encryptionMasterKey });
  acknowledge(queue, {
    'AwsSolutions::AwsSolutions-SQS3': 'This queue is itself where failed batches of a stream end: nothing consumes it',
  });
  return queue;
}

/** On demand: nothing to size, and no charge for idle shards. */
function ownStream(scope: Construct, { retention, encryptionKey }: StreamProcessorProps): kinesis.Stream {
  return new kinesis.Stream(scope, 'Stream', {
    streamMode: kinesis.StreamMode.ON_DEMAND,
    encryption: encryptionKey ? kinesis.StreamEncryption.KMS : kinesis.StreamEncryption.MANAGED,
    encryptionKey,
    retentionPeriod: retention,
  });
}

/** Named after its construct path, since consumer names must be unique within a stream. */
function consumerOf(scope: Construct, stream: kinesis.IStream): kinesis.StreamConsumer {
  const streamConsumerName = Names.uniqueResourceName(scope, { maxLength: 128, separator: '-' });
  return new kinesis.StreamConsumer(scope, 'Consumer', { stream, streamConsumerName });
}
