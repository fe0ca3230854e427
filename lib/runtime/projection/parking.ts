import type { SQSClient } from '@aws-sdk/client-sqs';
import type { ParkedAggregate } from './types';

let shared: SQSClient | undefined;

/** Reports a parked aggregate to whoever repairs projections. */
export async function sendParked(queue: string, message: ParkedAggregate): Promise<void> {
  const { SendMessageCommand, SQSClient } = await import('@aws-sdk/client-sqs');
  shared ??= new SQSClient({});
  await shared.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: JSON.stringify(message) }));
}
