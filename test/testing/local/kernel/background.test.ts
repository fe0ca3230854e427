import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import type { Stack } from 'aws-cdk-lib';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { KinesisEventSource, SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { LocalRun } from '../../../../lib/testing';
import { Functions } from '../../../../lib/testing/local/lambda/functions';
import { inline, running, shop } from '../support';

const fn = (stack: Stack) => inline(stack, 'Work', 'exports.handler = async () => {};');

test.each<[string, (stack: Stack) => void, (run: LocalRun) => unknown]>([
  [
    'queue',
    (stack) => fn(stack).addEventSource(new SqsEventSource(new Queue(stack, 'Jobs'))),
    (run) => run.queue('Jobs').send({ id: 1 }),
  ],
  [
    'stream',
    (stack) => {
      const stream = new Stream(stack, 'Clicks', { shardCount: 1 });
      fn(stack).addEventSource(new KinesisEventSource(stream, { startingPosition: StartingPosition.TRIM_HORIZON }));
    },
    (run) =>
      run
        .client(KinesisClient)
        .send(new PutRecordCommand({ StreamName: run.nameOf('Clicks'), Data: Buffer.from('{}'), PartitionKey: 'a' })),
  ],
])(
  'a fault of our own while a %s is read ends the wait, is written, and is thrown when the run stops',
  async (_kind, build, send) => {
    jest.spyOn(Functions.prototype, 'invoke').mockRejectedValue(new Error('a fault of ours'));
    const run = await running(shop(build));
    await send(run);
    await expect(run.idle()).rejects.toThrow('a fault of ours');
    expect(run.logs('Work').map(({ message }) => message)).toContain(
      'ERROR the local run itself failed here: a fault of ours',
    );
    await expect(run.stop()).rejects.toThrow('a fault of ours');
    jest.restoreAllMocks();
  },
);
