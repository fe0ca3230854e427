import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { handler as work } from 'lintel:handler';
import { verify } from './verify';

/**
 * The handler of a webhook's worker: hands over what its sender has signed, and drops the rest with a line in the log. To
 * try a forged message again cannot help, and a dead-letter queue that anybody can fill is of no use.
 */
export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse | void> {
  const faults = await Promise.all(event.Records.map(faultOf));
  for (const [index, fault] of faults.entries()) {
    const { messageId } = event.Records[index]!;
    if (fault !== undefined) {
      process.stdout.write(`${JSON.stringify({ level: 'WARN', message: `webhook dropped: ${fault}`, messageId })}\n`);
    }
  }
  const signed = event.Records.filter((_, index) => faults[index] === undefined);
  return signed.length === 0 ? { batchItemFailures: [] } : work({ ...event, Records: signed }, context);
}

function faultOf({ body, messageAttributes, attributes }: SQSRecord): Promise<string | undefined> {
  return verify({
    body,
    signature: messageAttributes.signature?.stringValue,
    timestamp: messageAttributes.timestamp?.stringValue,
    // A message may have waited for days; what counts is when it came.
    receivedAt: Number(attributes.SentTimestamp) / 1000,
  });
}
