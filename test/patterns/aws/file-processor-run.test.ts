import path from 'node:path';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Duration } from 'aws-cdk-lib';
import { FileProcessor } from 'lintel/aws';
import type { LocalRun } from 'lintel/testing';
import { running, shop, stopRuns } from '../../testing/local/support';

const HANDLER = path.join(__dirname, '../../handlers/files.ts');

afterEach(stopRuns);

test.each([
  ['event-bridge', /"key":"in\/a b\.csv"/],
  ['notification', /"key":"in\/a b\.csv"/],
] as const)(
  '%s: a file with prefix and suffix reaches the handler, others do not, a broken one is kept',
  async (via, key) => {
    const run = await running(
      shop((stack) => {
        const handler = { entry: HANDLER, timeout: Duration.seconds(10) };
        new FileProcessor(stack, 'Imports', { handler, via, prefix: 'in/', suffix: '.csv' });
      }),
      { timeScale: 600 },
    );
    for (const one of ['in/a b.csv', 'in/a.txt', 'out/a.csv', 'in/broken.csv']) await put(run, one);
    await run.idle();
    const got = run.logs('Worker/Handler').flatMap(({ message }) => /got (.*)$/.exec(message)?.[1] ?? []);
    expect(got).toHaveLength(1);
    expect(got[0]).toMatch(key);
    const dead = run.queue('QueueDeadLetterQueue').messages();
    expect(dead).toMatchObject([{ body: expect.stringContaining('in/broken.csv'), receives: 5 }]);
    const reasons = run.unsupported.map(({ reason }) => reason);
    expect(reasons.filter((reason) => !reason.includes('versions of objects'))).toEqual([]);
  },
);

test.each(['event-bridge', 'notification'] as const)(
  '%s: a deleted file reaches the handler, the removal of its old version does not',
  async (via) => {
    const run = await running(
      shop((stack) => {
        const handler = { entry: HANDLER, timeout: Duration.seconds(10) };
        const lifecycle = { old: { expireAfter: Duration.days(90) } };
        new FileProcessor(stack, 'Imports', { handler, via, prefix: ['in/', 'new/'], on: 'deleted', lifecycle });
      }),
      { timeScale: 600 },
    );
    const Bucket = run.nameOf('Imports/Bucket');
    const client = run.client(S3Client);
    const { VersionId } = await client.send(new PutObjectCommand({ Bucket, Key: 'new/a.csv', Body: 'a' }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'new/a.csv' }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'new/a.csv', VersionId }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'out/a.csv' }));
    await run.idle();
    const got = run.logs('Worker/Handler').flatMap(({ message }) => /got (.*)$/.exec(message)?.[1] ?? []);
    expect(got).toHaveLength(1);
    expect(got[0]).toMatch(/"key":"new\/a\.csv"/);
    expect(got[0]).toMatch(/Delete ?Marker ?Created/);
    const reasons = run.unsupported.map(({ reason }) => reason);
    expect(reasons).toContain('its lifecycle does not run: nothing expires, and no expiration is notified');
  },
);

async function put(run: LocalRun, Key: string): Promise<void> {
  await run.client(S3Client).send(new PutObjectCommand({ Bucket: run.nameOf('Imports/Bucket'), Key, Body: 'a,b' }));
}
