import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mkdtempSync, rmSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import type * as Testing from 'lintel/testing';
import type { Comparison, Goal, Result } from './measure';

const HANDLER =
  "async (event) => ({ statusCode: 200, headers: { 'content-type': 'text/plain' }, body: event.rawPath })";
const REQUESTS = 1500;
const ROUNDS = 5;

const inMilliseconds = (most: number): Goal => ({ text: `at most ${most} ms`, reached: (ours) => ours <= most });
const times = (factor: number): Goal => ({
  text: `at most ${factor} times it`,
  reached: (ours, theirs) => ours / theirs <= factor,
});

/**
 * The local run against a bare server that calls the same handler in its own process: the CPU that the process which answers
 * takes for one request, with its client. The run's is one of two processes at work, and the one that bounds its pace.
 * Found on two quiet cores: ready in 44-79 ms; 5.1 times the bare server on one connection, 2.7 times on twenty.
 */
export async function run(): Promise<Result[]> {
  // Compiled: functions run on files that lie beside the library's own.
  const { runLocally } = createRequire(path.resolve('x.js'))('./dist/lib/testing/index.js') as typeof Testing;
  const outdir = mkdtempSync(path.join(tmpdir(), 'lintel-bench-'));
  const app = new App({ outdir, builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Bench');
  const runtime = Runtime.NODEJS_22_X;
  const code = Code.fromInline(`exports.handler = ${HANDLER};`);
  const fn = new LambdaFunction(stack, 'Fn', { runtime, handler: 'index.handler', code });
  new HttpApi(stack, 'Api', { defaultIntegration: new HttpLambdaIntegration('Fn', fn) });
  app.synth();

  const begun = performance.now();
  const local = await runLocally(outdir);
  const ready = performance.now() - begun;
  const bare = await inProcess();
  try {
    return [
      { name: 'local run: ready', ours: ready, theirs: ready, goal: inMilliseconds(300) },
      {
        name: 'local run / handler in the server: 1 connection',
        ...(await compare(local.url, bare.url, 1)),
        goal: times(5),
      },
      {
        name: 'local run / handler in the server: 20 connections',
        ...(await compare(local.url, bare.url, 20)),
        goal: times(4),
      },
    ];
  } finally {
    bare.stop();
    await local.stop();
    rmSync(outdir, { recursive: true });
  }
}

async function inProcess(): Promise<{ readonly url: string; readonly stop: () => void }> {
  const handler = new Function(`return ${HANDLER}`)() as (
    event: object,
  ) => Promise<{ statusCode: number; headers: object; body: string }>;
  const server = createServer((request, response) => {
    handler({ version: '2.0', rawPath: request.url, headers: request.headers }).then(
      ({ statusCode, headers, body }) => {
        response.writeHead(statusCode, { ...headers, 'content-length': Buffer.byteLength(body) });
        response.end(body);
      },
      (error: Error) => response.destroy(error),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, stop: () => server.close() };
}

/** In turns, after one that does not count. */
async function compare(ours: string, theirs: string, connections: number): Promise<Comparison> {
  const found = { ours: [] as number[], theirs: [] as number[] };
  for (let round = 0; round <= ROUNDS; round++) {
    const mine = await perRequest(ours, connections);
    const other = await perRequest(theirs, connections);
    if (round === 0) continue;
    found.ours.push(mine);
    found.theirs.push(other);
  }
  return { ours: median(found.ours), theirs: median(found.theirs) };
}

/** Milliseconds of CPU for a request, over connections that are kept. */
async function perRequest(url: string, connections: number): Promise<number> {
  let left = REQUESTS;
  globalThis.gc?.();
  const begun = process.cpuUsage();
  await Promise.all(Array.from({ length: connections }, () => use(url, () => left-- > 0)));
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000 / REQUESTS;
}

function use(url: string, next: () => boolean): Promise<void> {
  const { hostname, port, host } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname).setNoDelay(true);
    const send = () => (next() ? socket.write(`GET /orders HTTP/1.1\r\nHost: ${host}\r\n\r\n`) : socket.end());
    let text = '';
    socket
      .on('connect', send)
      .on('error', reject)
      .on('close', () => resolve());
    socket.on('data', (data: Buffer) => {
      text += data.toString('latin1');
      if (!text.endsWith('/orders')) return;
      text = '';
      send();
    });
  });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
