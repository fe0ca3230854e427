import { randomUUID } from 'node:crypto';
import type { ShardPlace } from '../../kernel/event-source';
import type { JsonObject } from '../../kernel/json';
import type { Outcome } from '../../lambda/lambda-function';
import type { StreamRecord } from './stream-format';

/** Discarded records. */
export interface GivenUp {
  /** In order; at least one. */
  readonly batch: readonly StreamRecord[];
  /** The result of the last attempt; absent if there was none. */
  readonly outcome?: Outcome;
  readonly attempts: number;
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
}

/**
 * The message to a mapping's failure destination: the position of the records.
 * @param functionArn the invoked function
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export function failureRecord(given: GivenUp, functionArn: string, place: ShardPlace): JsonObject {
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

/** The position of discarded records, as mappings and pipes report it. */
export function placeOf({ batch }: GivenUp, { shardId, stream, batchInfo }: ShardPlace): JsonObject {
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
