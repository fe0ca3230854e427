import { setTimeout as pause } from 'node:timers/promises';
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Saga, type SagaNode, type SagaProps, ServiceFunction } from 'lintel/aws';
import type { AnswerResult, StartResult } from 'lintel/runtime';
import { type LocalExecution, type LocalRun, runLocally } from 'lintel/testing';
import type { ParkedSaga } from '../../../lib/aws/saga/parked';

/** Does as its input says, and writes to its log what it did and when. */
const WORK = `const wait = (time) => new Promise((resolve) => setTimeout(resolve, time));
exports.handler = async ({ input, idempotencyKey, taskToken, error }) => {
  const step = idempotencyKey.split(':').slice(1).join(':');
  process.stdout.write(JSON.stringify({ began: idempotencyKey, taskToken, error }) + '\\n');
  await wait(input.slow?.[step] ?? 0);
  if (input.fails?.includes(step)) throw Object.assign(new Error('no'), { name: 'Refused' });
  process.stdout.write(JSON.stringify({ did: idempotencyKey }) + '\\n');
  return input.large?.includes(step) ? 'x'.repeat(210_000) : step;
};`;

/** What both engines promise: whatever stands below holds of each. */
const ENGINES = ['step-functions', 'durable-function'] as const;
type Engine = (typeof ENGINES)[number];

let run: LocalRun;
let contracts: Record<Engine, Contract>;

/** One engine's sagas, and who speaks to them. */
interface Contract {
  readonly sagas: Record<'timed' | 'asked' | 'hurried' | 'unheard', Saga>;
  readonly client: ServiceFunction;
  begun: Record<string, LocalExecution>;
}

