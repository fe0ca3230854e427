import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Duration, type Stack } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { fromHandlers, inline, running, shop, stopRuns } from '../support';

const folder = mkdtempSync(path.join(tmpdir(), 'lintel-test-'));
afterAll(async () => {
  await stopRuns();
  rmSync(folder, { recursive: true });
});

const STOPPED = { errorType: 'LocalRun.Stopped', message: 'the local run has ended' };

test('a run that stops while the files of an environment are copied says so to who waits for it', async () => {
  // Many files take a while to copy.
  for (let count = 0; count < 400; count++) {
    mkdirSync(path.join(folder, `part${count}`));
    writeFileSync(path.join(folder, `part${count}`, 'data.txt'), 'x'.repeat(10_000));
  }
  writeFileSync(path.join(folder, 'index.js'), 'exports.handler = async () => 1;');
  const run = await running(shop((stack) => fromHandlers(stack, 'Fn', 'process', { code: Code.fromAsset(folder) })));
  const answers = Promise.allSettled([run.invoke('Fn'), run.invoke('Fn')]);
  await new Promise((resolve) => setTimeout(resolve, 5));
  await run.stop();
  for (const answer of await answers) expect(answer).toMatchObject({ status: 'rejected', reason: STOPPED });
});

test('a run that stops while a handler starts or works says so, and starts nothing anew', async () => {
  const slow = 'for (const end = Date.now() + 5000; Date.now() < end;); exports.handler = async () => 1;';
  const build = (stack: Stack) => {
    inline(stack, 'Starts', slow, { timeout: Duration.seconds(20) });
    inline(stack, 'Works', 'exports.handler = () => new Promise((resolve) => setTimeout(resolve, 9000));', {
      timeout: Duration.seconds(20),
    });
  };
  const run = await running(shop(build));
  const answers = Promise.allSettled([run.invoke('Starts'), run.invoke('Works')]);
  await new Promise((resolve) => setTimeout(resolve, 500));
  await run.stop();
  for (const answer of await answers) expect(answer).toMatchObject({ status: 'rejected', reason: STOPPED });
});
