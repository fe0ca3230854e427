import { execFileSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LambdaDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import {
  Alias,
  ApplicationLogLevel,
  Code,
  Function as LambdaFunction,
  LayerVersion,
  LoggingFormat,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { FunctionError, type LocalRun, ThrottledError } from 'lintel/testing';
import { fromHandlers, inline, running, shop, stopRuns } from '../../support';

const scratch = mkdtempSync(path.join(tmpdir(), 'lintel-test-'));
afterAll(async () => {
  await stopRuns();
  rmSync(scratch, { recursive: true });
});

const SLEEP =
  'exports.handler = async (event) => { await new Promise((r) => setTimeout(r, event.ms)); return event.ms; };';

let run: LocalRun;
beforeAll(async () => {
  process.env.SECRET_OF_THE_DEVELOPER = 'hidden';
  process.env.AWS_PROFILE = 'production';
  const layer = path.join(scratch, 'layer');
  mkdirSync(path.join(layer, 'nodejs/node_modules/greeting'), { recursive: true });
  writeFileSync(path.join(layer, 'nodejs/node_modules/greeting/index.js'), 'module.exports = "hello from the layer";');
  run = await running(
    shop((stack) => {
      inline(stack, 'Env', 'exports.handler = async () => ({ env: process.env, cwd: process.cwd() });', {
        environment: { MINE: 'yes' },
        memorySize: 256,
      });
      inline(stack, 'Context', 'exports.handler = async (_, c) => ({ ...c, left: c.getRemainingTimeInMillis() });', {
        timeout: Duration.seconds(7),
      });
      inline(stack, 'Throws', 'exports.handler = async () => { throw new RangeError("out of it"); };');
      inline(stack, 'ThrowsText', 'exports.handler = async () => { throw "text"; };');
      inline(
        stack,
        'Callback',
        'exports.handler = (event, context, callback) => setTimeout(callback, 5, null, { event });',
      );
      inline(
        stack,
        'CallbackFails',
        'exports.handler = (event, context, callback) => callback(new Error("by callback"));',
      );
      inline(stack, 'Outdated', 'exports.handler = (event, context, callback) => callback(null, 1);', {
        runtime: Runtime.NODEJS_24_X,
      });
      inline(stack, 'Current', 'exports.handler = async (...given) => [given.length, "done" in given[1]];', {
        runtime: Runtime.NODEJS_24_X,
      });
      inline(stack, 'Sync', 'exports.handler = () => "ignored";');
      inline(stack, 'Nothing', 'exports.handler = async () => {};');
      inline(stack, 'Cyclic', 'exports.handler = async () => { const a = {}; a.a = a; return a; };');
      inline(
        stack,
        'Uncaught',
        'exports.handler = () => new Promise(() => setTimeout(() => { throw new Error("later"); }, 5));',
      );
      inline(
        stack,
        'Unhandled',
        'exports.handler = () => new Promise(() => { Promise.reject(new Error("nobody")); });',
      );
      inline(stack, 'Exits', 'exports.handler = async () => process.exit(3);');
      inline(stack, 'Init', 'throw new TypeError("at start");');
      inline(stack, 'Syntax', 'exports.handler = async ( => {};');
      inline(stack, 'NoHandler', 'exports.other = 1;');
      inline(stack, 'NoModule', 'require("not-here");');
      inline(stack, 'Counter', 'let n = 0; exports.handler = async () => ++n;');
      inline(stack, 'Big', 'exports.handler = async () => "x".repeat(7e6);');
      inline(
        stack,
        'Greedy',
        'exports.handler = async () => { const a = []; for (;;) a.push(new Array(1e5).fill("x" + a.length)); };',
        {
          timeout: Duration.seconds(30),
        },
      );
      inline(stack, 'Slow', SLEEP, { timeout: Duration.seconds(1) });
      inline(stack, 'Reserved', SLEEP, { reservedConcurrentExecutions: 2 });
      inline(stack, 'Blocked', SLEEP, { reservedConcurrentExecutions: 0 });
      inline(stack, 'Many', SLEEP, { timeout: Duration.seconds(10) });
      inline(
        stack,
        'Talks',
        'console.log("at start"); exports.handler = async () => { console.log("a %s", "b", { c: 1 }); console.error(new Error("e").message); process.stdout.write("raw\\n"); };',
      );
      inline(
        stack,
        'TalksJson',
        'exports.handler = async () => { console.debug("hidden"); console.info("shown"); console.warn({ a: 1 }); console.error("bad", new Error("e")); };',
        {
          loggingFormat: LoggingFormat.JSON,
          applicationLogLevelV2: ApplicationLogLevel.INFO,
        },
      );
      fromHandlers(stack, 'Esm', 'esm');
      fromHandlers(stack, 'EsmUnbundled', 'esm', { handler: 'index.unbundled' });
      fromHandlers(stack, 'Lonely', 'lonely');
      inline(stack, 'Layered', 'exports.handler = async () => require("greeting");', {
        layers: [new LayerVersion(stack, 'Layer', { code: Code.fromAsset(layer) })],
      });
      const zip = path.join(scratch, 'code.zip');
      writeFileSync(path.join(scratch, 'zipped.js'), 'exports.handler = async () => "from a zip";'.padEnd(500));
      execFileSync('python3', [
        '-c',
        `import zipfile; z = zipfile.ZipFile('${zip}', 'w', zipfile.ZIP_DEFLATED); z.write('${scratch}/zipped.js', 'src/zipped.js')`,
      ]);
      new LambdaFunction(stack, 'Zipped', {
        runtime: Runtime.NODEJS_22_X,
        handler: 'src/zipped.handler',
        code: Code.fromAsset(zip),
      });
      fromHandlers(stack, 'Ruby', 'lonely', { runtime: Runtime.RUBY_3_3 });

      const live = inline(
        stack,
        'Versioned',
        'exports.handler = async (_, c) => [c.functionVersion, c.invokedFunctionArn];',
      ).addAlias('live');
      const caller = inline(
        stack,
        'Caller',
        `const { LambdaClient, InvokeCommand } = require('@aws-sdk/client-lambda');
const client = new LambdaClient({});
exports.handler = async (input) => {
  try {
    const { Payload, StatusCode, FunctionError, ExecutedVersion, LogResult } = await client.send(new InvokeCommand(input));
    return { Payload: Buffer.from(Payload).toString(), StatusCode, FunctionError, ExecutedVersion, log: LogResult && Buffer.from(LogResult, 'base64').toString() };
  } catch (error) { return { name: error.name, message: error.message, status: error.$metadata.httpStatusCode }; }
};`,
        { environment: { LIVE: live.functionArn } },
      );
      live.grantInvoke(caller);
      caller.addToRolePolicy(
        new PolicyStatement({
          actions: ['lambda:InvokeFunction'],
          resources: ['arn:aws:lambda:*:*:function:Shop-Throws*', 'arn:aws:lambda:*:*:function:Shop-Blocked*'],
        }),
      );

      inline(
        stack,
        'Failing',
        'exports.handler = async (event) => { if (event.fail) throw new Error("never"); return "fine"; };',
        {
          retryAttempts: 1,
          onFailure: new LambdaDestination(
            inline(stack, 'OnFailure', 'exports.handler = async (event) => console.log(JSON.stringify(event));'),
          ),
        },
      );
    }),
  );
});

describe('a handler', () => {
  test('sees what Lambda sets and what the template says, and nothing of the developer', async () => {
    const { env, cwd } = await run.invoke<{ env: Record<string, string>; cwd: string }>('Env');
    expect(env).toMatchObject({
      MINE: 'yes',
      AWS_REGION: 'us-east-1',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
      AWS_LAMBDA_FUNCTION_NAME: expect.stringMatching(/^Shop-Env/),
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_ENDPOINT_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      _X_AMZN_TRACE_ID: expect.stringContaining('Sampled=0'),
      LAMBDA_TASK_ROOT: cwd,
      LD_LIBRARY_PATH: expect.stringContaining(`${cwd}:${cwd}/lib:`),
    });
    expect(env).not.toHaveProperty('SECRET_OF_THE_DEVELOPER');
    expect(env).not.toHaveProperty('AWS_PROFILE');
    expect(env.HOME).not.toBe(process.env.HOME);
  });

  test('gets the context of its invocation', async () => {
    const context = await run.invoke<Record<string, unknown>>('Context');
    expect(context).toMatchObject({
      functionName: expect.stringMatching(/^Shop-Context/),
      functionVersion: '$LATEST',
      invokedFunctionArn: expect.stringMatching(/^arn:aws:lambda:us-east-1:123456789012:function:Shop-Context/),
      memoryLimitInMB: '128',
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      logGroupName: expect.stringMatching(/^\/aws\/lambda\/Shop-Context/),
    });
    expect(context.left).toBeGreaterThan(6000);
    expect(context.left).toBeLessThanOrEqual(7000);
  });

  test('may answer by promise, by callback, or not at all', async () => {
    expect(await run.invoke('Callback', { a: 1 })).toEqual({ event: { a: 1 } });
    expect(await run.invoke('Current')).toEqual([2, false]);
    expect(await run.invoke('Sync')).toBeNull();
    expect(await run.invoke('Nothing')).toBeNull();
  });

  test('keeps its state from one invocation to the next', async () => {
    expect([await run.invoke('Counter'), await run.invoke('Counter')]).toEqual([1, 2]);
  });

  test('may be an ECMAScript module, in a zip file, and use layers', async () => {
    expect(await run.invoke('Esm', { a: 1 })).toEqual({ region: 'us-east-1', event: { a: 1 }, module: true });
    expect(await run.invoke('Zipped')).toBe('from a zip');
    expect(await run.invoke('Layered')).toBe('hello from the layer');
  });

  test.each([
    ['Throws', 'RangeError', /^out of it$/],
    ['ThrowsText', 'string', /^text$/],
    ['CallbackFails', 'Error', /^by callback$/],
    ['Outdated', 'Runtime.CallbackHandlerDeprecated', /removed support for callback-based function handlers/],
    ['Cyclic', 'Error', /^Unable to stringify response body$/],
    ['Uncaught', 'Error', /^later$/],
    ['Unhandled', 'Runtime.UnhandledPromiseRejection', /^Error: nobody$/],
    ['Exits', 'Runtime.ExitError', /^RequestId: \S+ Error: Runtime exited with error: exit status 3$/],
    ['Init', 'TypeError', /^at start$/],
    ['Syntax', 'Runtime.UserCodeSyntaxError', /^SyntaxError: /],
    ['NoHandler', 'Runtime.HandlerNotFound', /^index\.handler is undefined or not exported$/],
    ['NoModule', 'Runtime.ImportModuleError', /^Error: Cannot find module 'not-here'/],
    ['Lonely', 'Runtime.ImportModuleError', /^Error: Cannot find module 'constructs'/],
    ['EsmUnbundled', 'Error', /^Cannot find package 'constructs'/],
    ['Big', 'Function.ResponseSizeTooLarge', /exceeded maximum allowed payload size \(6291556 bytes\)/],
    ['Slow', 'Sandbox.Timedout', /^RequestId: \S+ Error: Task timed out after 1\.00 seconds$/],
    ['Ruby', 'LocalRun.CannotRun', /its runtime is ruby3\.3; only Node\.js, Python and 'provided' functions run here$/],
  ])('%s: fails as on Lambda, with %s', async (fn, errorType, message) => {
    const error: unknown = await run.invoke(fn, { ms: 60_000 }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FunctionError);
    expect(error).toMatchObject({ errorType, message: expect.stringMatching(message) });
  });

  test('runs again after it crashed or timed out', async () => {
    await expect(run.invoke('Slow', { ms: 60_000 })).rejects.toThrow(/timed out/);
    expect(await run.invoke('Slow', { ms: 1 })).toBe(1);
    await expect(run.invoke('Uncaught')).rejects.toThrow('later');
    await expect(run.invoke('Uncaught')).rejects.toThrow('later');
  });

  test('is ended when it takes more memory than it has', async () => {
    await expect(run.invoke('Greedy')).rejects.toMatchObject({ errorType: 'Runtime.OutOfMemory' });
  });
});

describe('concurrency', () => {
  test('throttles beyond what is reserved, and only that', async () => {
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => run.invoke('Reserved', { ms: 300 })));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    const refused = results.filter((result): result is PromiseRejectedResult => result.status === 'rejected');
    for (const { reason } of refused) expect(reason).toBeInstanceOf(ThrottledError);
    expect(refused[0]?.reason).toMatchObject({ statusCode: 429, name: 'TooManyRequestsException' });
    expect(await run.invoke('Reserved', { ms: 1 })).toBe(1);
  });

  test('without a reservation lets invocations wait', async () => {
    const results = await Promise.all(Array.from({ length: 25 }, () => run.invoke('Many', { ms: 5 })));
    expect(results).toHaveLength(25);
  });
});

