import { Retries } from '../../../../../lib/testing/local/services/states/engine/retry';
import { StateFailure } from '../../../../../lib/testing/local/services/states/engine/failure';
import { readDefinition } from '../../../../../lib/core/asl/definition';
import type { TaskRequest } from '../../../../../lib/testing/local/services/states/engine/tasks';
import type { Execution } from '../../../../../lib/testing/local/services/states/engine/execution';
import { pause } from '../../../../../lib/testing/local/kernel/clock';
import { recordOf, text } from '../../../../../lib/testing/local/kernel/json';
import { passState } from '../../../../../scripts/pass-state';

const TASK = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke' };

/** What a task is told to do: fail with a name, wait some milliseconds, answer with something. */
async function stub({ parameters, signal }: TaskRequest): Promise<unknown> {
  const { fail, wait, answer = {} } = recordOf(parameters);
  if (typeof wait === 'number') await pause(wait, signal);
  if (fail !== undefined) throw new StateFailure(text(fail), 'as told');
  return answer;
}

function run(states: Record<string, object>, input: unknown = {}, more: object = {}): Promise<Execution> {
  const [StartAt] = Object.keys(states);
  const definition = { QueryLanguage: 'JSONata', StartAt, States: states, ...more };
  return passState(definition, input, { call: stub, finished: stub });
}

const entered = ({ history }: Execution) =>
  history.events
    .filter(({ type }) => type.endsWith('StateEntered'))
    .map((event) => recordOf(event.stateEnteredEventDetails).name);
const output = (execution: Execution) =>
  execution.output === undefined ? undefined : (JSON.parse(execution.output) as unknown);

describe('retries', () => {
  const retries = (...entries: object[]) => {
    const flow = readDefinition({ StartAt: 'T', States: { T: { ...TASK, Retry: entries } } });
    return (random = 1) => new Retries(flow.states.get('T')!, () => random);
  };
  const failure = (error: string, covered?: string) => new StateFailure(error, '', covered);

  test('the first that covers an error counts, and each its own attempts', () => {
    const made = retries(
      { ErrorEquals: ['A'], MaxAttempts: 1, IntervalSeconds: 5 },
      { ErrorEquals: ['States.ALL'], MaxAttempts: 2, IntervalSeconds: 1, BackoffRate: 3 },
    )();
    const pauses = ['A', 'B', 'B', 'A', 'B'].map((error) => made.pauseAfter(failure(error)));
    expect(pauses).toEqual([5, 1, 3, undefined, undefined]);
  });

  test('the lot is drawn of what the cap leaves', () => {
    const made = retries({
      ErrorEquals: ['A'],
      IntervalSeconds: 10,
      MaxDelaySeconds: 15,
      MaxAttempts: 3,
      JitterStrategy: 'FULL',
    })(0.5);
    expect([1, 2, 3].map(() => made.pauseAfter(failure('A')))).toEqual([5, 7.5, 7.5]);
  });

  test('States.TaskFailed covers no timeout; States.HeartbeatTimeout a missed heartbeat only', () => {
    const made = retries({ ErrorEquals: ['States.TaskFailed'] }, { ErrorEquals: ['States.HeartbeatTimeout'] })();
    expect(made.pauseAfter(failure('States.Timeout'))).toBeUndefined();
    expect(made.pauseAfter(failure('States.Timeout', 'States.HeartbeatTimeout'))).toBe(1);
    expect(made.pauseAfter(failure('Custom'))).toBe(1);
  });

  test('none for 0 attempts: the error goes to Catch at once', async () => {
    const execution = await run({
      Try: {
        ...TASK,
        Arguments: { fail: 'A' },
        Retry: [{ ErrorEquals: ['A'], MaxAttempts: 0 }],
        Catch: [{ ErrorEquals: ['A'], Output: '{% $states.errorOutput.Cause %}', Next: 'End' }],
        End: true,
      },
      End: { Type: 'Succeed' },
    });
    expect(output(execution)).toBe('as told');
    expect(execution.history.events.filter(({ type }) => type === 'TaskScheduled')).toHaveLength(1);
  });
});

