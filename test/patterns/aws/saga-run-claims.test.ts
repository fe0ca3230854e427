import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { App, aws_s3, Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { DynamoAttributeValue, DynamoPutItem } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { EntityTable, Saga, type SagaNode, ServiceFunction } from 'lintel/aws';
import type { AnswerResult, StartResult } from 'lintel/runtime';
import { type LocalExecution, type LocalRun, runLocally } from 'lintel/testing';
import type { ParkedSaga } from '../../../lib/aws/saga/parked';

const ENGINES = ['step-functions', 'durable-function'] as const;
type Engine = (typeof ENGINES)[number];
const LARGE = 1_000_000;
const CLIENT = 'test/patterns/aws/saga-client.ts';

/** The sagas of one engine, and a function that starts, answers and resumes them. */
interface Sagas {
  readonly large: Saga;
  readonly asked: Saga;
  readonly shut: Saga;
  /** With a distributed list and a condition, and one whose files cannot be written. */
  readonly many: Saga;
  readonly mute: Saga;
  readonly client: ServiceFunction;
}

let app: App;
let run: LocalRun;
let patient: LocalRun | undefined;
/** One with a time of its own, whose items are put by a task. */
let timed: Saga;
let sagas: Record<Engine, Sagas>;
const lines: string[] = [];

beforeAll(async () => {
  app = new App({ builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Shop');
  const work = { entry: 'test/patterns/aws/saga-large.ts', timeout: Duration.seconds(10) };
  const only = (name: string) => ({ name, action: work });
  const step = (name: string) => ({ name, action: work, compensation: work });
  const part = { each: '{% $input.items %}', maxItems: 1000, distributed: true, concurrency: 20, step: step('part') };
  const sagasOf = (engine: Engine): Sagas => {
    const place = new Stack(app, `Sagas-${engine}`);
    const make = (id: string, steps: readonly SagaNode[], claimCheck: boolean | aws_s3.IBucket = true) =>
      new Saga(place, `${id}-${engine}`, { engine, steps, claimCheck });
    const large = make('Large', [
      step('a'),
      { each: '{% $input.items %}', maxItems: 3, step: only('lines') },
      { parallel: [step('b'), only('c')] },
    ]);
    const asked = make('Asked', [{ ...only('ask'), waitFor: 'callback', timeout: Duration.hours(1) }, only('after')]);
    const bucket = new aws_s3.Bucket(place, `Shut-${engine}-Claims`);
    const shut = make('Shut', [step('a')], bucket);
    bucket.addToResourcePolicy(denied(bucket));
    const many = make('Many', [step('a'), part, only('after'), { ...only('b'), when: '{% $results.a = "y" %}' }]);
    const closed = new aws_s3.Bucket(place, `Closed-${engine}`);
    const mute = make('Mute', [part], closed);
    const writer =
      engine === 'durable-function'
        ? (mute.node.findChild('Lists').node.findChild('Parts') as ServiceFunction)
        : mute.machine;
    closed.addToResourcePolicy(denied(closed, new iam.ArnPrincipal(writer.role!.roleArn)));
    const entries = Object.entries({ LARGE: large, ASKED: asked, MANY: many });
    const client = new ServiceFunction(place, `Client-${engine}`, {
      entry: CLIENT,
      onFailure: 'none',
      access: Object.fromEntries(entries.map(([name, saga]) => [name, saga.start().and(saga.answer())])),
    });
    return { large, asked, shut, many, mute, client };
  };
  const table = new EntityTable(stack, 'Puts', { partitionKey: 'id' });
  const item = { id: DynamoAttributeValue.fromString('{% $key & $string($input.offset + $states.input.index) %}') };
  const put = { name: 'put', action: DynamoPutItem.jsonata(stack, 'Put', { table, item }), compensation: work };
  timed = new Saga(stack, 'Timed', {
    claimCheck: true,
    timeout: Duration.hours(1),
    steps: [{ ...part, step: put }, only('after')],
  });
  sagas = { 'step-functions': sagasOf('step-functions'), 'durable-function': sagasOf('durable-function') };
  run = await running(1000);
}, 60_000);
afterAll(() => Promise.all([run.stop(), patient?.stop()]));

const running = (timeScale: number) =>
  runLocally(app, { timeScale, maxEnvironments: 2, onLog: ({ message }) => void lines.push(message) });

const denied = (bucket: aws_s3.IBucket, principal: iam.IPrincipal = new iam.AnyPrincipal()) =>
  new iam.PolicyStatement({
    effect: iam.Effect.DENY,
    principals: [principal],
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

describe.each(ENGINES)('a distributed list, %s', (engine) => {
  // More than are done at once; all that they return is larger than what travels.
  const items = Array.from({ length: 24 }, (_, index) => ({ place: index }));
  const named = (name: string) => `${name}-${engine}`;
  const begin = (name: string, input: object) =>
    run.machine(sagas[engine].many).start({ items, ...input }, { name: named(name) });
  const dids = (name: string) =>
    lines.flatMap((line) => (line.includes(`"of":"${named(name)}:`) ? (/"did":"([^"]+)"/.exec(line)?.[1] ?? []) : []));
  const got = (name: string) => {
    const after = lines.find((line) => line.includes(`"of":"${named(name)}:after"`))!;
    return (JSON.parse(after.slice(after.indexOf('{'), after.lastIndexOf('}') + 1)) as Line).results;
  };
  const sorted = (suffix = '', all: readonly unknown[] = items) =>
    all.map((_, index) => `part:${index}${suffix}`).sort();
  const undone = (name: string) => dids(name).filter((did) => did.endsWith(':undo') && did !== 'a:undo');
  const messageOf = (name: string) =>
    run
      .queue(sagas[engine].many.parked)
      .messages()
      .map(({ body }) => JSON.parse(body) as ParkedSaga)
      .find((message) => message.name === named(name))!;

  /** As if a version had parked it whose parts are of another size. */
  async function cutOtherwise({ data }: ParkedSaga): Promise<void> {
    const { part } = (data as unknown as { items: Record<string, { 'lintel:claim': string; part: number }> }).items;
    const [s3, Bucket] = [run.client(S3Client), run.nameOf(`${sagas[engine].many.node.path}/Claims`)];
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: `${part!['lintel:claim']}-` }));
    const cut = Contents.map(({ Key }) => Key!).filter((key) => /-\d+-\d+$/.test(key));
    for (const Key of cut) await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    Object.assign(part!, { part: 7 });
  }

  test('is done by executions of their own, and its results get to the steps after it by files', async () => {
    const results = await begin('D1', { returns: { part: 12_500 } }).succeeded();
    expect(results).toMatchObject({
      part: { 'lintel:results': expect.stringMatching(new RegExp(`^part/${named('D1')}/`)) },
    });
    expect(
      dids('D1')
        .filter((did) => did.startsWith('part'))
        .sort(),
    ).toEqual(sorted());
    expect(got('D1')).toMatchObject({ part: items.map((_, index) => ({ index, result: 12_500 })) });
  }, 60_000);

  test('is undone whole where one item fails, once all that were begun have ended, and before what came earlier', async () => {
    const ended = await begin('D2', { fails: ['part:7'], takes: { 'part:3': 100 } }).wait();
    expect([ended.error, ended.cause]).toEqual(['SagaUndone', 'part: SagaItemsFailed']);
    const all = dids('D2');
    expect(undone('D2').sort()).toEqual(sorted(':undo'));
    expect(all.indexOf('part:3')).toBeLessThan(all.findIndex((did) => did.endsWith(':undo')));
    expect(all.at(-1)).toBe('a:undo');
  }, 60_000);

  test('is parked where one cannot be undone, and resumed', async () => {
    const ended = await begin('D3', { fails: ['after', 'part:5:undo'] }).wait();
    expect([ended.error, ended.cause]).toEqual([
      'SagaParked',
      expect.stringMatching(/^part could not be undone: Refused/),
    ]);
    expect(new Set(undone('D3'))).toEqual(new Set(sorted(':undo')));
    const message = messageOf('D3');
    expect(message).toMatchObject({
      left: [{ step: 'part', outcome: 'completed' }, { step: 'a' }],
      data: {
        items: { part: { 'lintel:claim': expect.stringContaining(`part/${named('D3')}/`), count: items.length } },
      },
    });
    const data = message.data as { input: object };
    const mended = { ...message, data: { ...data, input: { ...data.input, fails: [] } } };
    if (engine === 'durable-function') await cutOtherwise(message);
    const before = dids('D3').length;
    await run.invoke<StartResult>(sagas[engine].client, { saga: 'MANY', resume: mended });
    const resumed = run.machine(sagas[engine].many).executions.find((one) => one.name === `${named('D3')}-resume-1`)!;
    expect((await resumed.wait()).error).toBe('SagaUndone');
    expect(dids('D3').slice(before).sort()).toEqual(['a:undo', ...sorted(':undo')].sort());
    expect(dids('D3').at(-1)).toBe('a:undo');
  }, 60_000);

  test('that is larger than what travels is read from the bucket', async () => {
    const input = { items: items.slice(0, 3).map((item) => ({ ...item, letters: 'x'.repeat(100_000) })) };
    const { started } = await run.invoke<StartResult>(sagas[engine].client, {
      saga: 'MANY',
      start: { key: named('D6'), input },
    });
    expect(started).toBe(true);
    const execution = run.machine(sagas[engine].many).executions.find(({ name }) => name === named('D6'))!;
    await execution.succeeded();
    const given = lines.filter((line) => line.includes(`"of":"${named('D6')}:part:`));
    expect(given.map((line) => /"letters":(\d+)\}/.exec(line)?.[1])).toEqual(['100000', '100000', '100000']);
    expect(got('D6')).toMatchObject({ part: [0, 1, 2].map((index) => ({ index, result: 1 })) });
  }, 60_000);

  test('without items is skipped', async () => {
    const results = await begin('D7', { items: [] }).succeeded();
    expect([dids('D7'), results]).toEqual([['a', 'after'], { a: 'x', part: [], after: 'x' }]);
  }, 60_000);

  test.each([
    ['there is none', 'D8', { items: null }],
    ['there are too many', 'D9', { items: Array.from({ length: 1001 }, () => 0) }],
  ])(
    'is refused before anything is done with one where %s',
    async (_, name, input) => {
      const ended = await begin(name, input).wait();
      expect([ended.error, ended.cause]).toEqual(['SagaUndone', 'part: SagaListFailed']);
      expect(dids(name)).toEqual(['a', 'a:undo']);
    },
    60_000,
  );

  test('is undone whole where its results cannot be written', async () => {
    const ended = await run
      .machine(sagas[engine].mute)
      .start({ items: items.slice(0, 3) }, { name: named('D4') })
      .wait();
    const cause = { 'step-functions': 'States.ResultWriterFailed', 'durable-function': 'SagaItemsFailed' }[engine];
    expect([ended.error, ended.cause]).toEqual(['SagaUndone', `part: ${cause}`]);
    expect(undone('D4').sort()).toEqual(sorted(':undo', [1, 2, 3]));
  }, 60_000);

  test('that is stopped while it runs is parked whole', async () => {
    const execution = begin('D5', { takes: { 'part:0': 1000 } });
    while (!dids('D5').some((did) => did.startsWith('part'))) await pause(10);
    await execution.stop();
    await run.idle({ timeout: 30_000 });
    expect(messageOf('D5')).toMatchObject({
      left: [{ step: 'part', outcome: 'unknown' }, { step: 'a' }],
      data: { items: { part: { 'lintel:claim': expect.any(String), count: items.length } } },
    });
  }, 60_000);
});

test('a part of a list of which nobody hears any more is one of which nobody knows, and is undone', async () => {
  const { many } = sagas['durable-function'];
  const parts = run.machine(many.node.findChild('Lists'));
  const before = parts.executions.length;
  const execution = run.machine(many).start({ items: [0, 1], takes: { 'part:1': 300 } }, { name: 'Lost' });
  while (!lines.some((line) => line.includes('"of":"Lost:part:1"'))) await pause(10);
  await parts.executions[parts.executions.length - before - 1]!.stop();
  const ended = await execution.wait();
  expect([ended.error, ended.cause]).toEqual(['SagaUndone', 'part: SagaItemsFailed']);
  const undone = lines.flatMap((line) => /"of":"Lost:(\S+?:undo)"/.exec(line)?.[1] ?? []);
  expect(undone.sort()).toEqual(['a:undo', 'part:0:undo', 'part:1:undo']);
}, 60_000);

test('a part whose items cannot be read for a while in a replay goes on afterwards, and says nothing before', async () => {
  // Eight seconds for what takes a call too long, instead of some hundredths: a slow machine needs them to give back what it took away.
  const slow = (patient = await running(5));
  const { many } = sagas['durable-function'];
  const s3 = slow.client(S3Client);
  const Bucket = slow.nameOf(`${many.node.path}/Claims`);
  const execution = slow.machine(many).start({ items: [0, 1], takes: { 'part:1': 300 } }, { name: 'Unread' });
  let over = false;
  const ended = execution.wait().finally(() => (over = true));
  const isSaid = (text: string) => lines.some((line) => line.includes(text));
  while (!isSaid('"of":"Unread:part:1"')) await pause(10);
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'part/Unread/' }));
  const Key = Contents.map((one) => one.Key!).find((key) => key.endsWith('-0'))!;
  await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  while (!over && !isSaid('UnreadAgain')) await pause(5);
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: '[0,1]' }));
  expect((await ended).error).toBeUndefined();
  const did = lines.flatMap((line) => /"of":"Unread:(part\S+?)"/.exec(line)?.[1] ?? []);
  expect(did.sort()).toEqual(['part:0', 'part:1']);
}, 60_000);

