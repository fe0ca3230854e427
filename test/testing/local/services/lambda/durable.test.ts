import { setTimeout as pause } from 'node:timers/promises';
import {
  GetDurableExecutionCommand,
  GetDurableExecutionHistoryCommand,
  InvokeCommand,
  LambdaClient,
  ListDurableExecutionsByFunctionCommand,
  SendDurableExecutionCallbackFailureCommand,
  SendDurableExecutionCallbackHeartbeatCommand,
  SendDurableExecutionCallbackSuccessCommand,
  StopDurableExecutionCommand,
} from '@aws-sdk/client-lambda';
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { ServiceFunction } from 'lintel/aws';
import { type LocalExecution, type LocalRun, runLocally } from 'lintel/testing';
import { checkLimits } from '../../../../../lib/testing/local/services/lambda/durable/limits';
import type { OperationUpdate } from '../../../../../lib/testing/local/services/lambda/durable/wire';
import type { Wanted } from './durable/flow';

let run: LocalRun;
let flow: ServiceFunction;
let powerless: ServiceFunction;
let called: ServiceFunction;
let client: LambdaClient;

const CALLED = `exports.handler = async ({ fails, index, slow = 0 }) => {
  await new Promise((resolve) => setTimeout(resolve, slow));
  if (fails) throw Object.assign(new Error('no ' + index), { name: 'Refused' });
  return { index };
};`;

