import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  RedriveExecutionCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  TestStateCommand,
  ValidateStateMachineDefinitionCommand,
} from '@aws-sdk/client-sfn';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Stack } from 'aws-cdk-lib';
import { DefinitionBody, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { type LocalRun, StateMachineFailed } from 'lintel/testing';
import { inline, ordersTable, running, shop, stopRuns } from '../../support';

const FLAKY = `let calls = 0;
exports.handler = async ({ fail, slow }) => {
  calls++;
  if (slow) await new Promise((resolve) => setTimeout(resolve, slow));
  if (fail && calls <= fail) throw Object.assign(new Error('not yet'), { name: 'NotYet' });
  return { calls };
};`;

const ASKS = `const { SFNClient, StartSyncExecutionCommand } = require('@aws-sdk/client-sfn');
exports.handler = async (numbers) => {
  const start = { stateMachineArn: process.env.MACHINE, input: JSON.stringify({ numbers }) };
  return (await new SFNClient().send(new StartSyncExecutionCommand(start))).output;
};`;

let run: LocalRun;
let sfn: SFNClient;

function machine(stack: Stack, id: string, definition: object, type = StateMachineType.STANDARD): StateMachine {
  const body = DefinitionBody.fromString(JSON.stringify({ QueryLanguage: 'JSONata', ...definition }));
  return new StateMachine(stack, id, {
    definitionBody: body,
    stateMachineType: type,
  });
}

beforeAll(async () => {
  const app = shop((stack) => {
    const flaky = inline(stack, 'Flaky', FLAKY);
    const queue = new Queue(stack, 'Approvals');
    const table = ordersTable(stack);
    const invoke = (input: object, more: object = {}) => ({
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: { FunctionName: flaky.functionName, Payload: input },
      Output: '{% $states.result.Payload %}',
      ...more,
    });
    const order = machine(stack, 'Order', {
      StartAt: 'Charge',
      States: {
        Charge: invoke(
          { fail: '{% $states.input.fail %}' },
          {
            Retry: [{ ErrorEquals: ['NotYet'], MaxAttempts: 2, IntervalSeconds: 1 }],
            Catch: [
              { ErrorEquals: ['States.ALL'], Next: 'Refused', Assign: { why: '{% $states.errorOutput.Error %}' } },
            ],
            Assign: { why: 'paid' },
            Next: 'Keep',
          },
        ),
        Keep: {
          Type: 'Task',
          Resource: 'arn:aws:states:::dynamodb:putItem',
          Arguments: { TableName: table.tableName, Item: { id: { S: '{% $states.context.Execution.Name %}' } } },
          Output: { why: '{% $why %}' },
          End: true,
        },
        Refused: { Type: 'Fail', Error: 'Refused', Cause: '{% $why %}' },
      },
    });
    flaky.grantInvoke(order);
    table.grantWriteData(order);

    const asking = (limits: object) => ({
      StartAt: 'Ask',
      States: {
        Ask: {
          Type: 'Task',
          Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
          ...limits,
          Arguments: {
            QueueUrl: queue.queueUrl,
            MessageBody: { token: '{% $states.context.Task.Token %}', id: '{% $states.input.id %}' },
          },
          End: true,
        },
      },
    });
    // Of the second, no token ends before its test has answered, on the slowest machine.
    for (const [id, limits] of [
      ['Approval', { TimeoutSeconds: 3600, HeartbeatSeconds: 600 }],
      ['Patient', {}],
    ] as const)
      queue.grantSendMessages(machine(stack, id, asking(limits)));

    const denied = machine(stack, 'Denied', { StartAt: 'Call', States: { Call: { ...invoke({}), End: true } } });
    const outer = machine(stack, 'Outer', {
      StartAt: 'Inner',
      States: {
        Inner: {
          Type: 'Task',
          Resource: 'arn:aws:states:::states:startExecution.sync:2',
          Arguments: { StateMachineArn: denied.stateMachineArn, Input: { a: 1 } },
          Catch: [{ ErrorEquals: ['States.TaskFailed'], Next: 'Caught' }],
          End: true,
        },
        Caught: { Type: 'Succeed', Output: '{% $parse($states.input.Cause).Error %}' },
      },
    });
    denied.grantStartExecution(outer);
    denied.grantExecution(outer, 'states:DescribeExecution', 'states:StopExecution');

    const quick = machine(
      stack,
      'Quick',
      {
        StartAt: 'Sum',
        States: { Sum: { Type: 'Pass', Output: '{% $sum($states.input.numbers) %}', End: true } },
      },
      StateMachineType.EXPRESS,
    );
    const asks = inline(stack, 'Asks', ASKS, { environment: { MACHINE: quick.stateMachineArn } });
    quick.grantStartSyncExecution(asks);
    machine(stack, 'Ghost', {
      StartAt: 'Glue',
      States: {
        Glue: {
          Type: 'Task',
          Resource: 'arn:aws:states:::glue:startJobRun.sync',
          Arguments: { JobName: 'nightly' },
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Fine' }],
          End: true,
        },
        Fine: { Type: 'Succeed' },
      },
    });
    const sleeper = machine(stack, 'Sleeper', {
      StartAt: 'Sleep',
      TimeoutSeconds: 300,
      States: {
        Sleep: { Type: 'Wait', Seconds: '{% $states.input.seconds %}', Next: 'Slow' },
        Slow: { ...invoke({ slow: 60 }, { TimeoutSeconds: 30 }), End: true },
      },
    });
    flaky.grantInvoke(sleeper);

    const events = new Queue(stack, 'Events');
    const rule = new Rule(stack, 'Failures', {
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
          stateMachineArn: [order.stateMachineArn, sleeper.stateMachineArn],
        },
      },
    });
    rule.addTarget(new SqsQueue(events));
  });
  run = await running(app, { timeScale: 1000 });
  sfn = run.client(SFNClient);
});

