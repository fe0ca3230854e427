import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InvokeWithResponseStreamCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { Duration } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { LocalRun } from 'lintel/testing';
import { fromHandlers, running, shop, stopRuns } from '../support';

const scratch = mkdtempSync(path.join(tmpdir(), 'lintel-test-'));

/** A binary for a machine that this one is not. */
function foreignBinary(): string {
  const header = Buffer.alloc(64);
  header.write('\x7fELF', 'latin1');
  header.writeUInt16LE(process.arch === 'arm64' ? 0x3e : 0xb7, 18);
  writeFileSync(path.join(scratch, 'bootstrap'), header, { mode: 0o755 });
  return scratch;
}

let run: LocalRun;
beforeAll(async () => {
  run = await running(
    shop((stack) => {
      const props = { runtime: Runtime.PROVIDED_AL2023, timeout: Duration.seconds(10), environment: { MINE: 'yes' } };
      fromHandlers(stack, 'Provided', 'provided', props);
      fromHandlers(stack, 'FailsAtStart', 'provided', { ...props, handler: 'fails' });
      fromHandlers(stack, 'Python', 'python', { ...props, runtime: Runtime.PYTHON_3_12, handler: 'app.handler' });
      fromHandlers(stack, 'Literal', 'literal', props);
      fromHandlers(stack, 'NoBootstrap', 'python', props);
      fromHandlers(stack, 'Ruby', 'python', { ...props, runtime: Runtime.RUBY_3_3 });
      new LambdaFunction(stack, 'Foreign', { ...props, handler: 'x', code: Code.fromAsset(foreignBinary()) });
    }),
  );
});
afterAll(async () => {
  await stopRuns();
  rmSync(scratch, { recursive: true });
});

test('a program of the user serves invocations, in the folder of its code and with its variables', async () => {
  const answer = await run.invoke('Provided', { a: 1 });
  expect(answer).toMatchObject({ event: { a: 1 }, mine: 'yes', tmp: expect.stringContaining('lintel-run-') });
  expect(await run.invoke('Provided', { a: 2 })).toMatchObject({ event: { a: 2 } });
  const lines = run.logs('Provided').map(({ message }) => message);
  expect(lines[0]).toMatch(/^at start in .*\/task$/);
  expect(lines.filter((line) => line.startsWith('request '))).toHaveLength(2);
});

test('its errors are those that it reports', async () => {
  const failure: unknown = await run.invoke('Provided', { kind: 'error' }).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    errorType: 'Mine.Error',
    message: 'broken',
    trace: ['line 1'],
    payload: { extra: 1 },
  });
  await expect(run.invoke('FailsAtStart')).rejects.toMatchObject({ errorType: 'Mine.Init', message: 'not today' });
});

test('it is started again after it ended', async () => {
  await expect(run.invoke('Provided', { kind: 'exit' })).rejects.toMatchObject({
    errorType: 'Runtime.ExitError',
    message: expect.stringContaining('exit status 3'),
  });
  expect(await run.invoke('Provided', { a: 3 })).toMatchObject({ event: { a: 3 } });
});

test('a response that it streams arrives while it is made', async () => {
  const command = new InvokeWithResponseStreamCommand({
    FunctionName: run.nameOf('Provided'),
    Payload: Buffer.from('{"kind":"stream"}'),
  });
  const { EventStream } = await run.client(LambdaClient).send(command);
  const pieces: (readonly [text: string, time: number])[] = [];
  for await (const { PayloadChunk } of EventStream!) {
    if (PayloadChunk?.Payload) pieces.push([Buffer.from(PayloadChunk.Payload).toString(), Date.now()]);
  }
  expect(pieces.map(([text]) => text).join('')).toBe('first second');
  expect(pieces.at(-1)![1] - pieces[0]![1]).toBeGreaterThan(100);
  expect(await run.invoke('Provided', { a: 4 })).toMatchObject({ event: { a: 4 } });
});

test('Python runs by the client that the function or the interpreter has', async () => {
  expect(await run.invoke('Python', { a: 1 })).toMatchObject({ event: { a: 1 }, mine: 'yes' });
  await expect(run.invoke('Python', { fail: true })).rejects.toMatchObject({
    errorType: 'ValueError',
    message: 'broken',
  });
  expect(run.engines.join()).toMatch(/Python 3\.\d+\.\d+/);
});

test('what cannot run is listed before the first invocation, and says so when it is called', async () => {
  const reasons = run.unsupported.map(({ resource, reason }) => `${resource}: ${reason}`);
  const foreign = process.arch === 'arm64' ? 'x86_64' : 'arm64';
  expect(reasons).toEqual([
    "Shop/Literal: bootstrap names /opt, which is this machine's; layers are found by PATH, PYTHONPATH and LD_LIBRARY_PATH",
    "Shop/Literal: bootstrap names /tmp, which is this machine's; use TMPDIR",
    "Shop/NoBootstrap: there is no file 'bootstrap' in its code or its layers",
    "Shop/Ruby: its runtime is ruby3.3; only Node.js, Python and 'provided' functions run here",
    expect.stringContaining(`Shop/Foreign: its 'bootstrap' is a program for ${foreign}`),
  ]);
  await expect(run.invoke('Foreign')).rejects.toMatchObject({ errorType: 'LocalRun.CannotRun' });
});
