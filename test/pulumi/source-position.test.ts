import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { readProject, synthesizeProject } from '../../lib/pulumi/project';
import { synthesize } from '../../lib/pulumi/synthesize';
import { EdgeQueueWorker } from '../../patterns/edge/edge-queue-worker';
import { shop } from './fixtures/shop';

mkdirSync('.cache', { recursive: true });
/** Below the repository, so that its packages are found; its own, since the same file may run twice at a time. */
const directory = mkdtempSync(path.resolve('.cache', 'test-positions-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const lines = (sources: Awaited<ReturnType<typeof synthesize>>['sources'] = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(sources).map(([key, { file, line }]) => [key.split('::')[1]!, `${file}:${line}`]));

test('a resource of a component stands where the component makes it, beside the graph', async () => {
  const graph = await synthesize(shop, { config: { key: { secret: 'x' } } });
  expect(lines(graph.sources)).toEqual({
    shop: 'test/pulumi/fixtures/shop.ts:13',
    'shop/shop-queue': 'test/pulumi/fixtures/shop.ts:15',
    'shop/shop-db': 'test/pulumi/fixtures/shop.ts:16',
    'shop/shop-worker': 'test/pulumi/fixtures/shop.ts:21',
  });
  expect(JSON.stringify(graph.resources)).not.toContain('fixtures');
});

test('what our own components make stands where the program makes the component', async () => {
  const { sources } = await synthesize(
    () =>
      void new EdgeQueueWorker('jobs', {
        accountId: 'acc',
        handler: 'test/pulumi/fixtures/engine/shop/workers/ingest.ts',
      }),
  );
  const places = new Set(Object.values(lines(sources)));
  expect([...places]).toEqual([expect.stringMatching(/^test\/pulumi\/source-position\.test\.ts:\d+$/)]);
});

test('the same names below two parents are told apart', async () => {
  const { ComponentResource } = await import('@pulumi/pulumi');
  const { Queue } = await import('@pulumi/cloudflare');
  const { sources } = await synthesize(() => {
    const one = new ComponentResource('x:y:Z', 'one');
    const two = new ComponentResource('x:y:Other', 'two');
    new Queue('q', { accountId: 'a', queueName: 'b' }, { parent: two });
    new Queue('q', { accountId: 'a', queueName: 'a' }, { parent: one });
  });
  const { 'one/q': first, 'two/q': second } = lines(sources);
  expect(Number(first!.split(':')[1]) - Number(second!.split(':')[1])).toBe(1);
});

test('a compiled project is followed to its sources by the maps beside it', async () => {
  mkdirSync(path.join(directory, 'src'), { recursive: true });
  const write = (name: string, text: string) => writeFileSync(path.join(directory, name), text);
  write('Pulumi.yaml', 'name: acme\nruntime: nodejs\nmain: bin/index.js\n');
  write(
    'src/index.ts',
    "import * as cloudflare from '@pulumi/cloudflare';\n\ntype Name = string;\nconst name: Name = 'q';\n\nnew cloudflare.Queue(name, { accountId: 'a', queueName: name });\n",
  );
  buildSync({
    entryPoints: [path.join(directory, 'src/index.ts')],
    outfile: path.join(directory, 'bin/index.js'),
    format: 'cjs',
    platform: 'node',
    sourcemap: true,
    minify: true,
  });
  const { sources } = await synthesizeProject(readProject(directory));
  expect(lines(sources)).toEqual({ q: `${path.join(directory, 'src/index.ts')}:6` });
});
