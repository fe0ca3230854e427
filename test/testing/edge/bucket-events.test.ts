import { EdgeApi, EdgeBucket, EdgeQueueWorker, EdgeStore } from 'lintel/edge';
import { type EdgeRun, runEdgeLocally } from 'lintel/testing';

const workers = 'test/testing/edge/workers';
let run: EdgeRun;

beforeAll(async () => {
  run = await runEdgeLocally(
    () => {
      const seen = new EdgeStore('seen').readWrite();
      const uploads = new EdgeQueueWorker('uploads', { handler: `${workers}/uploads.ts`, access: { SEEN: seen } });
      const files = new EdgeBucket('files', {
        notifications: {
          images: { queue: uploads.queue, prefix: 'images/', suffix: '.png', on: ['create', 'delete'] },
        },
      });
      new EdgeApi('api', { handler: `${workers}/files.ts`, access: { FILES: files.readWrite() } });
    },
    { config: { 'cloudflare:accountId': 'account' }, timeScale: 1000 },
  );
});
afterAll(() => run.stop());

/** What the consumer has been told so far. */
async function told(count: number): Promise<string[]> {
  for (const end = Date.now() + 5000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 20))) {
    const all = JSON.parse((await run.store('seen').get('told')) ?? '[]') as string[];
    if (all.length >= count) return all;
  }
  throw new Error('nothing was told');
}

test('a queue is told of what a Worker does to a bucket, and of nothing that the rules leave out', async () => {
  const api = run.worker('api');
  for (const key of ['images/a.png', 'images/a.txt', 'other/a.png'])
    await api.fetch(`/${key}`, { method: 'PUT', body: '123' });
  await api.fetch('/images/big.png', { method: 'POST', body: 'in parts' });
  await api.fetch('/images/a.png', { method: 'DELETE' });
  expect((await told(3)).sort()).toEqual([
    'CompleteMultipartUpload images/big.png 8',
    'DeleteObject images/a.png undefined',
    'PutObject images/a.png 3',
  ]);
  expect(await (await api.fetch('/images/big.png')).text()).toBe('in parts');
  expect(run.unsupported.map(({ resource }) => resource)).toEqual(['files/files-lifecycle']);
});

test('a queue is told of what is uploaded from outside', async () => {
  await run.bucket('files').put('images/outside.png', 'abcd');
  expect(await told(4)).toContain('PutObject images/outside.png 4');
  expect(Buffer.from((await run.bucket('files').get('images/outside.png'))!).toString()).toBe('abcd');
  await run.bucket('files').delete('images/outside.png');
  expect(await told(5)).toContain('DeleteObject images/outside.png undefined');
});
