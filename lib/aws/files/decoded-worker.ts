import type { Context, S3Event, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { handler as work } from 'lintel:handler';
import { decodedKey } from '../../core/object-key';

/**
 * Handler of a bucket's own notifications: decodes keys, as EventBridge does, and drops the test event
 * that S3 sends when notifications are configured.
 */
export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse | void> {
  const Records = event.Records.flatMap((record) => decoded(record) ?? []);
  return Records.length === 0 ? { batchItemFailures: [] } : work({ ...event, Records }, context);
}

function decoded(record: SQSRecord): SQSRecord | undefined {
  const body = parsed(record.body);
  if (body === undefined) return record;
  if (body.Event === 's3:TestEvent') return undefined;
  if (!Array.isArray(body.Records)) return record;
  for (const { s3 } of body.Records) s3.object.key = decodedKey(s3.object.key);
  return { ...record, body: JSON.stringify(body) };
}

/** A message sent to the queue by anything else is left to the handler. */
function parsed(body: string): (Partial<S3Event> & { Event?: string }) | undefined {
  try {
    return JSON.parse(body) as Partial<S3Event>;
  } catch {
    return undefined;
  }
}
