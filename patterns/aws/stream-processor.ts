import { Duration, Names, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { iteratorAgeOf, watchedFunction } from '../../lib/aws/alarms/of-function';
import { waitingLetters } from '../../lib/aws/alarms/of-delivery';
import { ageChecks, handlerAlarmChecks } from '../../lib/aws/alarms/settings-checks';
import { alarmSettings } from '../../lib/aws/alarms/settings-shape';
import type { AlarmsOf } from '../../lib/aws/alarms/watched-by';
import { elsewhere } from '../../lib/aws/access/place';
import { acknowledge } from '../../lib/aws/acknowledge';
import { deadLetterQueue } from '../../lib/aws/dead-letter-queue';
import { type FailureDestination, isBucket } from '../../lib/aws/failure-destination';
import { FILTERS } from '../../lib/aws/filters';
import { MAPPED_HANDLER, namesBeside } from '../../lib/aws/handler-settings';
import { alarmsOf, besideHandler } from '../../lib/aws/handler-side';
import { KEY, TOPIC } from '../../lib/aws/resource-kinds';
import { handlerOf } from '../../lib/aws/service-function';
import type { FunctionSource } from '../../lib/aws/service-function-props';
import { type StreamBatch, STREAM_BATCH, streamMapping } from '../../lib/aws/stream-mapping';
import { tooManyReaders } from '../../lib/aws/stream-readers';
import { isTable, streamArnOf, type StreamSource } from '../../lib/aws/stream-source';
import type { Check } from '../../lib/core/check/check';
import { duration, flag, having, oneOf, whole } from '../../lib/core/check/kinds';
import { checkProps, type Shape } from '../../lib/core/check/shape';
import * as facts from '../../lib/core/facts/event-source';
import { kinesisRetention, tableStreamRetention } from '../../lib/core/facts/streams';

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

/**
 * A function on a stream, in which no record blocks the others: attempts and age are bounded, a failed batch is halved
 * until the bad record stands alone, the handler reports which records failed, and what is given up goes to a failure
 * destination. Lambda's own defaults repeat a bad batch until the stream has dropped it, a day later.
 *
 * Mappings on one stream are counted over the whole app: a table's stream bears two readers a shard, a global table's one,
 * a Kinesis stream five. One more throttles them all, and is refused at synthesis. Those with `enhancedFanOut` do not count;
 * of them a stream has twenty.
 * @example
 * new StreamProcessor(this, 'Clicks', { handler: 'src/count-clicks.ts', batch: { size: 1000, window: Duration.seconds(5) } });
 */
export class StreamProcessor extends Construct {
  /** What works on the records. */
  readonly handler: lambda.IFunction;
  /** Where the records come from. */
  readonly source: StreamSource;
  /** By which the handler reads the stream; undefined without `enhancedFanOut`. */
  readonly consumer?: kinesis.IStreamConsumer;
  /** Reads the source and calls the handler. */
  readonly mapping: lambda.EventSourceMapping;
  /** Where records go that were given up. */
  readonly failures: FailureDestination;
  /** The handler's alarms, its lag, and what waits in a failure queue. */
  readonly alarms: readonly cloudwatch.Alarm[];

  /** @throws PatternError when a setting is outside the service's limits, or the table has no stream */
  constructor(scope: Construct, id: string, props: StreamProcessorProps) {
    super(scope, id);
    checkProps(this, props, SHAPE, (given) => [...checksOf(given), ...fanOutChecks(this, given)], namesBeside(NAMES));

    this.source = props.source ?? ownStream(this, props);
    if (props.enhancedFanOut && !isTable(this.source)) this.consumer = consumerOf(this, this.source);
    this.failures = props.failures ?? failureQueue(this, props.encryptionKey);
    this.handler = handlerOf(this, 'Handler', props.handler, { onFailure: 'none' });
    const side = besideHandler(this, this.handler);
    this.mapping = streamMapping(side, 'Mapping', {
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
    });

    const alarms = alarmsOf(this, side, { topic: props.alarmTopic, settings: props.alarms });
    this.alarms = [
      ...alarms.beside.function(this.handler),
      ...alarms.beside.lag(this.handler, Duration.minutes(5)),
      ...(isBucket(this.failures) ? [] : alarms.own.deadLetters(this.failures)),
    ];
    this.node.addValidation({ validate: () => tooManyReaders(this, 'source', this.source, remedyOf(this.source)) });
  }

  /** How often the handler was called. */
  metricInvocations(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return watchedFunction(this.handler).metricInvocations(options);
  }

  /** Invocations that failed. */
  metricErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return watchedFunction(this.handler).metricErrors(options);
  }

  /** Invocations that were refused, for too many running at once. */
  metricThrottles(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return watchedFunction(this.handler).metricThrottles(options);
  }

  /** Milliseconds that an invocation took, on average. */
  metricDuration(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return watchedFunction(this.handler).metricDuration(options);
  }

  /** Milliseconds for which the oldest record of a batch has waited. */
  metricAge(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return iteratorAgeOf(this.handler, options);
  }

  /**
   * Batches that were given up, in a failure queue.
   * @throws PatternError where failures go to a bucket
   */
  metricDeadLetters(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    const queue = isBucket(this.failures) ? undefined : this.failures;
    return waitingLetters(this, queue, "leave 'failures' out, or pass a queue", options);
  }
}

