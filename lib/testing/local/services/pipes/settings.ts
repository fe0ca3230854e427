import type { Deployed } from '../../kernel/deployment';
import { type JsonObject, number, recordOf, text } from '../../kernel/json';
import { batchLimit } from './targets';
import { filterSettings, type MappingSettings } from '../event-source-mappings/settings';

/** The settings of a pipe. */
export interface PipeSettings {
  readonly name: string;
  /** The ARN of the queue or stream. */
  readonly source: string;
  /** As given, with null for what is not known. */
  readonly sourceParameters: JsonObject;
  /** How its source is read. */
  readonly reading: MappingSettings;
  /** The ARN of the enrichment, if any. */
  readonly enrichment?: string;
  readonly enrichmentParameters: JsonObject;
  /** The ARN of the target. */
  readonly target: string;
  readonly targetParameters: JsonObject;
  /** The ARN of its role. */
  readonly role: string;
  /** Whether it runs from the start. */
  readonly running: boolean;
}

const QUEUE_BATCH = 10;
const STREAM_BATCH = 100;

/** A template's settings, with the defaults of Pipes. */
export function pipeSettings({ ref, properties, given, arn }: Deployed): PipeSettings {
  const source = text(properties.Source) ?? '';
  const parameters = recordOf(properties.SourceParameters);
  const queue = recordOf(parameters.SqsQueueParameters);
  const stream = recordOf(parameters.KinesisStreamParameters ?? parameters.DynamoDBStreamParameters);
  const own = isQueue(source) ? queue : stream;
  const startingTime = secondsOf(stream.StartingPositionTimestamp);
  const failureDestination = text(recordOf(stream.DeadLetterConfig).Arn);
  const enrichment = text(properties.Enrichment);
  const target = text(properties.Target) ?? '';
  const single = [target, enrichment ?? target].some((arn) => batchLimit(arn) === 1);
  return {
    name: ref,
    source,
    sourceParameters: recordOf(given.SourceParameters),
    reading: {
      id: arn,
      source,
      functionName: '',
      enabled: true,
      batchSize: number(own.BatchSize) ?? (single ? 1 : isQueue(source) ? QUEUE_BATCH : STREAM_BATCH),
      window: number(own.MaximumBatchingWindowInSeconds) ?? 0,
      partial: true,
      ...filterSettings(parameters.FilterCriteria, 'pipe'),
      retries: number(stream.MaximumRetryAttempts) ?? -1,
      maximumAge: number(stream.MaximumRecordAgeInSeconds) ?? -1,
      bisect: stream.OnPartialBatchItemFailure === 'AUTOMATIC_BISECT',
      parallelization: number(stream.ParallelizationFactor) ?? 1,
      tumblingWindow: 0,
      startingPosition: text(stream.StartingPosition) ?? 'LATEST',
      ...(startingTime !== undefined && { startingTime }),
      ...(failureDestination !== undefined && { failureDestination }),
    },
    enrichment,
    enrichmentParameters: recordOf(properties.EnrichmentParameters),
    target,
    targetParameters: recordOf(properties.TargetParameters),
    role: text(properties.RoleArn) ?? '',
    running: properties.DesiredState !== 'STOPPED',
  };
}

/** A time in seconds, or as CloudFormation takes it: as a date. */
function secondsOf(time: unknown): number | undefined {
  return number(time) ?? number(Date.parse(text(time) ?? '') / 1000);
}

/** Whether an ARN is that of a queue. */
export function isQueue(arn: string): boolean {
  return arn.includes(':sqs:');
}
