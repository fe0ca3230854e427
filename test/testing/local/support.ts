import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function as LambdaFunction, type FunctionProps, Runtime } from 'aws-cdk-lib/aws-lambda';
import { type LocalRun, type LocalRunOptions, runLocally } from 'lintel/testing';

/** A stack named `Shop` in an app that is not validated, which tests of the local run do not need. */
export function shop(build: (stack: Stack) => void): App {
  const app = new App({ builtinCloudFormationValidation: false });
  build(new Stack(app, 'Shop'));
  return app;
}

/** A function with its code in the template. */
export function inline(
  stack: Stack,
  id: string,
  code: string,
  props: Partial<Omit<FunctionProps, 'code'>> = {},
): LambdaFunction {
  return new LambdaFunction(stack, id, {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromInline(code),
    ...props,
  });
}

/** A function whose code is a directory below `handlers`. */
export function fromHandlers(
  stack: Stack,
  id: string,
  name: string,
  props: Partial<FunctionProps> = {},
): LambdaFunction {
  return new LambdaFunction(stack, id, {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromAsset(path.join(__dirname, 'handlers', name)),
    ...props,
  });
}

/** A table with `id` as its key. */
export function ordersTable(stack: Stack): TableV2 {
  return new TableV2(stack, 'Orders', { partitionKey: { name: 'id', type: AttributeType.STRING } });
}

/** Answers with the event that it receives. */
export const ECHO = 'exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });';

const runs: LocalRun[] = [];

/** A local run that ends with the test file; see `stopRuns`. */
export async function running(source: Parameters<typeof runLocally>[0], options?: LocalRunOptions): Promise<LocalRun> {
  const run = await runLocally(source, options);
  runs.push(run);
  return run;
}

/** Ends every run of the test file. */
export async function stopRuns(): Promise<void> {
  await Promise.all(runs.splice(0).map((run) => run.stop()));
}

/** What a response is: status, headers of interest, body as JSON where it is. */
export async function answerOf(response: Response): Promise<{ status: number; body: unknown }> {
  const text = await response.text();
  try {
    return { status: response.status, body: JSON.parse(text) };
  } catch {
    return { status: response.status, body: text };
  }
}

/**
 * A URL that answers once so many wait for it, and from then on at once: handlers that ask it are at work side by side,
 * however long they take to start.
 */
export async function meeting(count: number): Promise<string> {
  const waiting: ServerResponse[] = [];
  let met = false;
  const server = createServer((_, response) => {
    waiting.push(response.setHeader('connection', 'close'));
    met ||= waiting.length >= count;
    if (met) for (const one of waiting.splice(0)) one.end();
  });
  server.listen(0, '127.0.0.1').unref();
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
