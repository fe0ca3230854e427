import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DeleteMessageCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

const sqs = new SQSClient({});
const lambda = new LambdaClient({});

/** Messages per request. */
const MOST = 10;

/**
 * Hands what waits in a dead-letter queue to the handler again, each message once: what fails again comes back, and
 * waits for the next run.
 * @returns how many messages
 */
export async function handler(): Promise<{ readonly moved: number }> {
  const QueueUrl = process.env.DEAD_LETTERS!;
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
  );
  const waiting = Number(Attributes.ApproximateNumberOfMessages ?? 0);
  let moved = 0;
  while (moved < waiting) {
    const MaxNumberOfMessages = Math.min(MOST, waiting - moved);
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages, WaitTimeSeconds: 1 }),
    );
    if (Messages.length === 0) break;
    for (const { Body = '', ReceiptHandle } of Messages) {
      // Asynchronously, like the bus: the handler's own retries and dead-letter queue apply again.
      await lambda.send(
        new InvokeCommand({ FunctionName: process.env.HANDLER!, InvocationType: 'Event', Payload: Buffer.from(Body) }),
      );
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      moved++;
    }
  }
  return { moved };
}
