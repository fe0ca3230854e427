import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';

/** Says which files it is told of, and fails on broken ones. */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  for (const { body } of Records) {
    if (body.includes('broken')) throw new Error('broken');
    process.stdout.write(`got ${body}\n`);
  }
  return { batchItemFailures: [] };
}