beforeAll(async () => {
  const app = new App({ builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Shop');
  called = new ServiceFunction(stack, 'Called', { code: lambda.Code.fromInline(CALLED), onFailure: 'none' });
  const made = (id: string) => {
    const fn = new ServiceFunction(stack, id, {
      entry: 'test/testing/local/services/lambda/durable/flow.ts',
      ...(id === 'Flow' && { onFailure: 'none' as const }),
      durableConfig: { executionTimeout: Duration.hours(1) },
    });
    called.grantInvoke(fn);
    void fn.currentVersion;
    return fn;
  };
  [flow, powerless] = [made('Flow'), made('Powerless')];
  const statement = new iam.PolicyStatement({
    actions: ['lambda:CheckpointDurableExecution', 'lambda:GetDurableExecutionState'],
    resources: [`${flow.functionArn}:*`],
  });
  new iam.Policy(stack, 'Checkpoints', { roles: [flow.role!], statements: [statement] });
  run = await runLocally(app, { timeScale: 100 });
  client = run.client(LambdaClient);
  expect(run.unsupported.map(({ reason }) => reason)).toEqual([
    'its dead-letter queue gets nothing of its durable executions',
  ]);
}, 60_000);
afterAll(() => run.stop());

const begin = (wanted: Wanted, name?: string) => run.machine(flow).start(wanted, name === undefined ? {} : { name });
const ended = (wanted: Wanted) => begin(wanted).wait();
const resultOf = ({ output, error, cause }: LocalExecution): unknown => output ?? [error, cause];

test('a step is done once, though the function is replayed after each', async () => {
  expect(resultOf(await ended({ steps: 3 }))).toEqual([1, 1, 1]);
  expect(run.logs(flow).filter(({ message }) => message.startsWith('step '))).toHaveLength(3);
  // What this run has ended by itself is no failure of the function.
  expect(run.report().functions.find((one) => one.function === flow.node.path)?.invocations).toMatchObject({
    failed: 0,
  });
  expect(run.logs(flow).filter(({ message }) => message.includes('ERROR'))).toEqual([]);
}, 30_000);

test('what replays otherwise shows', async () => {
  expect((await ended({ random: true })).error).toBe('NonDeterministicExecutionError');
}, 30_000);

test('calls run at once, each to its end, and a race is won by time where the call is slow', async () => {
  const fn = run.nameOf(called);
  const done = [{ index: 0 }, { index: 1 }, { index: 2 }];
  expect(resultOf(await ended({ wait: 60, call: { fn, times: 3 }, race: fn, slow: 1300 }))).toEqual([done, 'time']);
  const failed = { failed: 'no 0' };
  expect(resultOf(await ended({ call: { fn, fails: true }, race: fn, slow: 0 }))).toEqual([[failed], 'answer']);
  expect(resultOf(await ended({ call: { fn: 'nowhere' } }))).toEqual([[{ failed: 'Function not found: nowhere' }]]);
}, 30_000);

test('more than 256 KiB of one step end the execution, with what Lambda says', async () => {
  const [error, cause] = resultOf(await ended({ steps: 1, size: 300_000 })) as string[];
  expect(error).toBe('CheckpointUnrecoverableExecutionError');
  expect(cause).toContain('STEP output payload size must be less than or equal to 262144 bytes.');
}, 30_000);

test('an invocation that breaks down is repeated for some minutes, and then fails the execution', async () => {
  const execution = await ended({ crash: true });
  expect(execution.error).toBe('Runtime.ExitError');
  expect(execution.history.filter(({ event }) => event === 'InvocationCompleted')).toHaveLength(7);
}, 30_000);

test('without its permission a function writes nothing, and the execution fails', async () => {
  const execution = await run.machine(powerless).start({ steps: 1 }).wait();
  expect(execution.error).toBe('CheckpointUnrecoverableExecutionError');
  const { denied } = run.report().functions.find((one) => one.function === powerless.node.path)!;
  expect(denied.map(({ action }) => action)).toContain('lambda:CheckpointDurableExecution');
}, 30_000);

/** The id of the callback that an execution waits for. */
async function callbackOf(execution: LocalExecution): Promise<string> {
  for (;;) {
    const event = execution.events.find(({ type }) => type === 'CallbackStarted');
    if (event) return (event.CallbackStartedDetails as { CallbackId: string }).CallbackId;
    await pause(5);
  }
}

test('a callback ends with its answer, its refusal, or its time; and what comes later is told so', async () => {
  const answered = begin({ ask: { timeout: 3000 } });
  const CallbackId = await callbackOf(answered);
  const Result = Buffer.from('yes');
  await client.send(new SendDurableExecutionCallbackSuccessCommand({ CallbackId, Result }));
  expect(await answered.succeeded()).toEqual(['yes']);
  const late = client.send(new SendDurableExecutionCallbackSuccessCommand({ CallbackId, Result }));
  await expect(late).rejects.toThrow(expect.objectContaining({ name: 'CallbackTimeoutException' }) as Error);

  const refused = begin({ ask: { timeout: 3000 } });
  const id = await callbackOf(refused);
  const error = { ErrorType: 'TooExpensive', ErrorMessage: 'no' };
  await client.send(new SendDurableExecutionCallbackFailureCommand({ CallbackId: id, Error: error }));
  expect(await refused.succeeded()).toEqual(['CallbackExternalError: TooExpensive']);

  expect(resultOf(await ended({ ask: { timeout: 20 } }))).toEqual(['CallbackTimeoutError: Callback.Timeout']);
}, 30_000);

test('a callback with a heartbeat lasts as long as it is heard of', async () => {
  const execution = begin({ ask: { timeout: 3000, heartbeat: 40 } });
  const CallbackId = await callbackOf(execution);
  for (let beats = 0; beats < 3; beats++) {
    await pause(250);
    await client.send(new SendDurableExecutionCallbackHeartbeatCommand({ CallbackId }));
  }
  expect(execution.status).toBe('RUNNING');
  expect((await execution.wait()).output).toEqual(['CallbackTimeoutError: Callback.Timeout']);
}, 30_000);

describe('the API', () => {
  const start = (name: string, payload: object, FunctionName = `${run.nameOf(flow)}:1`) =>
    client.send(
      new InvokeCommand({
        FunctionName,
        InvocationType: 'Event',
        DurableExecutionName: name,
        Payload: Buffer.from(JSON.stringify(payload)),
      }),
    );

  test('a name is started once: the same again is the same execution, other input an error', async () => {
    const first = await start('once', { wait: 5 });
    expect(first).toMatchObject({ StatusCode: 202, DurableExecutionArn: expect.stringContaining('/once/') as string });
    expect((await start('once', { wait: 5 })).DurableExecutionArn).toBe(first.DurableExecutionArn);
    await expect(start('once', { wait: 6 })).rejects.toMatchObject({
      name: 'DurableExecutionAlreadyStartedException',
      message: `Execution already started: ${first.DurableExecutionArn}`,
    });
  });

  test.each<[string, () => Promise<unknown>, string]>([
    ['a function without a version', () => start('x', {}, run.nameOf(flow)), 'using an unqualified ARN'],
    ['a name with a dot', () => start('a.b', {}), 'Invalid durable execution name'],
    ['a name for another function', () => start('x', {}, run.nameOf(called)), 'is not a durable function'],
    [
      'to wait for an execution that may take longer than 15 minutes',
      () => client.send(new InvokeCommand({ FunctionName: `${run.nameOf(flow)}:1` })),
      'greater than 15 minutes',
    ],
  ])('refuses %s', async (_, call, message) => {
    await expect(call()).rejects.toThrow(message);
  });

  test('executions are listed, read and stopped', async () => {
    const execution = begin({ steps: 1, ask: { timeout: 3000 } }, 'stopped');
    await callbackOf(execution);
    const DurableExecutionArn = execution.arn;
    await client.send(new StopDurableExecutionCommand({ DurableExecutionArn, Error: { ErrorType: 'Mistake' } }));
    expect(execution.status).toBe('STOPPED');
    expect(await client.send(new GetDurableExecutionCommand({ DurableExecutionArn }))).toMatchObject({
      DurableExecutionName: 'stopped',
      FunctionArn: expect.stringMatching(/:1$/) as string,
      Status: 'STOPPED',
      Error: { ErrorType: 'Mistake' },
      EndTimestamp: expect.any(Date) as Date,
    });
    const listed = await client.send(
      new ListDurableExecutionsByFunctionCommand({
        FunctionName: run.nameOf(flow),
        Statuses: ['STOPPED'],
        StartedAfter: new Date(Date.now() - 60_000),
      }),
    );
    expect(listed.DurableExecutions).toMatchObject([{ DurableExecutionArn }]);
    const data = { IncludeExecutionData: true, MaxItems: 2 };
    const page = await client.send(new GetDurableExecutionHistoryCommand({ DurableExecutionArn, ...data }));
    expect(page.Events).toMatchObject([
      { EventType: 'ExecutionStarted', ExecutionStartedDetails: { Input: { Truncated: false } } },
      { EventType: 'StepStarted', Name: 'step 0' },
    ]);
    const { Events } = await client.send(
      new GetDurableExecutionHistoryCommand({ DurableExecutionArn, Marker: page.NextMarker }),
    );
    expect(Events![0]).toMatchObject({ EventType: 'StepSucceeded', StepSucceededDetails: { Result: {} } });
    expect(JSON.stringify(Events)).not.toContain('Payload');
  }, 30_000);
});

describe('limits', () => {
  const step: OperationUpdate = { Id: 'a', Type: 'STEP', Action: 'START' };

  test.each<[string, OperationUpdate, { operations: number; bytes: number }, string]>([
    ['3,001 operations', step, { operations: 3000, bytes: 0 }, 'operations must be less than or equal to 3000'],
    [
      'more than 100 MB',
      { ...step, Action: 'SUCCEED', Payload: 'xx' },
      { operations: 1, bytes: 100 * 2 ** 20 - 1 },
      'storage must be less than or equal to',
    ],
    [
      'an error of more than 256 KiB',
      { ...step, Action: 'FAIL', Error: { ErrorMessage: 'x'.repeat(2 ** 18) } },
      { operations: 1, bytes: 0 },
      'Error object size',
    ],
    [
      'a call with more than 1 MiB',
      { Id: 'a', Type: 'CHAINED_INVOKE', Action: 'START', Payload: 'x'.repeat(2 ** 20 + 1) },
      { operations: 1, bytes: 0 },
      'CHAINED_INVOKE input payload size must be less than or equal to 1048576 bytes.',
    ],
    [
      'a wait of no time',
      { Id: 'a', Type: 'WAIT', Action: 'START', WaitOptions: { WaitSeconds: 0 } },
      { operations: 1, bytes: 0 },
      'greater than or equal to 1',
    ],
  ])('refuses %s', (_, update, usage, message) => {
    expect(() => checkLimits([update], usage)).toThrow(message);
  });
});
