import * as facts from '../../../../core/facts/event-source';
import type { Range } from '../../../../core/facts/fact';
import type { Deployed } from '../../kernel/deployment';
import type { PatternPlace } from '../../../../core/event-pattern/grammar';
import { number, recordOf, records, text, texts } from '../../kernel/json';
import { filtersOf, type RecordFilter } from './filters';

/** Settings of an event source mapping; times in seconds. */
export interface MappingSettings {
  readonly id: string;
  /** The ARN of the queue or stream. */
  readonly source: string;
  /** The function: a name or ARN, with or without qualifier. */
  readonly functionName: string;
  /** Whether it runs. */
  readonly enabled: boolean;
  /** Maximum records per invocation. */
  readonly batchSize?: number;
  /** The batching window. */
  readonly window: number;
  /** Whether the handler reports which records failed. */
  readonly partial: boolean;
  /** Filters, of which a record must pass one; with none, every record passes. */
  readonly filters: readonly RecordFilter[];
  /** Why the service refuses one of the filters; absent if it does not. */
  readonly filterFault?: string;
  /** Maximum concurrent invocations. */
  readonly maximumConcurrency?: number;
  /** Maximum pollers, if provisioned. */
  readonly provisionedPollers?: number;
  /** Attempts after the first; -1 is forever. */
  readonly retries: number;
  /** Age at which records are discarded; -1 is never. */
  readonly maximumAge: number;
  /** Whether a failed batch is split in two. */
  readonly bisect: boolean;
  /** Concurrent batches per shard. */
  readonly parallelization: number;
  /** Length of a tumbling window; 0 is none. */
  readonly tumblingWindow: number;
  /** The starting position. */
  readonly startingPosition: string;
  /** The starting timestamp, in seconds since the epoch. */
  readonly startingTime?: number;
  /** The ARN of the failure destination. */
  readonly failureDestination?: string;
}

/** A template's settings, with Lambda's defaults. */
export function mappingSettings({ ref, properties }: Deployed): MappingSettings {
  const batchSize = number(properties.BatchSize);
  const maximumConcurrency = number(recordOf(properties.ScalingConfig).MaximumConcurrency);
  const provisionedPollers = number(recordOf(properties.ProvisionedPollerConfig).MaximumPollers);
  const failureDestination = text(recordOf(recordOf(properties.DestinationConfig).OnFailure).Destination);
  const startingTime = number(properties.StartingPositionTimestamp);
  return {
    id: ref,
    source: text(properties.EventSourceArn) ?? '',
    functionName: text(properties.FunctionName) ?? '',
    enabled: properties.Enabled !== false,
    batchSize,
    window: number(properties.MaximumBatchingWindowInSeconds) ?? facts.batchWindow.value.min,
    partial: texts(properties.FunctionResponseTypes).includes('ReportBatchItemFailures'),
    ...filterSettings(properties.FilterCriteria, 'mapping'),
    ...(maximumConcurrency !== undefined && { maximumConcurrency }),
    ...(provisionedPollers !== undefined && { provisionedPollers }),
    retries: number(properties.MaximumRetryAttempts) ?? -1,
    maximumAge: number(properties.MaximumRecordAgeInSeconds) ?? -1,
    bisect: properties.BisectBatchOnFunctionError === true,
    parallelization: number(properties.ParallelizationFactor) ?? 1,
    tumblingWindow: number(properties.TumblingWindowInSeconds) ?? 0,
    startingPosition: text(properties.StartingPosition) ?? 'LATEST',
    ...(startingTime !== undefined && { startingTime }),
    ...(failureDestination !== undefined && { failureDestination }),
  };
}

/** A template's filters, or why one of them is refused. */
export function filterSettings(
  criteria: unknown,
  where: PatternPlace,
): Pick<MappingSettings, 'filters' | 'filterFault'> {
  const sources = records(recordOf(criteria).Filters).map(({ Pattern }) => text(Pattern) ?? '');
  const filters = filtersOf(sources, where);
  return typeof filters === 'string' ? { filters: [], filterFault: filters } : { filters };
}

/** Why Lambda refuses a mapping's numbers, whatever its source; undefined if it accepts them. */
export function rangeFault(settings: MappingSettings): string | undefined {
  const { batchSize, window, maximumConcurrency, parallelization, tumblingWindow } = settings;
  const numbers: readonly (readonly [name: string, value: number | undefined, range: Range])[] = [
    ['BatchSize', batchSize, facts.queueBatch.value],
    ['MaximumBatchingWindowInSeconds', window, facts.batchWindow.value],
    ['ScalingConfig.MaximumConcurrency', maximumConcurrency, facts.maximumConcurrency.value],
    ['ParallelizationFactor', parallelization, facts.parallelization.value],
    ['TumblingWindowInSeconds', tumblingWindow, facts.tumblingWindow.value],
  ];
  const wrong = numbers.find(([, value, { min, max }]) => value !== undefined && (value < min || value > max));
  return wrong && `Lambda refuses it: ${wrong[0]} of ${wrong[1]} is not from ${wrong[2].min} to ${wrong[2].max}`;
}
