import type { Event as DurableEvent } from '@aws-sdk/client-lambda';
import {
  CallbackTimeoutError,
  ChildContextError,
  type DurableContext,
  InvokeError,
  StepError,
} from '@aws/durable-execution-sdk-js';
import { pause } from '../../../lib/aws/saga/durable/attempts';
import { needsKeeper, parkedSaga } from '../../../lib/aws/saga/durable/durable-history';
import type { DurablePlan } from '../../../lib/aws/saga/durable/durable-plan';
import { failureOf, isRetried, isUnknown } from '../../../lib/aws/saga/durable/failures';
import { withNames } from '../../../lib/aws/saga/durable/named-errors';
import { runSaga } from '../../../lib/aws/saga/durable/run';
import type { PlanCall, PlanNode, PlanStep } from '../../../lib/aws/saga/plan';

const call: PlanCall = {
  kind: 'handler',
  callback: false,
  timeout: 40,
  settle: 10,
  retry: { errors: ['Lambda.TooManyRequestsException'], attempts: 3, interval: 2, backoff: 2, maxDelay: 60 },
};
const step = (name: string, more: Partial<PlanStep> = {}): PlanStep => ({
  name,
  action: call,
  compensation: call,
  ...more,
});
const plan: DurablePlan = {
  undoFailed: false,
  deadline: undefined,
  nodes: [
    { kind: 'step', name: 'a', steps: [step('a', { when: '{% $input.wanted %}' })] },
    { kind: 'group', name: 'Group 2', steps: [step('b'), step('c')] },
    {
      kind: 'each',
      distributed: false,
      name: 'd',
      steps: [step('d')],
      items: '{% $input.lines %}',
      maxItems: 3,
      concurrency: 2,
    },
  ],
  calls: Object.fromEntries(['a', 'b', 'c', 'd'].map((name, at) => [name, { action: at, compensation: at + 4 }])),
};
const functions = ['a', 'b', 'c', 'd', 'undo a', 'undo b', 'undo c', 'undo d'];

/** A context that only notes what it is asked to do. */
function contextOf(answer: (fn: string, event: { idempotencyKey: string }) => unknown) {
  const asked: { kind: string; name: string; config?: unknown }[] = [];
  type Work<T = unknown> = (context: unknown, ...rest: unknown[]) => Promise<T>;
  const batch = async (works: readonly (() => Promise<unknown>)[]) => {
    const all: { result: unknown }[] = [];
    for (const work of works) all.push({ result: await work() });
    return { all };
  };
  const context = {
    step: async (name: string, work: () => Promise<unknown>, config: unknown) => {
      asked.push({ kind: 'step', name, config });
      return work();
    },
    runInChildContext: (name: string, work: Work) => {
      asked.push({ kind: 'context', name });
      return work(context);
    },
    parallel: (name: string, branches: readonly { func: Work }[], config: unknown) => {
      asked.push({ kind: 'parallel', name, config });
      return batch(
        branches.map(
          ({ func }) =>
            () =>
              func(context),
        ),
      );
    },
    map: (name: string, items: readonly unknown[], work: Work, config: unknown) => {
      asked.push({ kind: 'map', name, config });
      return batch(items.map((item, index) => () => work(context, item, index)));
    },
    invoke: async (_: string, fn: string, event: { idempotencyKey: string }) => answer(fn, event),
    wait: (name: string) => {
      asked.push({ kind: 'wait', name });
      return name === 'timeout' ? new Promise(() => undefined) : Promise.resolve();
    },
  };
  return { context: context as unknown as DurableContext, asked };
}

const parts = {
  plan,
  functions,
  parked: 'https://queue',
  saga: 'arn:saga',
  execution: { name: 'A1', arn: 'arn:execution', startTime: '2026-11-29T00:00:00.000Z' },
};
const input = { wanted: true, lines: [7, 8] };
const refused = (message: string) => new InvokeError(message, undefined, 'Refused');

test('every group and list tolerates all failures, and every step says when it is tried again', async () => {
  const { context, asked } = contextOf((fn, { idempotencyKey }) => {
    if (idempotencyKey === 'A1:d:1') throw refused('no');
    return fn;
  });
  await expect(runSaga(context, input, parts)).rejects.toMatchObject({ name: 'SagaUndone', message: 'd: Refused' });
  const groups = asked.filter(({ kind }) => kind === 'parallel' || kind === 'map');
  expect(groups.map(({ name }) => name)).toEqual(['Group 2', 'd for each', 'Undo d']);
  for (const { config } of groups) {
    expect(config).toMatchObject({ completionConfig: { toleratedFailurePercentage: 100 } });
  }
  const steps = asked.filter(({ kind }) => kind === 'step');
  expect(steps.map(({ name }) => name)).toEqual(['a wanted?', 'd items read']);
  for (const { config } of steps) expect(config).toMatchObject({ retryStrategy: expect.any(Function) as unknown });
  const undone = asked.filter(({ name }) => name.startsWith('Undo')).map(({ name }) => name);
  expect(undone).toEqual(['Undo d', 'Undo c', 'Undo b', 'Undo a']);
});

