import { Duration, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Check } from '../core/check/check';
import { duration, either, flag, having, oneOf, whole } from '../core/check/kinds';
import type { Shape } from '../core/check/shape';
import * as facts from '../core/facts/event-source';
import { kinesisRetention, tableStreamRetention } from '../core/facts/streams';
import { elsewhere, nameOf } from './access/place';
import { ageChecks, handlerAlarmChecks } from './alarms/settings-checks';
import { alarmSettings } from './alarms/settings-shape';
import { FILTERS, filterCount } from './filters';
import { MAPPED_HANDLER } from './handler-settings';
import { KEY, TOPIC } from './resource-kinds';
import { STREAM_BATCH } from './stream-mapping';
import type { StreamProcessorProps } from './stream-processor-props';
import { isTable, streamArnOf } from './stream-source';

/** Default age at which a record is given up. */
export const MAX_AGE = Duration.hours(12);

/** In seconds. */
const HOUR = 3600;

/** Shape of a `StreamProcessor`'s props. */
export const STREAM_PROCESSOR: Shape<StreamProcessorProps> = {
  handler: MAPPED_HANDLER,
  source: having('a Kinesis stream, or a table', ['streamArn', 'tableArn'], (value) =>
    typeof value === 'string' && value.startsWith('arn:')
      ? `pass the stream: Stream.fromStreamArn(this, 'Clicks', '${value}')`
      : 'pass the stream or the table itself',
  ),
  retention: duration({ min: HOUR * kinesisRetention.value.min, max: HOUR * kinesisRetention.value.max }),
  encryptionKey: KEY,
  enhancedFanOut: either(
    'must be true, or a consumer of the stream',
    () => "write true, which makes a consumer, or pass one: StreamConsumer.fromStreamConsumerArn(this, 'Fan', arn)",
    flag,
    having('a consumer', 'streamConsumerArn', "pass it: StreamConsumer.fromStreamConsumerArn(this, 'Fan', arn)"),
  ),
  batch: STREAM_BATCH,
  parallelization: whole(facts.parallelization.value),
  maxAttempts: whole({ min: facts.streamRetries.value.min + 1, max: facts.streamRetries.value.max + 1 }),
  maxAge: duration(facts.streamRecordAge.value),
  filters: FILTERS,
  tumblingWindow: duration(facts.tumblingWindow.value),
  failures: having('a queue, or a bucket', ['queueArn', 'bucketArn'], 'pass the queue or the bucket itself'),
  startingPosition: oneOf('TRIM_HORIZON', 'LATEST'),
  alarmTopic: TOPIC,
  alarms: alarmSettings('StreamProcessor'),
};

/** CDK's names for an event source's props, and their equivalents here. */
export const STREAM_NAMES = {
  batchSize: "write 'batch: { size: ... }'",
  maxBatchingWindow: "write 'batch: { window: ... }'",
  parallelizationFactor: "write 'parallelization'",
  retryAttempts: "write 'maxAttempts', which counts the first attempt too",
  maxRecordAge: "write 'maxAge'",
  bisectBatchOnError: 'leave it out: it is always on',
  reportBatchItemFailures: 'leave it out: it is always on',
  onFailure: "write 'failures'",
  retentionPeriod: "write 'retention'",
  consumer: "write 'enhancedFanOut: true', which creates one",
  maxLag: "write 'alarms: { age: ... }'",
};

/** Checks of a `StreamProcessor`'s props. */
export function streamChecks(scope: Construct, props: StreamProcessorProps): Check[] {
  const { handler, batch, maxAge = MAX_AGE, alarms } = props;
  return [
    ...sourceChecks(props),
    ...handlerAlarmChecks(handler, alarms),
    ...keptChecks(props),
    ...ageChecks(alarms, { window: batch?.window, kept: maxAge, by: "'maxAge'" }),
    ...fanOutChecks(scope, props),
  ];
}

/** Checks against the stream's retention; unknown for a team's own Kinesis stream. */
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
      remedy: "remove it, or set it where 'source' is created",
    })),
    {
      prop: 'maxAge',
      value: maxAge,
      reads: [kept],
      valid: () => maxAge === undefined || !known || maxAge.toMilliseconds() < kept.toMilliseconds(),
      rule: `must be less than the ${kept.isUnresolved() ? 'time' : kept.toHumanString()} for which the stream keeps a record, or it is silently dropped`,
      remedy: source === undefined ? "shorten it, or lengthen 'retention'" : 'shorten it',
    },
  ];
}

/** Kinesis registers consumers only for its own streams, in the stream's account and region. */
function fanOutChecks(scope: Construct, { source, enhancedFanOut }: StreamProcessorProps): Check[] {
  if (!enhancedFanOut) return [];
  const existing = enhancedFanOut === true ? undefined : enhancedFanOut.streamConsumerArn;
  const row = { prop: 'enhancedFanOut', value: existing ?? true };
  if (source === undefined) {
    const rule = "must be true without 'source', since a stream that is made here has no consumer yet";
    return [
      { ...row, valid: () => existing === undefined, rule, remedy: "pass the stream of the consumer in 'source'" },
    ];
  }
  return [
    {
      ...row,
      valid: () => !isTable(source),
      rule: 'must not be given with a table, whose stream has no dedicated consumers',
      remedy:
        "leave it out, or let the table feed a Kinesis stream ('kinesisStream' of TableV2) and pass that as 'source'",
    },
    {
      ...row,
      valid: () => !elsewhere(Stack.of(scope).env, source.env),
      rule: `must be used where the stream is, which is in ${nameOf(source.env)}: only the owner of a stream creates its consumers`,
      remedy: 'leave it out, or move the StreamProcessor there',
    },
    {
      ...row,
      valid: () =>
        enhancedFanOut === true || isTable(source) || sameStream(enhancedFanOut.stream.streamArn, source.streamArn),
      rule: "must be a consumer of 'source'",
      remedy: "pass a consumer of that stream, or its stream in 'source'",
    },
  ];
}

/** An ARN that is known only at deployment is not said to be of another stream. */
function sameStream(one: string, other: string): boolean {
  return one === other || Token.isUnresolved(one) || Token.isUnresolved(other);
}

function sourceChecks({ source, filters = [] }: StreamProcessorProps): Check[] {
  const table = source !== undefined && isTable(source);
  return [
    {
      prop: 'source',
      value: source,
      valid: () => source === undefined || streamArnOf(source) !== undefined,
      rule: 'must have a stream',
      remedy: "set the table's 'stream' to what the handler needs, for example NEW_AND_OLD_IMAGES",
    },
    filterCount(filters),
    {
      prop: 'filters',
      value: filters,
      valid: () => !table || !JSON.stringify(filters).includes('"numeric":'),
      rule: "must not use 'numeric' on a table's stream, where numbers are strings and it never matches",
      remedy: "compare strings, for example { N: ['5'] }, or filter in the handler",
    },
  ];
}
