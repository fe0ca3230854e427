import { randomUUID } from 'node:crypto';
import type { FunctionTarget } from '../../lambda/functions';
import type { JsonRecord } from '../../kernel/json';
import type { Outcome } from '../../lambda/lambda-function';
import type { MappingSettings } from './settings';
import type { StreamFormat, StreamRecord } from './stream-format';

/** Records that a mapping gave up. */
export interface GivenUp {
  /** In order; at least one. */
  readonly batch: readonly StreamRecord[];
  /** What came of the last attempt; absent where there was none. */
  readonly outcome?: Outcome;
  readonly attempts: number;
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
}

/**
 * What a failure destination is told: where the records stood, and in a bucket also the records.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export function failureRecord(
  { batch, outcome, attempts, condition }: GivenUp,
  target: FunctionTarget,
  { source }: MappingSettings,
  { shardId, format }: { readonly shardId: string; readonly format: StreamFormat },
): JsonRecord {
  const first = batch[0]!;
  const last = batch.at(-1)!;
  const info = {
    shardId,
    startSequenceNumber: first.sequence,
    endSequenceNumber: last.sequence,
    approximateArrivalOfFirstRecord: new Date(first.arrival).toISOString(),
    approximateArrivalOfLastRecord: new Date(last.arrival).toISOString(),
    batchSize: batch.length,
    streamArn: source,
  };
  return {
    requestContext: {
      requestId: outcome?.requestId ?? randomUUID(),
      functionArn: target.arn,
      condition,
      approximateInvokeCount: attempts,
    },
    ...(outcome && {
      responseContext: {
        statusCode: 200,
        executedVersion: outcome.version,
        ...(outcome.error && { functionError: 'Unhandled' }),
      },
    }),
    version: '1.0',
    timestamp: new Date().toISOString(),
    [format.batchInfo]: info,
  };
}

/** The key of an object with failed records: `aws/lambda/<mapping>/<shard>/2026/01/31/2026-01-31T08.30.00-<uuid>`. */
export function failureKey(mapping: string, shard: string): string {
  const [day = '', time = ''] = new Date().toISOString().split(/[T.]/);
  return `aws/lambda/${mapping}/${shard}/${day.replaceAll('-', '/')}/${day}T${time.replaceAll(':', '.')}-${randomUUID()}`;
}