test('once the time is over, no item and no attempt is begun', async () => {
  const called: string[] = [];
  const { context } = contextOf((fn) => {
    called.push(fn);
    return fn;
  });
  const timed = { ...plan, nodes: plan.nodes.slice(2), deadline: 60 };
  await expect(runSaga(context, input, { ...parts, plan: timed })).rejects.toMatchObject({
    message: 'd: States.Timeout',
  });
  // The compensations, since nobody knows what became of an item whose time was over.
  expect(called).toEqual(['undo d', 'undo d']);
});

test('only what is said is tried again, and after a retry nobody knows what became of a step', async () => {
  let tries = 0;
  const { context, asked } = contextOf(() => {
    if (++tries === 1) throw new InvokeError('busy', undefined, 'TooManyRequestsException');
    if (tries === 2) throw refused('no');
  });
  await expect(runSaga(context, input, parts)).rejects.toMatchObject({ message: 'a: Refused' });
  const waits = asked.filter(({ kind }) => kind === 'wait').map(({ name }) => name);
  // Called twice, then the wait for what may still run.
  expect(waits.slice(0, 4)).toEqual(['timeout', 'pause', 'timeout', 'Saga settles']);
});

test('a resumed saga undoes what is left, with the keys that it had', async () => {
  const keys: string[] = [];
  const { context } = contextOf((fn, { idempotencyKey }) => void keys.push(`${fn} ${idempotencyKey}`));
  const left = {
    key: 'A1',
    input,
    results: {},
    items: { d: [7, 8] },
    outcomes: { a: 'completed', b: 'undone', c: 'refused', d: ['undone', 'unknown'] },
    failed: { step: 'd', error: 'Aborted', cause: '', wait: 0 },
  };
  const resumed = { ...parts, execution: { ...parts.execution, name: 'A1-resume-1' } };
  await expect(runSaga(context, { 'lintel:saga': left }, resumed)).rejects.toMatchObject({ name: 'SagaUndone' });
  expect(keys).toEqual(['undo d A1:d:1:undo', 'undo a A1:a:undo']);
});

test.each([
  ['that was distributed, and is no more', false, { 'lintel:claim': 'd/A1/list', count: 2 }],
  ['that is distributed since', true, [7, 8]],
  ['that is missing', false, undefined],
])('a resumed saga does not call a list undone %s: it is parked again', async (_, distributed, list) => {
  const { context, asked } = contextOf(() => null);
  const [a, group, each] = plan.nodes as [PlanNode, PlanNode, PlanNode & { kind: 'each' }];
  const now = { ...plan, nodes: [a, group, { ...each, distributed, ...(distributed && { part: 2 }) }] };
  const left = {
    key: 'A1',
    input,
    results: {},
    items: list === undefined ? {} : { d: list },
    outcomes: { d: 'unknown' },
    failed: { step: 'd', error: 'Aborted', cause: '', wait: 0 },
  };
  const resumed = { ...parts, plan: now, execution: { ...parts.execution, name: 'A1-resume-1' } };
  await expect(
    runSaga(
      { ...context, step: async (name: string) => void asked.push({ kind: 'step', name }) } as never,
      { 'lintel:saga': left },
      resumed,
    ),
  ).rejects.toMatchObject({ name: 'SagaParked', message: 'd could not be undone: SagaListFailed' });
  expect(asked.map(({ name }) => name)).toEqual(['Saga parks']);
});

