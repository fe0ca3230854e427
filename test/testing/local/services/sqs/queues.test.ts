import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { running, shop, stopRuns } from '../../support';

afterAll(stopRuns);

test('messages that fail stay in a queue that is its own dead-letter queue', async () => {
  const run = await running(
    shop((stack) => {
      const deadLetterTargetArn = stack.formatArn({ service: 'sqs', resource: 'loop' });
      new CfnQueue(stack, 'Loop', { queueName: 'loop', redrivePolicy: { deadLetterTargetArn, maxReceiveCount: 1 } });
    }),
  );
  expect(run.unsupported.map(({ reason }) => reason)).toContain(
    'it is its own dead-letter queue: messages that fail stay in the queue',
  );
  const loop = run.queue('Loop');
  await loop.send('x');
  const sqs = run.client(SQSClient);
  for (const ApproximateReceiveCount of ['1', '2']) {
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: loop.url,
        VisibilityTimeout: 0,
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      }),
    );
    expect(Messages?.map(({ Attributes }) => Attributes)).toEqual([{ ApproximateReceiveCount }]);
  }
});