beforeAll(async () => {
  const app = new App({ builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Shop');
  const code = lambda.Code.fromInline(WORK);
  const work = (id: string) =>
    new ServiceFunction(stack, id, { code, timeout: Duration.seconds(3), onFailure: 'none' });
  const [action, compensation] = [work('Do'), work('Undo')];
  const step = (name: string) => ({ name, action, compensation });
  const contractOf = (engine: Engine): Contract => {
    const make = (id: string, steps: readonly SagaNode[], props: Partial<SagaProps> = {}) =>
      new Saga(stack, `${id}-${engine}`, { steps, engine, ...props });
    const sagas = {
      timed: make('Timed', [step('a'), { parallel: [{ ...step('b'), timeout: Duration.seconds(1) }, step('c')] }]),
      asked: make('Asked', [
        step('a'),
        { ...step('ask'), waitFor: 'callback', timeout: Duration.seconds(5), heartbeat: Duration.seconds(4) },
      ]),
      hurried: make('Hurried', [step('a'), step('b')], { timeout: Duration.seconds(1) }),
      unheard: make('Unheard', [{ ...step('ask'), waitFor: 'callback', timeout: Duration.hours(1) }]),
    };
    // Its keeper is told of nothing, as where an event is lost.
    sagas.unheard.node.tryRemoveChild('Ended');
    const client = new ServiceFunction(stack, `Client-${engine}`, {
      entry: 'test/patterns/aws/saga-client.ts',
      onFailure: 'none',
      access: { TIMED: sagas.timed.start({ remember: 'forever' }), ASKED: sagas.asked.answer() },
    });
    return { sagas, client, begun: {} };
  };
  contracts = { 'step-functions': contractOf('step-functions'), 'durable-function': contractOf('durable-function') };
  run = await runLocally(app, {
    timeScale: 1,
    disorder: 0,
    onLog: ({ message }) => void lines.push(message),
  });
  // All at once: each takes its seconds.
  for (const engine of ENGINES) {
    const begun = (of: keyof Contract['sagas'], name: string, input: object) => begin(engine, of, name, input);
    contracts[engine].begun = {
      T1: begun('timed', 'T1', { slow: { b: 1800 } }),
      T2: begun('timed', 'T2', { slow: { c: 700 }, fails: ['b'] }),
      T3: begun('timed', 'T3', { large: ['a'] }),
      T4: begun('timed', 'T4', { large: ['b'] }),
      H1: begun('hurried', 'H1', { slow: { a: 1200 } }),
      A3: begun('asked', 'A3', {}),
    };
  }
}, 60_000);
afterAll(() => run.stop());

/** Names are of one engine: what was written is told apart by them. */
const begin = (engine: Engine, of: keyof Contract['sagas'], name: string, input: object) =>
  run.machine(contracts[engine].sagas[of]).start(input, { name: `${name}-${engine}` });
/** What was written of an execution, in order. */
const lines: string[] = [];
const logs = (engine: Engine, name: string) => lines.filter((line) => line.includes(`${name}-${engine}:`));
const did = (engine: Engine, name: string) =>
  logs(engine, name).flatMap((text) => /\{"did":"[^:]+:([^"]+)"\}/.exec(text)?.[1] ?? []);
const parkedOf = (engine: Engine, of: keyof Contract['sagas'], { arn }: LocalExecution) =>
  run
    .queue(contracts[engine].sagas[of].parked)
    .messages()
    .map(({ body }) => JSON.parse(body) as ParkedSaga)
    .filter(({ execution }) => execution === arn);

/** The token that a step waits with. */
async function tokenOf(engine: Engine, name: string): Promise<string> {
  for (let tries = 0; tries < 200; tries++) {
    const token = logs(engine, name).flatMap((text) => /"taskToken":"([^"]+)"/.exec(text)?.[1] ?? [])[0];
    if (token !== undefined) return token;
    await pause(20);
  }
  throw new Error('no token');
}

describe.each(ENGINES)('%s', (engine) => {
  let contract: Contract;
  beforeAll(() => (contract = contracts[engine]));

  test('an action that outlives its timeout is undone once it is over, and what ran beside it as well', async () => {
    const ended = await contract.begun.T1!.wait();
    expect([ended.error, ended.cause]).toEqual(['SagaUndone', 'Group 2: States.Timeout']);
    const all = did(engine, 'T1');
    expect(all.indexOf('b')).toBeGreaterThan(-1);
    expect(all.filter((key) => key.endsWith(':undo'))).toEqual(['c:undo', 'b:undo', 'a:undo']);
    expect(all.indexOf('b')).toBeLessThan(all.indexOf('c:undo'));
  }, 30_000);

  test('what a slow branch does is undone, though another one failed at once', async () => {
    const ended = await contract.begun.T2!.wait();
    expect([ended.error, ended.cause]).toEqual(['SagaUndone', 'Group 2: Refused']);
    expect(did(engine, 'T2')).toEqual(['a', 'c', 'c:undo', 'a:undo']);
  }, 30_000);

  test('results that do not fit are undone', async () => {
    const ended = await contract.begun.T3!.wait();
    expect([ended.error, ended.cause]).toEqual(['SagaUndone', 'a: States.QueryEvaluationError']);
    expect(did(engine, 'T3')).toEqual(['a', 'a:undo']);
    const group = await contract.begun.T4!.wait();
    expect([group.error, group.cause]).toEqual(['SagaUndone', 'Group 2: SagaResultsTooLarge']);
  }, 30_000);

  test('a saga whose time is over begins nothing more, and undoes what it did', async () => {
    const ended = await contract.begun.H1!.wait();
    expect(ended.error).toBe('SagaUndone');
    expect(did(engine, 'H1').filter((key) => key.startsWith('b'))).toEqual([]);
    expect(did(engine, 'H1').at(-1)).toBe('a:undo');
  }, 30_000);

  test('a step that waits ends with the answer', async () => {
    const execution = begin(engine, 'asked', 'A1', {});
    const taskToken = await tokenOf(engine, 'A1');
    const answered = await run.invoke<AnswerResult>(contract.client, {
      saga: 'ASKED',
      answer: { taskToken, result: { by: 'Ada' } },
    });
    expect(answered).toEqual({ accepted: true });
    expect(await execution.succeeded()).toEqual({ a: 'a', ask: { by: 'Ada' } });
  }, 30_000);

  test('a step that waits may be refused, which says that nothing was done', async () => {
    const execution = begin(engine, 'asked', 'A2', {});
    const taskToken = await tokenOf(engine, 'A2');
    await run.invoke(contract.client, {
      saga: 'ASKED',
      refuse: { taskToken, name: 'TooExpensive' },
    });
    expect((await execution.wait()).cause).toBe('ask: TooExpensive');
    expect(did(engine, 'A2').filter((key) => key.endsWith(':undo'))).toEqual(['a:undo']);
  }, 30_000);

  test('an answer that comes too late is told so, and the step is undone', async () => {
    const execution = contract.begun.A3!;
    const taskToken = await tokenOf(engine, 'A3');
    expect((await execution.wait()).error).toBe('SagaUndone');
    const answered = await run.invoke<AnswerResult>(contract.client, {
      saga: 'ASKED',
      answer: { taskToken, result: 'yes' },
    });
    expect(answered).toEqual({ accepted: false, reason: 'late' });
    expect(did(engine, 'A3').filter((key) => key.endsWith(':undo'))).toEqual(['ask:undo', 'a:undo']);
  }, 30_000);

  test('a key is started once: not while it runs, with whatever input, nor afterwards', async () => {
    const start = (input: object, key = 'order/4711 of Ada') =>
      run.invoke<StartResult>(contract.client, { saga: 'TIMED', start: { key, input } });
    const { started, name } = await start({ slow: { a: 300 } });
    expect({ started, name }).toEqual({
      started: true,
      name: expect.stringMatching(/^order-4711-of-Ada-[0-9a-f]{32}$/),
    });
    expect(await start({ slow: { a: 300 } })).toEqual({ started: false, name });
    expect(await start({ other: true })).toEqual({ started: false, name });
    const execution = run.machine(contract.sagas.timed).executions.find((one) => one.name === name)!;
    await execution.succeeded();
    expect(await start({})).toEqual({ started: false, name });
    expect(await start({}, 'x-resume-1')).toMatchObject({
      started: true,
      name: expect.not.stringMatching(/-resume-1$/),
    });
  }, 30_000);

  test('the keeper tells of an execution once, whether the rule or the sweep finds it', async () => {
    const k1 = `K1-${engine}`;
    const execution = begin(engine, 'asked', 'K1', {});
    await tokenOf(engine, 'K1');
    await execution.stop('Mistake', 'by hand');
    await run.invoke(contract.sagas.asked.keeper, { sweep: { hours: 1 } });
    await pause(500);
    await run.invoke(contract.sagas.asked.keeper, { sweep: { hours: 1 } });
    expect(parkedOf(engine, 'asked', execution)).toMatchObject([
      {
        name: k1,
        key: k1,
        failed: { step: 'ask', error: 'Mistake', cause: 'by hand', wait: 3 },
        outcomes: { a: 'completed', ask: 'unknown' },
        left: [
          { step: 'ask', outcome: 'unknown', actionKey: `${k1}:ask`, idempotencyKey: `${k1}:ask:undo` },
          { step: 'a', outcome: 'completed', actionKey: `${k1}:a`, idempotencyKey: `${k1}:a:undo` },
        ],
        data: { input: {}, results: { a: 'a' } },
      },
    ]);
  }, 30_000);

  test('where nothing was told, the look each hour finds what was stopped', async () => {
    const execution = begin(engine, 'unheard', 'U1', {});
    await tokenOf(engine, 'U1');
    await execution.stop();
    await pause(300);
    expect(parkedOf(engine, 'unheard', execution)).toEqual([]);
    expect(await run.invoke(contract.sagas.unheard.keeper, { sweep: { hours: 1 } })).toEqual({
      parked: [execution.arn],
    });
    const left = [{ step: 'ask', outcome: 'unknown' }];
    expect(parkedOf(engine, 'unheard', execution)).toMatchObject([{ failed: { error: 'Aborted' }, left }]);
  }, 30_000);

  test('a step that is heard of waits on, and a sign of life that comes too late is told so', async () => {
    const execution = begin(engine, 'asked', 'B1', {});
    const taskToken = await tokenOf(engine, 'B1');
    await pause(700);
    const beat = () =>
      run.invoke<AnswerResult>(contract.client, {
        saga: 'ASKED',
        beat: { taskToken },
      });
    expect(await beat()).toEqual({ accepted: true });
    await pause(700);
    await run.invoke(contract.client, {
      saga: 'ASKED',
      answer: { taskToken, result: 'yes' },
    });
    expect(await execution.succeeded()).toEqual({ a: 'a', ask: 'yes' });
    expect(await beat()).toEqual({ accepted: false, reason: 'late' });
  }, 30_000);
});
