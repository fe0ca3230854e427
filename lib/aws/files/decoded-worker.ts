import type { Context, S3Event, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { handler as work } from 'lintel:handler';
import { decodedKey } from '../../core/object-key';

/**
 * The handler of files that a bucket tells of by its own notifications: keys are decoded, as EventBridge has them, and the
 * test event, which S3 sends when a notification is configured, is dropped: it tells of no file.
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

/** A message that somebody else put into the queue is the handler's to judge. */
function parsed(body: string): (Partial<S3Event> & { Event?: string }) | undefined {
  try {
    return JSON.parse(body) as Partial<S3Event>;
  } catch {
    return undefined;
  }
}