afterAll(stopRuns);

test('retries what it says, with variables and output by JSONata', async () => {
  const execution = run.machine('Order').start({ fail: 1 }, { name: 'order-1' });
  await expect(execution.succeeded()).resolves.toEqual({ why: 'paid' });
  expect(execution.history.filter(({ event }) => event === 'TaskFailed')).toEqual([
    { id: expect.any(Number), event: 'TaskFailed', detail: expect.stringMatching(/^NotYet: /) },
  ]);
  expect(execution.states).toEqual(['Charge', 'Keep']);
});

test('an exhausted retrier goes to Catch, whose Assign counts instead of the state', async () => {
  const execution = await run.machine('Order').start({ fail: 1000 }).wait();
  expect(execution).toMatchObject({ status: 'FAILED', error: 'Refused', cause: 'NotYet' });
  await expect(execution.succeeded()).rejects.toThrow(StateMachineFailed);
  await run.idle();
  const messages = await run.queue('Events').messages();
  expect(messages.map(({ body }) => JSON.parse(body) as { detail: { name: string; status: string } })).toContainEqual(
    expect.objectContaining({
      source: 'aws.states',
      detail: expect.objectContaining({ name: execution.name, status: 'FAILED' }),
    }),
  );
});

test('a task waits for its token; a second answer comes too late, and is told so', async () => {
  const execution = run.machine('Patient').start({ id: 'a-1' });
  await run.idle();
  const [message] = await run.queue('Approvals').messages();
  const { token, id } = JSON.parse(message!.body) as { token: string; id: string };
  expect(id).toBe('a-1');
  await sfn.send(new SendTaskHeartbeatCommand({ taskToken: token }));
  await sfn.send(new SendTaskSuccessCommand({ taskToken: token, output: '{"approved":true}' }));
  await expect(execution.succeeded()).resolves.toEqual({ approved: true });
  await expect(sfn.send(new SendTaskSuccessCommand({ taskToken: token, output: '{}' }))).rejects.toThrow(
    expect.objectContaining({ name: 'TaskTimedOut' }),
  );
  await expect(sfn.send(new SendTaskSuccessCommand({ taskToken: 'none', output: '{}' }))).rejects.toThrow(
    expect.objectContaining({ name: 'InvalidToken' }),
  );
});

test('a task whose token nobody answers misses its heartbeat by the clock of the run', async () => {
  const execution = await run.machine('Approval').start({ id: 'a-2' }).wait();
  expect(execution).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  expect(execution.history.map(({ event }) => event)).toContain('TaskTimedOut');
});

test('refuses what the role of the machine does not allow, and a nested execution tells of it', async () => {
  await expect(run.machine('Outer').run()).resolves.toBe('Lambda.AWSLambdaException');
  const [inner] = run.machine('Denied').executions;
  expect(inner!.cause).toMatch(/is not authorized to perform: lambda:InvokeFunction/);
  const role = run.report().roles.find(({ assumedBy }) => assumedBy.includes('Shop/Denied'));
  expect(role?.denied).toEqual([expect.objectContaining({ action: 'lambda:InvokeFunction' })]);
});

test('the report has what the role of a machine used', () => {
  const role = run.report().roles.find(({ assumedBy }) => assumedBy.includes('Shop/Order'));
  expect(role?.used.map(({ action }) => action)).toEqual(['lambda:InvokeFunction', 'dynamodb:PutItem']);
});

test('what is not run is listed before the run, and ends the execution past every Catch', async () => {
  const reason = expect.stringContaining("its state 'Glue' calls 'arn:aws:states:::glue:startJobRun.sync'");
  expect(run.unsupported).toContainEqual(expect.objectContaining({ resource: 'Shop/Ghost', reason }));
  await expect(run.machine('Ghost').start().wait()).resolves.toMatchObject({
    status: 'FAILED',
    error: 'LocalRunUnsupported',
  });
});

test('a wait passes by the clock of the run, while the time of a handler is its own', async () => {
  const begun = Date.now();
  const execution = run.machine('Sleeper').start({ seconds: 200 });
  await execution.succeeded();
  expect(Date.now() - begun).toBeLessThan(10_000);
  const [entered, exited] = execution.events.filter(({ type }) => type.startsWith('WaitState'));
  expect(exited!.timestamp - entered!.timestamp).toBeGreaterThanOrEqual(200);
});