const MAX_AGE = Duration.hours(12);

const PASS_ON = 'let one reader pass the records on to the others, through an EventHub or a topic';

function remedyOf(source: StreamSource): string {
  return isTable(source) ? PASS_ON : `give readers throughput of their own with 'enhancedFanOut: true', or ${PASS_ON}`;
}

/** cdk-nag knows a dead-letter queue by the queue that redrives to it, and a stream is none. */
function failureQueue(scope: Construct, encryptionMasterKey?: IKey): sqs.Queue {
  const queue = deadLetterQueue(scope, 'DeadLetterQueue', { encryptionMasterKey });
  acknowledge(queue, {
    'AwsSolutions::AwsSolutions-SQS3': 'This queue is itself where failed batches of a stream end: nothing consumes it',
  });
  return queue;
}

/** On demand: nothing is to be sized, and nothing is paid for shards that idle. */
function ownStream(scope: Construct, { retention, encryptionKey }: StreamProcessorProps): kinesis.Stream {
  return new kinesis.Stream(scope, 'Stream', {
    streamMode: kinesis.StreamMode.ON_DEMAND,
    encryption: encryptionKey ? kinesis.StreamEncryption.KMS : kinesis.StreamEncryption.MANAGED,
    encryptionKey,
    retentionPeriod: retention,
  });
}

/** Named, as Kinesis wants it, by where it stands: no two readers of a stream have one name. */
function consumerOf(scope: Construct, stream: kinesis.IStream): kinesis.StreamConsumer {
  const streamConsumerName = Names.uniqueResourceName(scope, { maxLength: 128, separator: '-' });
  return new kinesis.StreamConsumer(scope, 'Consumer', { stream, streamConsumerName });
}

/** In seconds. */
const HOUR = 3600;

const SHAPE: Shape<StreamProcessorProps> = {
  handler: MAPPED_HANDLER,
  source: having('a Kinesis stream, or a table', ['streamArn', 'tableArn'], (value) =>
    typeof value === 'string' && value.startsWith('arn:')
      ? `pass the stream: Stream.fromStreamArn(this, 'Clicks', '${value}')`
      : 'pass the stream or the table itself',
  ),
  retention: duration({ min: HOUR * kinesisRetention.value.min, max: HOUR * kinesisRetention.value.max }),
  encryptionKey: KEY,
  enhancedFanOut: flag,
  batch: STREAM_BATCH,
  parallelization: whole(facts.parallelization.value),
  maxAttempts: whole({ min: facts.streamRetries.value.min + 1, max: facts.streamRetries.value.max + 1 }),
  maxAge: duration(facts.streamRecordAge.value),
  filters: FILTERS,
  tumblingWindow: duration(facts.tumblingWindow.value),
  failures: having('a queue, or a bucket', ['queueArn', 'bucketArn'], 'pass the queue or the bucket itself'),
  startingPosition: oneOf('TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP'),
  alarmTopic: TOPIC,
  alarms: alarmSettings('StreamProcessor'),
};

