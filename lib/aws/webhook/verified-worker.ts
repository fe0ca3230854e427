import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { handler as work } from 'lintel:handler';
import { ATTRIBUTES } from './attributes';
import { verify } from './verify';

/**
 * Handler of a webhook's worker: passes on requests with a valid signature, and drops the rest with a line in the log. Retrying
 * a forged message cannot help, and a dead-letter queue that anyone can fill is useless.
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

function faultOf({ body, messageAttributes }: SQSRecord): Promise<string | undefined> {
  const attribute = (name: keyof typeof ATTRIBUTES) => messageAttributes[ATTRIBUTES[name]]?.stringValue;
  return verify({
    body,
    signature: attribute('signature'),
    timestamp: attribute('timestamp'),
    id: attribute('id'),
    url: attribute('url'),
    // Set by the gateway. `SentTimestamp` will not do: a redrive creates a new message, days after the request.
    receivedAt: Number(attribute('receivedAt')) / 1000,
  });
}
