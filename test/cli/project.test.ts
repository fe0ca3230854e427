import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { main } from '../../lib/cli/main';
import { synthesize } from '../../lib/pulumi/synthesize';

const SHOP = path.resolve('test/pulumi/fixtures/engine/shop');
mkdirSync('.cache', { recursive: true });
const directory = mkdtempSync(path.resolve('.cache', 'test-cli-project-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function lintel(...argv: string[]): Promise<{ code: number; out: string }> {
  let out = '';
  const code = await main(argv, { out: (text) => void (out += text), note: () => undefined, colour: false });
  return { code, out };
}

const program = (code: string) => {
  writeFileSync(path.join(directory, 'Pulumi.yaml'), 'name: acme\nruntime: nodejs\n');
  writeFileSync(path.join(directory, 'index.js'), `const cloudflare = require('@pulumi/cloudflare');\n${code}`);
  return directory;
};

/** The first one loads both clouds. */
jest.setTimeout(60_000);

test('lintel check judges a Pulumi project by its directory or the file of a stack', async () => {
  expect((await lintel('check', SHOP)).code).toBe(0);
  const { code, out } = await lintel('check', path.join(SHOP, 'Pulumi.check.yaml'), '--format', 'json');
  expect([code, JSON.parse(out)]).toMatchObject([0, { summary: { errors: 0 }, failures: [] }]);
});

test('lintel check names the resource of a finding and its project', async () => {
  const worker = `
    const queue = new cloudflare.Queue('jobs', { accountId: 'a', queueName: 'jobs' });
    new cloudflare.QueueConsumer('consumer', { accountId: 'a', queueId: queue.queueId, type: 'worker', scriptName: 'w' });`;
  const { code, out } = await lintel('check', program(worker), '--format', 'json');
  const { findings } = JSON.parse(out) as { findings: { resource: string; template: string }[] };
  expect(code).toBe(1);
  expect(findings).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        template: path.join(directory, 'Pulumi.yaml'),
        resource: 'consumer',
        source: { file: path.join(directory, 'index.js'), line: 4, column: 5 },
      }),
    ]),
  );
});

test('lintel check of a graph that was written to a file says the line of the program', async () => {
  const { R2ManagedDomain } = await import('@pulumi/cloudflare');
  const make = () => void new R2ManagedDomain('files', { accountId: 'a', bucketName: 'files', enabled: true });
  const file = path.join(directory, 'graph.json');
  writeFileSync(file, JSON.stringify(await synthesize(make)));
  const { code, out } = await lintel('check', file);
  expect([code, out]).toEqual([1, expect.stringMatching(/^files {2}test\/cli\/project\.test\.ts:\d+/)]);
});

test('lintel check ends with 2 when the program cannot be run', async () => {
  const { code, out } = await lintel('check', program("throw new Error('by design');"));
  expect(code).toBe(2);
  expect(out).toContain("cannot be run: by design; fix it, or stack 'dev'");
});

test('lintel access reads a Pulumi project too', async () => {
  const queue = "new cloudflare.Queue('jobs', { accountId: 'a', queueName: 'jobs' });";
  expect((await lintel('access', program(queue))).code).toBe(0);
});

test('lintel check ends with 2 when the program makes nothing', async () => {
  const { code, out } = await lintel('check', program(''));
  expect([code, out]).toEqual([2, expect.stringContaining('has no resources')]);
});