/** Names of CDK's event source, and what says the same here. */
const NAMES = {
  batchSize: "write 'batch: { size: ... }'",
  maxBatchingWindow: "write 'batch: { window: ... }'",
  parallelizationFactor: "write 'parallelization'",
  retryAttempts: "write 'maxAttempts', which counts the first attempt too",
  maxRecordAge: "write 'maxAge'",
  bisectBatchOnError: 'leave it out: it is always on',
  reportBatchItemFailures: 'leave it out: it is always on',
  onFailure: "write 'failures'",
  retentionPeriod: "write 'retention'",
  consumer: "write 'enhancedFanOut: true', which makes one",
  maxLag: "write 'alarms: { age: ... }'",
};

function checksOf(props: StreamProcessorProps): Check[] {
  const { handler, batch, maxAge = MAX_AGE, alarms } = props;
  return [
    ...sourceChecks(props),
    ...handlerAlarmChecks(handler, alarms),
    ...keptChecks(props),
    ...ageChecks(alarms, { window: batch?.window, kept: maxAge, by: "'maxAge'" }),
  ];
}

/** How long records are there at all; of a team's own Kinesis stream nobody knows. */
function keptChecks({ source, retention, encryptionKey, maxAge }: StreamProcessorProps): Check[] {
  const day = Duration.hours(source === undefined ? kinesisRetention.value.min : tableStreamRetention.value);
  const kept = retention ?? day;
  const known = source === undefined || isTable(source);
  return [
    ...Object.entries({ retention, encryptionKey }).map(([prop, value]) => ({
      prop,
      value,
      valid: () => source === undefined || value === undefined,
      rule: "must not be given with 'source', which has its own",
      remedy: "remove it, or set it where 'source' is made",
    })),
    {
      prop: 'maxAge',
      value: maxAge,
      reads: [kept],
      valid: () => maxAge === undefined || !known || maxAge.toSeconds() < kept.toSeconds(),
      rule: `must be less than the ${kept.isUnresolved() ? 'time' : kept.toHumanString()} for which the stream keeps a record, or it is dropped and nobody is told`,
      remedy: source === undefined ? "shorten it, or lengthen 'retention'" : 'shorten it',
    },
  ];
}

/** Kinesis registers consumers of its own streams, for the account and the region that has the stream. */
function fanOutChecks(scope: Construct, { source, enhancedFanOut }: StreamProcessorProps): Check[] {
  if (!enhancedFanOut || source === undefined) return [];
  const row = { prop: 'enhancedFanOut', value: enhancedFanOut };
  const { account, region } = source.env;
  return [
    {
      ...row,
      valid: () => !isTable(source),
      rule: 'must not be given with a table, whose stream has no consumers of its own',
      remedy:
        "leave it out, or let the table feed a Kinesis stream ('kinesisStream' of TableV2) and pass that as 'source'",
    },
    {
      ...row,
      valid: () => !elsewhere(Stack.of(scope).env, source.env),
      rule: `must be used where the stream is, which is in ${region} of account ${account}: a consumer is made by the owner of its stream`,
      remedy: 'leave it out, or move the StreamProcessor there',
    },
  ];
}

function sourceChecks({ source, filters = [] }: StreamProcessorProps): Check[] {
  const table = source !== undefined && isTable(source);
  return [
    {
      prop: 'source',
      value: source,
      valid: () => source === undefined || streamArnOf(source) !== undefined,
      rule: 'must have a stream',
      remedy: "set 'stream' of the table to what the handler needs of a change, for example NEW_AND_OLD_IMAGES",
    },
    {
      prop: 'filters',
      value: filters.length,
      valid: () => filters.length <= facts.filters.value,
      rule: `must be at most ${facts.filters.value}`,
      remedy: `join patterns: a key takes a list of values (AWS raises the quota to ${facts.filtersRaised.value} on request)`,
    },
    {
      prop: 'filters',
      value: filters,
      valid: () => !table || !JSON.stringify(filters).includes('"numeric":'),
      rule: "must not use 'numeric' on a table's stream, where numbers are texts and it never matches",
      remedy: "compare texts, for example { N: ['5'] }, or filter in the handler",
    },
  ];
}