test('a part of a list whose undo may have begun is asked again once it must have ended', async () => {
  const { context, asked } = contextOf(() => null);
  const [a, group, each] = plan.nodes as [PlanNode, PlanNode, PlanNode & { kind: 'each' }];
  const now = { ...plan, nodes: [a, group, { ...each, distributed: true, part: 2 }] } as DurablePlan;
  const left = {
    key: 'A1',
    input,
    results: {},
    items: { d: { 'lintel:claim': 'd/A1/list', count: 2, part: 2 } },
    outcomes: { d: 'unknown' },
    failed: { step: 'd', error: 'Aborted', cause: '', wait: 0 },
  };
  const begins = ['Undo d part 0 begins', 'Undo d part 0 again begins'];
  const without = {
    ...context,
    createCallback: async (name: string) => [
      name.endsWith('again') ? '{"ok":true}' : new Promise(() => undefined),
      name,
    ],
    step: async (name: string) => {
      asked.push({ kind: 'step', name });
      if (name === begins[0]) throw new StepError('no', new Error('read ECONNRESET'));
      return { key: 'd/A1/data' };
    },
    runInChildContext: (_: string, work: (child: unknown) => unknown) => work(without),
  };
  const resumed = { ...parts, plan: now, execution: { ...parts.execution, name: 'A1-resume-1' } };
  await expect(runSaga(without as never, { 'lintel:saga': left }, resumed)).rejects.toMatchObject({
    name: 'SagaUndone',
  });
  expect(asked.map(({ name }) => name)).toEqual(['d data written', begins[0], 'Undo d part 0 settles', begins[1]]);
});

describe('errors', () => {
  test.each<[string, unknown, string]>([
    ['of a function, by the name that was put into the data', refused('no'), 'Refused'],
    ['of a function without a name', new InvokeError('no'), 'Lambda.Unknown'],
    ['of an answer, by its cause', new StepError('no', Object.assign(new Error('no'), { name: 'TooDear' })), 'TooDear'],
    ['of an answer that did not come', new CallbackTimeoutError('Callback timed out'), 'States.Timeout'],
    ['of a sign of life that did not', new CallbackTimeoutError('timed out on heartbeat'), 'States.HeartbeatTimeout'],
    ['of the SDK', new ChildContextError('no'), 'ChildContextError'],
    ['of our own', new TypeError('no'), 'TypeError'],
  ])('%s', (_, error, name) => {
    expect(failureOf(error).error).toBe(name);
  });

  test('the name of a called function’s error is put where the SDK keeps it', () => {
    const failed = { ChainedInvokeDetails: { Error: { ErrorType: 'Refused', ErrorMessage: 'no' } }, Id: 'x' };
    expect(withNames(failed)).toEqual({
      Id: 'x',
      ChainedInvokeDetails: { Error: { ErrorType: 'Refused', ErrorMessage: 'no', ErrorData: 'Refused' } },
    });
    expect(withNames({ Id: 'y' })).toEqual({ Id: 'y' });
  });

  test.each([
    'Sandbox.Timedout',
    'Runtime.ExitError',
    'States.Timeout',
    'Lambda.Unknown',
    'TooManyRequestsException',
    'ServiceException',
    'ResourceNotFoundException',
    'AccessDeniedException',
    'ChainedInvoke.Timeout',
    'TimeoutError',
    'Saga.OutcomeUnknown',
    '',
  ])('after %p nobody knows', (name) => {
    expect(isUnknown(name)).toBe(true);
  });

  test.each(['Refused', 'OutOfStock', 'Error', 'ConditionalCheckFailedException'])('%p is a refusal', (name) => {
    expect(isUnknown(name)).toBe(false);
  });

  test('those of Lambda are tried again with and without their prefix', () => {
    const { errors } = call.retry;
    expect(
      ['TooManyRequestsException', 'Lambda.TooManyRequestsException', 'Refused'].map((one) => isRetried(one, errors)),
    ).toEqual([true, true, false]);
    expect(isRetried('Refused', ['States.ALL'])).toBe(true);
    expect(['States.Timeout', 'Refused'].map((one) => isRetried(one, ['States.TaskFailed']))).toEqual([false, true]);
    expect(isRetried('States.HeartbeatTimeout', ['States.Timeout'])).toBe(true);
  });
});

test('pauses are the same in each replay, no longer than planned, and others for other calls', () => {
  const pauses = (key: string) => [1, 2, 3, 4].map((attempt) => pause({ ...call.retry, maxDelay: 6 }, attempt, key));
  expect(pauses('A1:a')).toEqual(pauses('A1:a'));
  expect(pauses('A1:a')).not.toEqual(pauses('A2:a'));
  for (const seconds of pauses('A1:a')) expect(seconds >= 1 && seconds <= 6 && Number.isInteger(seconds)).toBe(true);
});