test('the context object counts retries, of states that may be tried again only', async () => {
  const context = '{% $states.context.State ~> $keys() %}';
  const execution = await run({
    Try: { ...TASK, Output: context, Next: 'Pass' },
    Pass: { Type: 'Pass', Output: { task: '{% $states.input %}', pass: context }, End: true },
  });
  expect(output(execution)).toEqual({
    task: ['Name', 'EnteredTime', 'RetryCount'],
    pass: ['Name', 'EnteredTime'],
  });
});

describe('catchers', () => {
  const caught = (task: object, errors: string[]) =>
    run({
      Try: { ...TASK, ...task, Catch: [{ ErrorEquals: errors, Next: 'Caught' }], End: true },
      Caught: { Type: 'Succeed', Output: '{% $states.input.Error %}' },
    });

  test('catch what an expression fails with, and the history names the field', async () => {
    const execution = await caught({ Arguments: { id: '{% $states.input.missing %}' } }, [
      'States.QueryEvaluationError',
    ]);
    expect(output(execution)).toBe('States.QueryEvaluationError');
    const [event] = execution.history.events.filter(({ type }) => type === 'EvaluationFailed');
    expect(recordOf(event!.evaluationFailedEventDetails)).toMatchObject({ location: 'Arguments/id', state: 'Try' });
  });

  const large = { answer: { text: '{% $pad("", 262144, "x") %}' } };

  test('States.ALL misses a result that is too large; its own name does not', async () => {
    const missed = await caught({ Arguments: large }, ['States.ALL']);
    expect([missed.status, missed.error]).toEqual(['FAILED', 'States.DataLimitExceeded']);
    expect(output(await caught({ Arguments: large }, ['States.DataLimitExceeded']))).toBe('States.DataLimitExceeded');
  });

  test('nothing catches States.Runtime', async () => {
    const runtime = { QueryLanguage: 'JSONPath', Parameters: { 'a.$': '$.missing' } };
    const execution = await passState(
      {
        StartAt: 'Try',
        States: {
          Try: {
            ...TASK,
            ...runtime,
            Catch: [{ ErrorEquals: ['States.Runtime', 'States.ALL'], Next: 'Fine' }],
            End: true,
          },
          Fine: { Type: 'Succeed' },
        },
      },
      {},
    );
    expect([execution.status, execution.error]).toEqual(['FAILED', 'States.Runtime']);
  });

  test('Catch.Assign counts instead of the Assign of the state', async () => {
    const execution = await run({
      Set: { Type: 'Pass', Assign: { a: 0, b: 0 }, Next: 'Try' },
      Try: {
        ...TASK,
        Arguments: { fail: 'A' },
        Assign: { a: 1 },
        Catch: [{ ErrorEquals: ['A'], Assign: { b: '{% $states.errorOutput.Error %}' }, Next: 'End' }],
        End: true,
      },
      End: { Type: 'Succeed', Output: { a: '{% $a %}', b: '{% $b %}' } },
    });
    expect(output(execution)).toEqual({ a: 0, b: 'A' });
  });
});