test('an execution that takes too long ends without a Catch', async () => {
  const execution = await run.machine('Sleeper').start({ seconds: 7200 }).wait();
  expect(execution).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
});

describe('the API', () => {
  const arn = () => run.machine('Patient').arn;

  test('a name with the same input while it is open is the same execution; with another it is taken', async () => {
    const start = (input: string) =>
      sfn.send(new StartExecutionCommand({ stateMachineArn: arn(), name: 'once', input }));
    const first = await start('{"id":"once"}');
    expect((await start('{"id":"once"}')).executionArn).toBe(first.executionArn);
    await expect(start('{"id":"other"}')).rejects.toThrow(ExecutionAlreadyExists);
    await run
      .machine('Patient')
      .executions.find(({ name }) => name === 'once')!
      .stop('Enough', 'of it');
    await expect(start('{"id":"once"}')).rejects.toThrow(ExecutionAlreadyExists);
    const described = await sfn.send(new DescribeExecutionCommand({ executionArn: first.executionArn }));
    expect(described).toMatchObject({
      status: 'ABORTED',
      error: 'Enough',
      cause: 'of it',
      redriveStatus: 'REDRIVABLE',
    });
  });

  test('gives the history as AWS does', async () => {
    const { arn: executionArn } = await run.machine('Order').start({ fail: 0 }).wait();
    const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 5 }));
    expect(events.map(({ id, previousEventId, type }) => `${id}<-${previousEventId} ${type}`)).toEqual([
      '1<-0 ExecutionStarted',
      '2<-0 TaskStateEntered',
      '3<-2 TaskScheduled',
      '4<-3 TaskStarted',
      '5<-4 TaskSucceeded',
    ]);
    expect(events[2]!.taskScheduledEventDetails).toMatchObject({ resourceType: 'lambda', resource: 'invoke' });
    expect(events[0]!.timestamp).toBeInstanceOf(Date);
  });

  test('lists executions by status, the newest first', async () => {
    const { executions = [] } = await sfn.send(
      new ListExecutionsCommand({ stateMachineArn: run.machine('Order').arn, statusFilter: 'FAILED' }),
    );
    expect(executions.length).toBeGreaterThan(0);
    expect(new Set(executions.map(({ status }) => status))).toEqual(new Set(['FAILED']));
  });

  test('an Express execution is waited for, and not described afterwards', async () => {
    const stateMachineArn = run.machine('Quick').arn;
    const answer = await sfn.send(new StartSyncExecutionCommand({ stateMachineArn, input: '{"numbers":[1,2,3]}' }));
    expect(answer).toMatchObject({ status: 'SUCCEEDED', output: '6' });
    const described = sfn.send(new DescribeExecutionCommand({ executionArn: answer.executionArn }));
    await expect(described).rejects.toThrow(/Resource type not valid in this context: express/);
    const wrong = sfn.send(new StartSyncExecutionCommand({ stateMachineArn: arn() }));
    await expect(wrong).rejects.toThrow(expect.objectContaining({ name: 'StateMachineTypeNotSupported' }));
  });

  test('a handler starts an Express execution and waits for it', async () => {
    await expect(run.invoke('Asks', [4, 5])).resolves.toBe('9');
  });

  test('a redrive goes on with the state that failed', async () => {
    const execution = await run.machine('Sleeper').start({ seconds: 4000 }).wait();
    expect(execution.status).toBe('TIMED_OUT');
    await sfn.send(new RedriveExecutionCommand({ executionArn: execution.arn }));
    await execution.wait();
    expect(execution.events.map(({ type }) => type)).toContain('ExecutionRedriven');
    const again = sfn.send(new RedriveExecutionCommand({ executionArn: execution.arn.replace(/[^:]+$/, 'none') }));
    await expect(again).rejects.toThrow(expect.objectContaining({ name: 'ExecutionDoesNotExist' }));
  });

  test('a state is tested by itself', async () => {
    const definition = JSON.stringify({
      Type: 'Pass',
      QueryLanguage: 'JSONata',
      Output: '{% $states.input.x + 1 %}',
      Next: 'N',
    });
    await expect(sfn.send(new TestStateCommand({ definition, input: '{"x":1}' }))).resolves.toMatchObject({
      status: 'SUCCEEDED',
      output: '2',
      nextState: 'N',
    });
    await expect(sfn.send(new TestStateCommand({ definition, input: '{}' }))).resolves.toMatchObject({
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
    });
  });

  test.each([
    [{}, 'These fields are required: [States, StartAt]'],
    [{ StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' } } }, "Missing 'Next' target: B"],
    [
      { QueryLanguage: 'JSONata', StartAt: 'A', States: { A: { Type: 'Pass', Output: '{% id %}', End: true } } },
      "Reference to 'id' at the top level is not supported.",
    ],
  ])('refuses the definition %j', async (definition, message) => {
    const { result, diagnostics = [] } = await sfn.send(
      new ValidateStateMachineDefinitionCommand({ definition: JSON.stringify(definition) }),
    );
    expect(result).toBe('FAIL');
    expect(diagnostics.map((one) => one.message)).toContain(message);
  });
});