test('a distributed list of tasks, with a time of its own: their expressions read what each execution was given, and a handler reads their results', async () => {
  const input = { items: [1, 2, 3], offset: 10 };
  await run.machine(timed).start(input, { name: 'T' }).succeeded();
  const { Items = [] } = await run.client(DynamoDBClient).send(new ScanCommand({ TableName: run.nameOf('Puts') }));
  expect(Items.map(({ id }) => id!.S).sort()).toEqual(['T10', 'T11', 'T12']);
  const after = lines.find((line) => line.includes('"of":"T:after"'))!;
  expect(after).toContain('"results":{"put":[{"index":0,');
}, 60_000);

describe.each(ENGINES)('%s', (engine) => {
  const begin = (of: 'large' | 'asked' | 'shut' | 'many', name: string, input: object) =>
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
    await run.invoke<StartResult>(sagas[engine].client, { saga: 'LARGE', resume: mended });
    const resumed = run.machine(sagas[engine].large).executions.find((one) => one.name === `${name}-resume-1`)!;
    expect((await resumed.wait()).error).toBe('SagaUndone');
    expect(told('L3').slice(before)).toMatchObject([{ did: 'a:undo', results: whole }]);
  }, 60_000);

  test('an input of a megabyte that start() was given gets to the steps', async () => {
    const key = `L4-${engine}`;
    const input = { items: [], letters: 'x'.repeat(LARGE) };
    const { started } = await run.invoke<StartResult>(sagas[engine].client, { saga: 'LARGE', start: { key, input } });
    expect(started).toBe(true);
    const execution = run.machine(sagas[engine].large).executions.find((one) => one.name === key)!;
    // An expression would find nothing there: it fails, and says why.
    expect((await execution.wait()).cause).toContain('lines: States.QueryEvaluationError');
    expect(of('L4', 'a')!.letters).toBe(LARGE);
    expect(of('L4', 'a:undo')!.letters).toBe(LARGE);
  }, 30_000);

  test('a condition on what is in the bucket turns the saga round, and takes it not for nothing', async () => {
    const ended = await begin('many', 'L5', { items: [], returns }).wait();
    expect([ended.error, ended.cause]).toEqual(['SagaUndone', 'b: States.QueryEvaluationError']);
    expect(of('L5', 'b')).toBeUndefined();
    expect(of('L5', 'a:undo')).toBeDefined();
  }, 30_000);

  test('an answer that is large gets to the step after it', async () => {
    const execution = begin('asked', 'L6', {});
    let taskToken: string | undefined;
    while ((taskToken = of('L6', 'ask')?.taskToken) === undefined) await pause(20);
    const answer = { taskToken, result: 'x'.repeat(LARGE) };
    expect(await run.invoke<AnswerResult>(sagas[engine].client, { saga: 'ASKED', answer })).toEqual({ accepted: true });
    await execution.succeeded();
    expect(of('L6', 'after')!.results).toEqual({ ask: LARGE });
  }, 30_000);

  test('a list by whose path nothing is found is an error, and no list without items', async () => {
    const ended = await begin('large', 'N1', { items: null }).wait();
    expect([ended.error, ended.cause]).toEqual(['SagaUndone', 'lines: States.QueryEvaluationError']);
    expect(told('N1').map(({ did }) => did)).toEqual(['a', 'a:undo']);
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
