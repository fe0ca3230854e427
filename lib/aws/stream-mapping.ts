import type { Duration } from 'aws-cdk-lib';
import type { IStreamConsumer } from 'aws-cdk-lib/aws-kinesis';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { check } from '../core/check/check';
import { duration, object, whole } from '../core/check/kinds';
import * as facts from '../core/facts/event-source';
import { grantStatements } from './access/apply';
import { type FailureDestination, failureStatements, nearFailures, onFailure } from './failure-destination';
import { triggerOf } from './service-function';
import { readStatements, streamArnOf, type StreamSource } from './stream-source';

/** How records are batched into one invocation. */
export interface StreamBatch {
  /**
   * Most records per invocation: 1 to 10,000; at most 6 MB in any case.
   * @default 100
   */
  readonly size?: number;
  /**
   * How long to gather records for one invocation: 0 to 5 minutes.
   * @default - no waiting
   */
  readonly window?: Duration;
}

/** Shape of a `StreamBatch`. */
export const STREAM_BATCH = object<StreamBatch>(
  { size: whole(facts.streamBatch.value), window: duration(facts.batchWindow.value) },
  '{ size: 1000, window: Duration.seconds(5) }',
  { batchSize: "write 'size'", maxBatchingWindow: "write 'window'" },
);

/** What to read, with which handler, and where failed batches go. */
export interface StreamReading {
  /** Processes the records. */
  readonly handler: lambda.IFunction;
  /** The stream or table to read. */
  readonly source: StreamSource;
  /**
   * The registered consumer to read with.
   * @default - shared throughput
   */
  readonly consumer?: IStreamConsumer;
  /** Where batches that were given up go. */
  readonly failures: FailureDestination;
  /** How records are batched. */
  readonly batch?: StreamBatch;
  /** Attempts per record, including the first. */
  readonly maxAttempts: number;
  /** Age at which a record is given up. */
  readonly maxAge: Duration;
  /** Which records the handler gets. */
  readonly filters?: readonly Readonly<Record<string, unknown>>[];
  /** Further settings of the mapping. */
  readonly options?: Partial<lambda.EventSourceMappingOptions>;
}

/**
 * A mapping in which no record blocks the others: retries and age are bounded, a failed batch is bisected until the bad
 * record is alone, the handler reports which records failed, and what is given up goes to a failure destination.
 * @param owner the user's construct
 * @param prop where the user gave the stream, or its key
 */
export function streamMapping(
  scope: Construct,
  id: string,
  reading: StreamReading,
  owner: Construct = scope,
  prop = 'source',
): lambda.EventSourceMapping {
  const { handler, source, consumer, failures, batch, filters } = reading;
  check(owner, nearFailures(handler.env, 'failures', failures));
  const statements = [...readStatements(source, consumer), ...failureStatements(failures)];
  grantStatements(handler, 'SOURCE', statements, { owner, prop: () => prop });
  return new lambda.EventSourceMapping(scope, id, {
    target: triggerOf(handler),
    eventSourceArn: consumer?.streamConsumerArn ?? streamArnOf(source),
    startingPosition: lambda.StartingPosition.TRIM_HORIZON,
    batchSize: batch?.size ?? 100,
    maxBatchingWindow: batch?.window,
    retryAttempts: reading.maxAttempts - 1,
    maxRecordAge: reading.maxAge,
    bisectBatchOnError: true,
    reportBatchItemFailures: true,
    filters: filters?.length ? filters.map((filter) => lambda.FilterCriteria.filter(filter)) : undefined,
    onFailure: onFailure(failures),
    supportS3OnFailureDestination: true,
    ...reading.options,
  });
}
