import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { App, aws_s3, Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { DynamoAttributeValue, DynamoPutItem } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { EntityTable, Saga, type SagaNode, ServiceFunction } from 'lintel/aws';
import type { AnswerResult, StartResult } from 'lintel/runtime';
import { type LocalExecution, type LocalRun, runLocally } from 'lintel/testing';
import type { ParkedSaga } from '../../../../lib/aws/saga/parked';

const ENGINES = ['step-functions', 'durable-function'] as const;
type Engine = (typeof ENGINES)[number];
const LARGE = 1_000_000;
const CLIENT = 'test/testing/local/patterns/saga-client.ts';

/** The sagas of one engine, and who starts, answers and resumes. */
interface Sagas {
  readonly large: Saga;
  readonly asked: Saga;
  readonly looks: Saga;
  readonly shut: Saga;
  readonly starter: ServiceFunction;
  readonly answerer: ServiceFunction;
}

let run: LocalRun;
/** Sagas with a distributed list, and one whose files cannot be written. */
let many: Saga;
let mute: Saga;
/** One with a time of its own, whose items are put by a task. */
let timed: Saga;
let sagas: Record<Engine, Sagas>;
const lines: string[] = [];

beforeAll(async () => {
  const app = new App({ builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Shop');
  const work = { entry: 'test/testing/local/patterns/saga-large.ts', timeout: Duration.seconds(10) };
  const only = (name: string) => ({ name, action: work });
  const step = (name: string) => ({ name, action: work, compensation: work });
  const sagasOf = (engine: Engine): Sagas => {
    const make = (id: string, steps: readonly SagaNode[], claimCheck: boolean | aws_s3.IBucket = true) =>
      new Saga(stack, `${id}-${engine}`, { engine, steps, claimCheck });
    const large = make('Large', [
      step('a'),
      { each: '{% $input.items %}', maxItems: 3, step: only('lines') },
      { parallel: [step('b'), only('c')] },
    ]);
    const asked = make('Asked', [{ ...only('ask'), waitFor: 'callback', timeout: Duration.hours(1) }, only('after')]);
    const looks = make('Looks', [step('a'), { ...only('b'), when: '{% $results.a = "y" %}' }]);
    const bucket = new aws_s3.Bucket(stack, `Shut-${engine}-Claims`);
    const shut = make('Shut', [step('a')], bucket);
    bucket.addToResourcePolicy(denied(bucket));
    const client = (id: string, saga: Saga) =>
      new ServiceFunction(stack, `${id}-${engine}`, {
        entry: CLIENT,
        onFailure: 'none',
        access: { SAGA: saga.start().and(saga.answer()) },
      });
    return { large, asked, looks, shut, starter: client('Start', large), answerer: client('Answer', asked) };
  };
  const part = { each: '{% $input.items %}', maxItems: 1000, distributed: true, concurrency: 20, step: step('part') };
  many = new Saga(stack, 'Many', { claimCheck: true, steps: [step('a'), part, only('after')] });
  const closed = new aws_s3.Bucket(stack, 'Closed');
  closed.addToResourcePolicy(denied(closed));
  mute = new Saga(stack, 'Mute', { claimCheck: closed, steps: [part] });
  const table = new EntityTable(stack, 'Puts', { partitionKey: 'id' });
  const item = { id: DynamoAttributeValue.fromString('{% $key & $string($input.offset + $states.input.index) %}') };
  const put = { name: 'put', action: DynamoPutItem.jsonata(stack, 'Put', { table, item }), compensation: work };
  timed = new Saga(stack, 'Timed', {
    claimCheck: true,
    timeout: Duration.hours(1),
    steps: [{ ...part, step: put }, only('after')],
  });
  sagas = { 'step-functions': sagasOf('step-functions'), 'durable-function': sagasOf('durable-function') };
  run = await runLocally(app, { timeScale: 1000, onLog: ({ message }) => void lines.push(message) });
}, 60_000);
afterAll(() => run.stop());

const denied = (bucket: aws_s3.IBucket) =>
  new iam.PolicyStatement({
    effect: iam.Effect.DENY,
    principals: [new iam.AnyPrincipal()],
    actions: ['s3:PutObject'],
    resources: [bucket.arnForObjects('*')],
  });

interface Line {
  readonly of: string;
  readonly did: string;
  readonly letters?: number;
  readonly taskToken?: string;
  readonly results: unknown;
}

describe('a distributed list', () => {
  const items = Array.from({ length: 60 }, (_, index) => ({ place: index }));
  const begin = (name: string, input: object) => run.machine(many).start({ items, ...input }, { name });
  const dids = (name: string) =>
    lines.flatMap((line) => (line.includes(`"of":"${name}:`) ? (/"did":"([^"]+)"/.exec(line)?.[1] ?? []) : []));
  const sorted = (suffix = '') => items.map((_, index) => `part:${index}${suffix}`).sort();
  const undone = (name: string) => dids(name).filter((did) => did.endsWith(':undo') && did !== 'a:undo');

  test('is done by executions of their own, and its results get to the steps after it by files', async () => {
    const results = await begin('D1', { returns: { part: 40_000 } }).succeeded();
    expect(results).toMatchObject({
      part: { 'lintel:results': expect.stringMatching(/^part\/D1\/.*manifest\.json$/) },
    });
    expect(
      dids('D1')
        .filter((did) => did.startsWith('part'))
        .sort(),
    ).toEqual(sorted());
    const after = lines.find((line) => line.includes('"of":"D1:after"'))!;
    const got = (JSON.parse(after.slice(after.indexOf('{'), after.lastIndexOf('}') + 1)) as Line).results;
    expect(got).toMatchObject({ part: items.map((_, index) => ({ index, result: 40_000 })) });
  }, 60_000);

  test('is undone whole where one item fails, once all of them have ended, and before what came earlier', async () => {
    const ended = await begin('D2', { fails: ['part:7'], takes: { 'part:3': 100 } }).wait();
    expect([ended.error, ended.cause]).toEqual(['SagaUndone', 'part: SagaItemsFailed']);
    const all = dids('D2');
    expect(undone('D2').sort()).toEqual(sorted(':undo'));
    expect(all.indexOf('part:3')).toBeLessThan(all.findIndex((did) => did.endsWith(':undo')));
    expect(all.at(-1)).toBe('a:undo');
  }, 60_000);

  test('is parked where one cannot be undone, and resumed', async () => {
    const ended = await begin('D3', { fails: ['after', 'part:5:undo'] }).wait();
    expect([ended.error, ended.cause]).toEqual(['SagaParked', 'part could not be undone: Refused']);
    expect(new Set(undone('D3'))).toEqual(new Set(sorted(':undo')));
    const [message] = run
      .queue(many.parked)
      .messages()
      .map(({ body }) => JSON.parse(body) as ParkedSaga);
    expect(message).toMatchObject({ name: 'D3', left: [{ step: 'part', outcome: 'completed' }, { step: 'a' }] });
    const { key, outcomes, data, failed } = message!;
    const { input, results, items: lists } = data as { input: object; results: object; items: object };
    const { undo: _, ...reason } = failed;
    const envelope = { key, outcomes, results, items: lists, failed: reason, input: { ...input, fails: [] } };
    const resumed = run.machine(many).start({ 'lintel:saga': envelope }, { name: 'D3-resume-1' });
    expect((await resumed.wait()).error).toBe('SagaUndone');
    expect(dids('D3').at(-1)).toBe('a:undo');
  }, 60_000);

  test('is undone whole where its results cannot be written', async () => {
    const ended = await run
      .machine(mute)
      .start({ items: items.slice(0, 3) }, { name: 'D4' })
      .wait();
    expect([ended.error, ended.cause]).toEqual(['SagaUndone', 'part: States.ResultWriterFailed']);
    expect(undone('D4').sort()).toEqual(['part:0:undo', 'part:1:undo', 'part:2:undo']);
  }, 60_000);

  test('of tasks, with a time of its own: their expressions read what each execution was given, and a handler reads their results', async () => {
    const input = { items: [1, 2, 3], offset: 10 };
    await run.machine(timed).start(input, { name: 'T' }).succeeded();
    const { Items = [] } = await run.client(DynamoDBClient).send(new ScanCommand({ TableName: run.nameOf('Puts') }));
    expect(Items.map(({ id }) => id!.S).sort()).toEqual(['T10', 'T11', 'T12']);
    const after = lines.find((line) => line.includes('"of":"T:after"'))!;
    expect(after).toContain('"results":{"put":[{"index":0,');
  }, 60_000);

  test('that is stopped while it runs is parked with the whole list', async () => {
    const execution = begin('D5', { takes: { 'part:0': 1000 } });
    while (!dids('D5').some((did) => did.startsWith('part'))) await pause(10);
    await execution.stop();
    await run.idle({ timeout: 30_000 });
    const message = run
      .queue(many.parked)
      .messages()
      .map(({ body }) => JSON.parse(body) as ParkedSaga)
      .find(({ name }) => name === 'D5');
    expect(message).toMatchObject({
      left: [{ step: 'part', outcome: 'unknown' }, { step: 'a' }],
      data: { items: { part: items } },
    });
  }, 60_000);
});

describe.each(ENGINES)('%s', (engine) => {
  const begin = (of: 'large' | 'asked' | 'looks' | 'shut', name: string, input: object) =>
    run.machine(sagas[engine][of]).start({ items: [1, 2], ...input }, { name: `${name}-${engine}` });
  const told = (name: string) =>
    lines
      .filter((line) => line.includes(`"of":"${name}-${engine}:`))
      .map((line) => JSON.parse(line.slice(line.indexOf('{'), line.lastIndexOf('}') + 1)) as Line);
  const of = (name: string, did: string) => told(name).find((line) => line.did === did);
  const parkedOf = ({ arn }: LocalExecution) =>
    run
      .queue(sagas[engine].large.parked)
      .messages()
      .map(({ body }) => JSON.parse(body) as ParkedSaga)
      .filter(({ execution }) => execution === arn);
  const whole = { a: LARGE, lines: [0, 1].map((index) => ({ index, result: 60_000 })) };
  const returns = { a: LARGE, lines: 60_000 };

  test('a result of a megabyte gets to the steps after it whole, and the saga carries what refers to it', async () => {
    const results = await begin('large', 'L1', { returns }).succeeded();
    expect(of('L1', 'b')!.results).toEqual(whole);
    const claim = (step: string) => ({
      'lintel:claim': expect.stringMatching(new RegExp(`^${step}/L1-${engine}/[-0-9a-f]{36}$`)),
    });
    expect(results).toEqual({
      a: claim('a'),
      lines: [0, 1].map((index) => ({ index, result: claim('lines') })),
      b: 'x',
      c: 'x',
    });
  }, 30_000);

  test('compensations get it whole, too', async () => {
    const ended = await begin('large', 'L2', { returns, fails: ['b'] }).wait();
    expect([ended.error, ended.cause]).toEqual(['SagaUndone', expect.stringMatching(/: Refused$/)]);
    expect(of('L2', 'a:undo')!.results).toEqual({ ...whole, c: 1 });
  }, 30_000);

  test('the message of a parked saga has what refers to it, by which the saga is resumed', async () => {
    const name = `L3-${engine}`;
    const ended = await begin('large', 'L3', { returns, fails: ['b', 'a:undo'] }).wait();
    expect(ended.error).toBe('SagaParked');
    const [message] = parkedOf(ended);
    const key = `a/${name}/`;
    expect(message).toMatchObject({ data: { results: { a: { 'lintel:claim': expect.stringContaining(key) } } } });
    expect(message!.claims).toMatch(/large.*claims/i);
    const data = message!.data as { input: object; results: object; items: object };
    const mended = { ...message, data: { ...data, input: { ...data.input, fails: [] } } };
    const before = told('L3').length;
    await run.invoke<StartResult>(sagas[engine].starter, { resume: mended });
    const resumed = run.machine(sagas[engine].large).executions.find((one) => one.name === `${name}-resume-1`)!;
    expect((await resumed.wait()).error).toBe('SagaUndone');
    expect(told('L3').slice(before)).toMatchObject([{ did: 'a:undo', results: whole }]);
  }, 60_000);

  test('an input of a megabyte that start() was given gets to the steps', async () => {
    const key = `L4-${engine}`;
    const input = { items: [], letters: 'x'.repeat(LARGE) };
    const { started } = await run.invoke<StartResult>(sagas[engine].starter, { start: { key, input } });
    expect(started).toBe(true);
    const execution = run.machine(sagas[engine].large).executions.find((one) => one.name === key)!;
    // An expression would find nothing there: it fails, and says why.
    expect((await execution.wait()).cause).toContain('lines: States.QueryEvaluationError');
    expect(of('L4', 'a')!.letters).toBe(LARGE);
    expect(of('L4', 'a:undo')!.letters).toBe(LARGE);
  }, 30_000);

  test('a condition on what is in the bucket turns the saga round, and takes it not for nothing', async () => {
    const ended = await begin('looks', 'L5', { returns }).wait();
    expect([ended.error, ended.cause]).toEqual(['SagaUndone', expect.stringMatching(/: States.QueryEvaluationError$/)]);
    expect(of('L5', 'b')).toBeUndefined();
    expect(of('L5', 'a:undo')).toBeDefined();
  }, 30_000);

  test('an answer that is large gets to the step after it', async () => {
    const execution = begin('asked', 'L6', {});
    let taskToken: string | undefined;
    while ((taskToken = of('L6', 'ask')?.taskToken) === undefined) await pause(20);
    const answer = { taskToken, result: 'x'.repeat(LARGE) };
    expect(await run.invoke<AnswerResult>(sagas[engine].answerer, { answer })).toEqual({ accepted: true });
    await execution.succeeded();
    expect(of('L6', 'after')!.results).toEqual({ ask: LARGE });
  }, 30_000);

  test('what was done and whose result could not be left is undone', async () => {
    const ended = await begin('shut', 'L7', { returns }).wait();
    expect([ended.error, ended.cause]).toEqual(['SagaUndone', 'a: Saga.OutcomeUnknown']);
    expect(told('L7').map(({ did }) => did)).toEqual(['a', 'a:undo']);
  }, 30_000);

  test('an input cannot name what another saga has left', async () => {
    const execution = run
      .machine(sagas[engine].large)
      .start({ 'lintel:claim': `a/L1-${engine}/x` }, { name: `L8-${engine}` });
    expect((await execution.wait()).cause).toBe('a: Error');
    expect(told('L8')).toEqual([]);
  }, 30_000);

  test('an input that cannot be carried along is refused before anything is done', async () => {
    const ended = await begin('large', 'L9', { letters: 'x'.repeat(210_000) }).wait();
    expect([ended.error, ended.cause, told('L9')]).toEqual(['SagaUndone', 'input: SagaResultsTooLarge', []]);
  }, 30_000);

  test('the keeper leaves what does not fit into its message', async () => {
    // What b and c return does not fit any more: so the saga leaves it out, and its history has it.
    const input = {
      letters: 'x'.repeat(170_000),
      items: [],
      returns: { a: 17_000, b: 17_000, c: 17_000 },
      takes: { 'a:undo': 500 },
    };
    const execution = begin('large', 'K1', input);
    while (of('K1', 'a:undo') === undefined && execution.status === 'RUNNING') await pause(10);
    await execution.stop();
    await run.idle({ timeout: 30_000 });
    const [message] = parkedOf(execution);
    expect(message!.data).toMatchObject({
      input: { 'lintel:claim': expect.stringMatching(new RegExp(`^_parked/K1-${engine}/`)) },
      results: { a: 'x'.repeat(17_000) },
    });
    expect(message!.left.map(({ step }) => step)).toContain('a');
  }, 30_000);
});