describe('logs', () => {
  test('hold what was written, in the form of the runtime', async () => {
    await run.invoke('Talks');
    const entries = run.logs('Talks');
    expect(entries.map(({ message }) => message.split('\t').slice(2).join(' ') || message)).toEqual([
      'INFO at start',
      'INFO a b { c: 1 }',
      'ERROR e',
      'raw',
    ]);
    expect(entries[0]?.requestId).toBeUndefined();
    expect(entries[1]?.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('are JSON where the template says so, from the level that it says', async () => {
    await run.invoke('TalksJson');
    const entries = run.logs('TalksJson').map(({ message }) => JSON.parse(message) as unknown);
    expect(entries).toMatchObject([
      { level: 'INFO', message: 'shown' },
      { level: 'WARN', message: { a: 1 } },
      { level: 'ERROR', errorType: 'Error', errorMessage: 'e' },
    ]);
  });

  test('hold the error of an invocation that failed', async () => {
    await run.invoke('Throws').catch(() => undefined);
    expect(run.logs('Throws').at(-1)?.message).toMatch(/\tERROR\tInvoke Error \t\{"errorType":"RangeError"/);
  });
});

describe('a function that invokes functions', () => {
  const call = (input: object) => run.invoke<Record<string, unknown>>('Caller', input);

  test('reaches the version behind an alias, if it may', async () => {
    const answer = await call({ FunctionName: `${run.nameOf('Versioned')}:live`, LogType: 'Tail' });
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '1' });
    expect(JSON.parse(String(answer.Payload))).toEqual([
      '1',
      expect.stringMatching(/:function:Shop-Versioned\w+:live$/),
    ]);
  });

  test('is refused the function itself, which its grant does not name', async () => {
    expect(await call({ FunctionName: run.nameOf('Versioned') })).toMatchObject({
      name: 'AccessDeniedException',
      status: 403,
      message: expect.stringContaining('lambda:InvokeFunction'),
    });
  });

  test('sees the error of a function that fails, and the end of its log', async () => {
    const answer = await call({ FunctionName: run.nameOf('Throws'), LogType: 'Tail' });
    expect(answer).toMatchObject({
      StatusCode: 200,
      FunctionError: 'Unhandled',
      log: expect.stringContaining('RangeError'),
    });
    expect(JSON.parse(String(answer.Payload))).toMatchObject({ errorType: 'RangeError', errorMessage: 'out of it' });
  });

  test('sees a throttle', async () => {
    expect(await call({ FunctionName: run.nameOf('Blocked') })).toMatchObject({
      name: 'TooManyRequestsException',
      message: 'Rate Exceeded.',
      status: 429,
    });
  });

  test('is told that a function does not exist', async () => {
    const client = run.client(LambdaClient);
    const error: unknown = await client.send(new InvokeCommand({ FunctionName: 'nobody' })).catch((e: unknown) => e);
    expect(error).toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Function not found: arn:aws:lambda:us-east-1:123456789012:function:nobody',
    });
    for (const place of ['eu-west-1:123456789012', 'us-east-1:210987654321']) {
      const FunctionName = `arn:aws:lambda:${place}:function:${run.nameOf('Blocked')}`;
      await expect(client.send(new InvokeCommand({ FunctionName }))).rejects.toThrow(`not found: ${FunctionName}`);
    }
  });
});

