import { randomUUID } from 'node:crypto';
import type { ShardPlace } from '../../kernel/event-source';
import type { JsonRecord } from '../../kernel/json';
import type { Outcome } from '../../lambda/lambda-function';
import type { StreamRecord } from './stream-format';

/** Records that a reader gave up. */
export interface GivenUp {
  /** In order; at least one. */
  readonly batch: readonly StreamRecord[];
  /** What came of the last attempt; absent where there was none. */
  readonly outcome?: Outcome;
  readonly attempts: number;
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
}

/**
 * What the failure destination of a mapping is told: where the records stood.
 * @param functionArn what was called
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export function failureRecord(given: GivenUp, functionArn: string, place: ShardPlace): JsonRecord {
  const { outcome, attempts, condition } = given;
  return {
    requestContext: {
      requestId: outcome?.requestId ?? randomUUID(),
      functionArn,
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
    ...placeOf(given, place),
  };
}

/** Where records stood that were given up, as mappings and pipes say it. */
export function placeOf({ batch }: GivenUp, { shardId, stream, batchInfo }: ShardPlace): JsonRecord {
  const first = batch[0]!;
  const last = batch.at(-1)!;
  return {
    version: '1.0',
    timestamp: new Date().toISOString(),
    [batchInfo]: {
      shardId,
      startSequenceNumber: first.sequence,
      endSequenceNumber: last.sequence,
      approximateArrivalOfFirstRecord: new Date(first.arrival).toISOString(),
      approximateArrivalOfLastRecord: new Date(last.arrival).toISOString(),
      batchSize: batch.length,
      streamArn: stream,
    },
  };
}

/** The key of an object with failed records: `aws/lambda/<mapping>/<shard>/2026/01/31/2026-01-31T08.30.00-<uuid>`. */
export function failureKey(mapping: string, shard: string): string {
  const [day = '', time = ''] = new Date().toISOString().split(/[T.]/);
  return `aws/lambda/${mapping}/${shard}/${day.replaceAll('-', '/')}/${day}T${time.replaceAll(':', '.')}-${randomUUID()}`;
}
