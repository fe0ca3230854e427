import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { Duration } from 'aws-cdk-lib';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Code, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import WebSocket from 'ws';
import { readableEntry } from '../../../../lib/cli/run-log';
import type { LocalRun } from 'lintel/testing';
import type { LogEntry } from '../../../../lib/testing/local/kernel/logs';
import { ECHO, inline, running, shop, stopRuns } from '../support';

const source = path.join(__dirname, '../handlers/mapped/index.ts');
const bundle = mkdtempSync(path.join(tmpdir(), 'lintel-test-'));

const heard: LogEntry[] = [];
let run: LocalRun;
beforeAll(async () => {
  buildSync({ entryPoints: [source], outdir: bundle, bundle: true, platform: 'node', sourcemap: true });
  const app = shop((stack) => {
    const echo = inline(stack, 'Echo', ECHO, { memorySize: 256 });
    const api = new HttpApi(stack, 'Api');
    api.addRoutes({ path: '/{proxy+}', integration: new HttpLambdaIntegration('Echo', echo) });
    inline(stack, 'Json', 'exports.handler = async () => 1;', { loggingFormat: LoggingFormat.JSON });
    inline(stack, 'Slow', 'exports.handler = () => new Promise((resolve) => setTimeout(resolve, 1e4));', {
      timeout: Duration.seconds(1),
    });
    const mapped = { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromAsset(bundle) };
    new LambdaFunction(stack, 'Mapped', mapped);
    new LambdaFunction(stack, 'Inspected', { ...mapped, timeout: Duration.seconds(1) });
  });
  run = await running(app, { onLog: (entry) => heard.push(entry), inspect: { Inspected: 0 } });
});
afterAll(async () => {
  await stopRuns();
  rmSync(bundle, { recursive: true });
});

const linesOf = (name: string) => heard.filter((entry) => entry.source === `Shop/${name}`);

test('START, END and REPORT surround an invocation, with what it cost; the function did not write them', async () => {
  await run.invoke('Echo');
  const [start, end, report] = linesOf('Echo').map(({ message }) => message);
  const id = /^START RequestId: (\S+) Version: \$LATEST$/.exec(start!)?.[1];
  expect(end).toBe(`END RequestId: ${id}`);
  expect(report!.split('\t')).toEqual([
    `REPORT RequestId: ${id}`,
    expect.stringMatching(/^Duration: [\d.]+ ms$/),
    expect.stringMatching(/^Billed Duration: \d+ ms$/),
    'Memory Size: 256 MB',
    expect.stringMatching(/^Max Memory Used: \d+ MB$/),
    expect.stringMatching(/^Init Duration: [\d.]+ ms$/),
  ]);
  await run.invoke('Echo');
  expect(linesOf('Echo').at(-1)?.message).not.toContain('Init Duration');
  expect(run.logs('Echo')).toEqual([]);
});

test('they are JSON where the template says so', async () => {
  await run.invoke('Json');
  const entries = linesOf('Json').map(({ message }) => JSON.parse(message) as object);
  expect(entries).toMatchObject([
    { type: 'platform.start', record: { version: '$LATEST' } },
    { type: 'platform.report', record: { status: 'success', metrics: { memorySizeMB: 128 } } },
  ]);
});

test('a timeout is in the report', async () => {
  await run.invoke('Slow').catch(() => undefined);
  expect(linesOf('Slow').at(-1)?.message).toMatch(/^REPORT .*\tStatus: timeout$/);
});

test('each request of an API is a line', async () => {
  await fetch(`${run.url}/orders/1?x=2`);
  expect(linesOf('Api').at(-1)?.message).toMatch(/^GET \/orders\/1\?x=2 200 \d+ ms$/);
});

test('a reader sees an error in the source, without frames of ours', async () => {
  await run.invoke('Mapped', { id: 'fail' }).catch(() => undefined);
  const entry = linesOf('Mapped').find(({ message }) => message.includes('Invoke Error'))!;
  const text = readableEntry(entry);
  expect(text).toMatch(/^\d\d:\d\d:\d\d \[Shop\/Mapped\] ERROR Invoke Error: Error: broken\n/);
  expect(text).toContain(`(${source}:8:`);
  expect(text.split('\n    at ')).toHaveLength(2);
});

interface Reply {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
}

test('a debugger stops a handler at a breakpoint in its source, and it does not time out meanwhile', async () => {
  const url = /Debugger listening on (ws:\S+)/.exec(
    linesOf('Inspected')
      .map(({ message }) => message)
      .join('\n'),
  )?.[1];
  const socket = new WebSocket(String(url));
  const stops: Reply[] = [];
  const scripts: string[] = [];
  let id = 0;
  const send = (method: string, params: object = {}) =>
    new Promise<void>((resolve) => {
      const own = ++id;
      const take = (data: WebSocket.RawData) => {
        if ((JSON.parse(String(data)) as Reply).id !== own) return;
        socket.off('message', take);
        resolve();
      };
      socket.on('message', take);
      socket.send(JSON.stringify({ id: own, method, params }));
    });
  socket.on('message', (data) => {
    const reply = JSON.parse(String(data)) as Reply;
    if (reply.method === 'Debugger.paused') stops.push(reply);
    if (reply.method === 'Debugger.scriptParsed') scripts.push(String(reply.params?.url));
  });
  await new Promise((resolve) => socket.once('open', resolve));
  await send('Debugger.enable');
  await send('Debugger.setBreakpointByUrl', { lineNumber: 26, urlRegex: '.*/task/index\\.js$' });
  const answer = run.invoke('Inspected', { id: 'a' });
  for (let count = 0; count < 300 && stops.length === 0; count++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  await new Promise((resolve) => setTimeout(resolve, 1200));
  expect(stops).toHaveLength(1);
  const script = scripts.find((one) => one.endsWith('/task/index.js'))!;
  const map = JSON.parse(readFileSync(`${fileURLToPath(script)}.map`, 'utf8')) as {
    readonly sources: readonly string[];
  };
  expect(map.sources).toEqual([source]);
  await send('Debugger.resume');
  expect(await answer).toBe('A');
  socket.close();
});