test('an asynchronous invocation is tried again, then handed to its failure destination', async () => {
  const client = run.client(LambdaClient);
  const Payload = Buffer.from('{"fail":true}');
  const FunctionName = run.nameOf('Failing');
  const { StatusCode } = await client.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload }));
  expect(StatusCode).toBe(202);
  await until(() => run.logs('OnFailure').length > 0);
  expect(run.logs('Failing').filter(({ message }) => message.includes('never'))).toHaveLength(2);
  const record: unknown = JSON.parse(run.logs('OnFailure')[0]!.message.split('\t')[3]!);
  expect(record).toMatchObject({
    version: '1.0',
    requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 2 },
    requestPayload: { fail: true },
    responseContext: { functionError: 'Unhandled' },
    responsePayload: { errorMessage: 'never' },
  });
});

async function until(condition: () => boolean): Promise<void> {
  for (let count = 0; count < 400 && !condition(); count++) await new Promise((resolve) => setTimeout(resolve, 10));
}

test('may load nothing of the project that surrounds its assembly, but the SDK', async () => {
  const outdir = path.join(process.cwd(), '.cache', 'local-run-test');
  const app = new App({ outdir, builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Shop');
  fromHandlers(stack, 'Lonely', 'lonely');
  fromHandlers(stack, 'Esm', 'esm');
  fromHandlers(stack, 'EsmUnbundled', 'esm', { handler: 'index.unbundled' });
  const own = await running(app);
  await expect(own.invoke('Lonely')).rejects.toThrow("Cannot find module 'constructs'");
  await expect(own.invoke('EsmUnbundled')).rejects.toThrow("Cannot find package 'constructs'");
  expect(await own.invoke('Esm')).toMatchObject({ region: 'us-east-1' });
  rmSync(outdir, { recursive: true });
});

test('is reached through an alias of its latest code', async () => {
  const own = await running(
    shop((stack) => {
      const fn = inline(stack, 'Fn', 'exports.handler = async (_, context) => context.functionVersion;');
      new Alias(stack, 'Alias', { aliasName: 'edge', version: fn.latestVersion });
    }),
  );
  const arn = `arn:aws:lambda:us-east-1:123456789012:function:${own.nameOf('Fn')}`;
  expect(await own.invoke(`${arn}:edge`)).toBe('$LATEST');
  await expect(own.invoke(`${arn}:7`)).rejects.toThrow(`there is no function '${arn}:7'`);
});

test('says what it cannot run and what it cannot know', async () => {
  const own = await running(
    shop((stack) => {
      fromHandlers(stack, 'Ruby', 'lonely', { runtime: Runtime.RUBY_3_3 });
      const fn = inline(stack, 'Fn', 'exports.handler = async () => 1;');
      fn.role?.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('BrandNewAccess'));
    }),
  );
  expect(own.unsupported.map(({ resource, reason }) => `${resource}: ${reason}`)).toEqual([
    "Shop/Ruby: its runtime is ruby3.3; only Node.js, Python and 'provided' functions run here",
    "Shop/Fn: the AWS-managed policy 'BrandNewAccess' is not known here: what it allows is refused",
  ]);
});