describe('the history of an execution', () => {
  const execution = {
    DurableExecutionArn: 'arn:aws:lambda:eu-west-1:1:function:Order:3/durable-execution/A1/x',
    DurableExecutionName: 'A1',
    FunctionArn: 'arn:aws:lambda:eu-west-1:1:function:Order:3',
    InputPayload: JSON.stringify({ 'lintel:saga': { start: 'x', input: { id: 1 } } }),
    Status: 'STOPPED' as const,
    Error: undefined,
  };
  const known = { undo: ['ship', 'lines', 'reserve'], others: ['check'], each: ['lines'], settle: 10 };
  const begun = (Name: string): DurableEvent => ({ EventType: 'ContextStarted', Name });
  const told = (Name: string, value: unknown): DurableEvent => ({
    EventType: 'ContextSucceeded',
    Name,
    ContextSucceededDetails: { Result: { Payload: JSON.stringify(value) } },
  });
  const read = (Name: string, value: unknown): DurableEvent => ({
    EventType: 'StepSucceeded',
    Name,
    StepSucceededDetails: { Result: { Payload: JSON.stringify({ value }) }, RetryDetails: undefined },
  });
  const whole = (name: string, value: unknown) => [begun(name), told(name, value)];
  const done = (result: unknown) => ({ outcome: 'completed', result });

  test('what ended as planned, or is going on, needs no keeper', () => {
    const needs = (Status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'STOPPED', ErrorType?: string) =>
      needsKeeper({ Status, Error: ErrorType === undefined ? undefined : { ErrorType } });
    expect(['SagaUndone', 'SagaParked'].map((error) => needs('FAILED', error))).toEqual([false, false]);
    expect([needs('RUNNING'), needs('SUCCEEDED')]).toEqual([false, false]);
    expect([needs('FAILED', 'SagaNotParked'), needs('FAILED'), needs('TIMED_OUT'), needs('STOPPED')]).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  test('what is told counts, what was only begun is unknown, and what was undone is not left', () => {
    const events = [
      ...whole('reserve', done('r')),
      ...whole('check', { outcome: 'refused', error: 'Refused' }),
      read('lines items read', [5, 6, 7]),
      ...whole('lines 0', done('l')),
      begun('lines 1'),
      begun('attempt'),
      ...whole('ship', done('s')),
      ...whole('Undo ship', { ok: true }),
    ];
    expect(parkedSaga(execution, events, known)).toEqual({
      saga: 'arn:aws:lambda:eu-west-1:1:function:Order',
      execution: execution.DurableExecutionArn,
      name: 'A1',
      key: 'A1',
      failed: { step: 'Undo ship', error: 'Aborted', cause: '', wait: 10 },
      outcomes: { reserve: 'completed', check: 'refused', lines: ['completed', 'unknown', 'skipped'], ship: 'undone' },
      left: [
        {
          step: 'lines',
          outcome: ['completed', 'unknown', 'skipped'],
          actionKey: 'A1:lines',
          idempotencyKey: 'A1:lines:undo',
        },
        { step: 'reserve', outcome: 'completed', actionKey: 'A1:reserve', idempotencyKey: 'A1:reserve:undo' },
      ],
      data: {
        input: { id: 1 },
        results: { reserve: 'r', ship: 's', lines: [{ index: 0, result: 'l' }] },
        items: { lines: [5, 6, 7] },
      },
    });
  });

  test('a saga that has told people itself is not told of again', () => {
    const sent: DurableEvent = { EventType: 'StepSucceeded', Name: 'Saga parks' };
    expect(parkedSaga(execution, [...whole('reserve', done('r')), sent], known)).toBeUndefined();
  });

  test('where the history itself is cut, nobody takes its data for whole', () => {
    const cut: DurableEvent = {
      EventType: 'ContextSucceeded',
      Name: 'reserve',
      ContextSucceededDetails: { Result: { Truncated: true } },
    };
    expect(parkedSaga(execution, [begun('reserve'), cut], known)).toMatchObject({
      outcomes: { reserve: 'unknown' },
      data: { inHistoryOf: execution.DurableExecutionArn },
    });
  });

  test('a resumed one goes on from what it was given', () => {
    const before = {
      key: 'A1',
      input: { id: 1 },
      results: {},
      items: { lines: [5, 6] },
      outcomes: { lines: ['undone', 'unknown'], reserve: 'completed' },
    };
    const resumed = {
      ...execution,
      DurableExecutionName: 'A1-resume-1',
      InputPayload: JSON.stringify({ 'lintel:saga': before }),
    };
    const message = parkedSaga(resumed, whole('Undo lines 1', { ok: true }), known)!;
    expect(message.outcomes).toEqual({ lines: ['undone', 'undone'], reserve: 'completed' });
    expect(message.left.map((one) => one.step)).toEqual(['reserve']);
  });
});