describe('flows inside of states', () => {
  const branch = (body: object) => ({ StartAt: 'B', States: { B: { ...body, End: true } } });

  test('branches give their results in order, and read the variables around them', async () => {
    const execution = await run({
      Set: { Type: 'Pass', Assign: { x: 1 }, Next: 'Both' },
      Both: {
        Type: 'Parallel',
        Branches: [
          branch({ ...TASK, Arguments: { wait: 30, answer: '{% $x %}' } }),
          branch({ Type: 'Pass', Assign: { x: 2 }, Output: '{% $x %}' }),
        ],
        Next: 'End',
      },
      End: { Type: 'Succeed', Output: ['{% $states.input %}', '{% $x %}'] },
    });
    expect(output(execution)).toEqual([[1, 1], 1]);
  });

  test('the first branch that fails stops the others, and what they came to is lost', async () => {
    const begun = Date.now();
    const execution = await run({
      Both: {
        Type: 'Parallel',
        Branches: [branch({ ...TASK, Arguments: { wait: 10_000 } }), branch({ ...TASK, Arguments: { fail: 'A' } })],
        Catch: [{ ErrorEquals: ['A'], Next: 'End' }],
        End: true,
      },
      End: { Type: 'Succeed', Output: '{% $states.input.Error %}' },
    });
    expect(Date.now() - begun).toBeLessThan(5000);
    expect(output(execution)).toBe('A');
    const types = execution.history.events.map(({ type }) => type);
    expect(types.filter((type) => type === 'TaskStateAborted')).toHaveLength(2);
    expect(types.indexOf('ParallelStateFailed')).toBeGreaterThan(types.lastIndexOf('TaskStateAborted'));
  });

  test('groups that follow on each other, and retries of one, begin anew', async () => {
    let calls = 0;
    const call = async () => {
      calls++;
      if (calls === 2) throw new StateFailure('Once', '');
      return { calls };
    };
    const both = (Next: object) => ({
      Type: 'Parallel',
      Branches: [
        branch({ ...TASK, Output: '{% $states.result.calls %}' }),
        branch({ ...TASK, Output: '{% $states.result.calls %}' }),
      ],
      Retry: [{ ErrorEquals: ['Once'] }],
      ...Next,
    });
    const states = { First: both({ Next: 'Second' }), Second: both({ End: true }) };
    const definition = { QueryLanguage: 'JSONata', StartAt: 'First', States: states };
    const execution = await passState(definition, {}, { call, finished: call });
    expect(output(execution)).toEqual([5, 6]);
    expect(calls).toBe(6);
  });

  test('a map runs no more items at once than it says', async () => {
    let most = 0;
    let now = 0;
    const call = async () => {
      most = Math.max(most, ++now);
      await pause(5, new AbortController().signal);
      now--;
      return {};
    };
    const states = {
      Each: {
        Type: 'Map',
        Items: '{% [1..9] %}',
        MaxConcurrency: 3,
        ItemProcessor: branch({ ...TASK, Output: '{% $states.input * 2 %}' }),
        End: true,
      },
    };
    const definition = { QueryLanguage: 'JSONata', StartAt: 'Each', States: states };
    const execution = await passState(definition, {}, { call, finished: call });
    expect(most).toBe(3);
    expect(output(execution)).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18]);
  });
});

describe('limits', () => {
  test('an Assign of more than 256 KiB fails, whatever each variable has', async () => {
    const half = '{% $pad("", 140000, "x") %}';
    const execution = await run({ Set: { Type: 'Pass', Assign: { a: half, b: half }, Output: 1, End: true } });
    expect([execution.status, execution.error]).toEqual(['FAILED', 'States.DataLimitExceeded']);
  });

  test('the history ends with event 25,000, which nothing catches', async () => {
    const execution = await passState(
      { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } } },
      {},
    );
    expect([execution.status, execution.error]).toEqual(['FAILED', 'States.Runtime']);
    expect(execution.history.events).toHaveLength(25_000);
    expect(execution.history.events.at(-1)!.type).toBe('ExecutionFailed');
  });

  test('an execution that loops waits for nobody, and can be stopped', async () => {
    const execution = await passState(
      { StartAt: 'A', States: { A: { Type: 'Wait', Seconds: 30_000_000, Next: 'A' } } },
      {},
      undefined,
      0.05,
    );
    expect([execution.status, entered(execution)]).toEqual(['ABORTED', ['A']]);
  });
});

test('the history of a redrive goes on in the branch that failed', async () => {
  let broken = true;
  const call = async ({ parameters }: TaskRequest) => {
    if (broken && recordOf(parameters).flaky === true) throw new StateFailure('Broken', '');
    return { done: true };
  };
  const branch = (name: string, flaky: boolean) => ({
    StartAt: name,
    States: { [name]: { ...TASK, Arguments: { flaky }, Output: '{% $states.result.done %}', End: true } },
  });
  const states = {
    Before: { Type: 'Pass', Assign: { x: 1 }, Next: 'Both' },
    Both: { Type: 'Parallel', Branches: [branch('Fine', false), branch('Flaky', true)], Next: 'After' },
    After: { Type: 'Succeed', Output: ['{% $states.input %}', '{% $x %}'] },
  };
  const definition = { QueryLanguage: 'JSONata', StartAt: 'Before', States: states };
  const execution = await passState(definition, {}, { call, finished: call });
  expect(execution.error).toBe('Broken');
  broken = false;
  execution.redrive();
  await execution.done;
  expect(output(execution)).toEqual([[true, true], 1]);
  expect(entered(execution)).toEqual(['Before', 'Both', 'Fine', 'Flaky', 'Both', 'Flaky', 'After']);
});
