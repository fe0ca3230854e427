import { randomUUID } from 'node:crypto';
import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Saga, type SagaNode, type SagaStep, ServiceFunction } from 'lintel/aws';
import { type LocalExecution, type LocalRun, runLocally } from 'lintel/testing';
import type { ParkedSaga } from '../../../../lib/aws/saga/parked';
import { ACT, type Deed, type Doing, type Script, UNDO, World } from './saga-world';

/** Numbers that look random, and are the same in each run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const random = numbers(2026);
const below = (limit: number) => Math.floor(random() * limit);
const oneOf = <T>(...values: readonly T[]): T => values[below(values.length)]!;

const DOINGS: readonly Doing[] = [
  'refuses',
  'does and loses its answer',
  'loses its answer',
  'does and breaks down',
  'breaks down',
];
const SAGAS = 7;
const RUNS = 6;
const ITEMS = [1, 2, 3];

const world = new World();
let run: LocalRun;
let shut: Saga;
let sagas: readonly { readonly saga: Saga; readonly nodes: readonly SagaNode[] }[];

beforeAll(async () => {
  const url = await world.open();
  const app = new App({ builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Shop');
  const made = (id: string, text: string) =>
    new ServiceFunction(stack, id, {
      code: lambda.Code.fromInline(text),
      environment: { WORLD: url },
      onFailure: 'none',
    });
  const [action, compensation] = [made('Act', ACT), made('Undo', UNDO)];
  sagas = Array.from({ length: SAGAS }, (_, index) => {
    const nodes = nodesOf(1 + index, { action, compensation });
    return { nodes, saga: new Saga(stack, `Saga${index}`, { steps: nodes, undoFailed: index === 3 }) };
  });
  const steps = ['s0', 's1'].map((name) => ({ name, action, compensation }));
  shut = new Saga(stack, 'Shut', { steps });
  shut.parked.addToResourcePolicy(
    new iam.PolicyStatement({
      effect: iam.Effect.DENY,
      principals: [new iam.ArnPrincipal(shut.machine.role.roleArn)],
      actions: ['sqs:SendMessage'],
      resources: [shut.parked.queueArn],
    }),
  );
  run = await runLocally(app, { timeScale: 1000 });
}, 60_000);

afterAll(async () => {
  await run.stop();
  world.close();
});

/** So many steps, some of them at once, some for each item, some without a compensation. */
function nodesOf(count: number, works: Pick<SagaStep, 'action' | 'compensation'>): SagaNode[] {
  const nodes: SagaNode[] = [];
  for (let made = 0; made < count;) {
    const step = (): SagaStep => {
      const name = `s${made++}`;
      return random() < 0.15 ? { name, action: works.action } : { name, ...works };
    };
    const kind = random();
    if (kind < 0.35 && count - made > 1)
      nodes.push({ parallel: Array.from({ length: Math.min(3, count - made) }, step) });
    else if (kind < 0.5) nodes.push({ each: '{% $input.items %}', step: step(), maxItems: 5 });
    else nodes.push({ ...step(), ...(random() < 0.2 && { when: '{% $input.items[0] = 1 %}' }) });
  }
  return nodes;
}

const stepsOf = (node: SagaNode): readonly SagaStep[] =>
  'parallel' in node ? node.parallel : [('each' in node ? node.step : node) as SagaStep];

/** The keys of a saga in the order in which they are done; those of one node may be done in any. */
function keysOf(name: string, nodes: readonly SagaNode[]): readonly (readonly string[])[] {
  return nodes.map((node) =>
    'each' in node
      ? ITEMS.map((_, index) => `${name}:${node.step.name}:${index}`)
      : stepsOf(node).map((step) => `${name}:${step.name}`),
  );
}

function scriptOf(nodes: readonly SagaNode[]): Script {
  const names = nodes.flatMap(stepsOf).map(({ name }) => name);
  const pick = () => oneOf(...names);
  return {
    doing: random() < 0.15 ? {} : { [pick()]: oneOf(...DOINGS), ...(random() < 0.3 && { [pick()]: oneOf(...DOINGS) }) },
    undoing: { [pick()]: oneOf(0, 1, 3), ...(random() < 0.25 && { [pick()]: Infinity }) },
    slow: { [pick()]: 60 },
  };
}

/** What holds of a saga that has ended, however it did. */
function judge(name: string, nodes: readonly SagaNode[], ended: LocalExecution, parked: readonly ParkedSaga[]): void {
  count(ended);
  const deeds = world.of(name);
  const did = deeds.filter(({ what }) => what === 'do').map(({ key }) => key);
  const undid = deeds.filter(({ what }) => what === 'undo').map(({ key }) => key);
  const undoable = new Set(
    nodes
      .flatMap(stepsOf)
      .filter(({ compensation }) => compensation)
      .map((step) => step.name),
  );
  const mayStay = (key: string) => !undoable.has(key.split(':')[1]!);
  const order = keysOf(name, nodes);

  expect(did).toEqual([...new Set(did)]);
  expect(undid).toEqual([...new Set(undid)]);
  if (ended.status === 'SUCCEEDED') {
    expect([...did].sort()).toEqual(order.flat().sort());
    expect(undid).toEqual([]);
    expect(parked).toEqual([]);
    return;
  }
  // Nothing takes effect once something is undone, and what is undone is undone in reverse.
  expect(lastOf(deeds, 'do')).toBeLessThan(firstOf(deeds, 'undo'));
  const places = undid.map((key) => order.findIndex((keys) => keys.includes(key)));
  expect(places).toEqual([...places].sort((a, b) => b - a));

  const open = did.filter((key) => !undid.includes(key) && !mayStay(key));
  if (ended.error === 'SagaUndone') {
    expect({ open, parked }).toEqual({ open: [], parked: [] });
    return;
  }
  expect(parked).toHaveLength(1);
  const left = parked[0]!.left.map(({ step }) => step);
  expect([...new Set(open.map((key) => key.split(':')[1]!))].filter((step) => !left.includes(step))).toEqual([]);
}

/** How the sagas ended: a proof says little where each of them ended well. */
const ends = new Map<string, number>();
const count = (execution: LocalExecution) => {
  const end = execution.error ?? execution.status;
  ends.set(end, (ends.get(end) ?? 0) + 1);
};

const lastOf = (deeds: readonly Deed[], what: Deed['what']) => deeds.map((deed) => deed.what).lastIndexOf(what);
const firstOf = (deeds: readonly Deed[], what: Deed['what']) => {
  const first = deeds.findIndex((deed) => deed.what === what);
  return first < 0 ? Infinity : first;
};

const messagesOf = (saga: Saga, execution: LocalExecution): ParkedSaga[] =>
  run
    .queue(saga.parked)
    .messages()
    .map(({ body }) => JSON.parse(body) as ParkedSaga)
    .filter((message) => message.execution === execution.arn);

/** Goes on with what was parked, once compensations succeed again: then nothing is left of the saga. */
async function resume(name: string, saga: Saga, nodes: readonly SagaNode[], parked: ParkedSaga): Promise<void> {
  world.play(name, { doing: {}, undoing: {}, slow: {} });
  const { undo: _, ...failed } = parked.failed;
  const { key, outcomes, data } = parked;
  const envelope = { 'lintel:saga': { key, outcomes, failed, ...data } };
  const resumed = await run
    .machine(saga.machine)
    .start(envelope, { name: `${name}-resume-1` })
    .wait();
  expect(resumed.error).toBe('SagaUndone');
  const deeds = world.of(name);
  const undid = deeds.filter(({ what }) => what === 'undo').map((deed) => deed.key);
  const undoable = nodes
    .flatMap(stepsOf)
    .filter(({ compensation }) => compensation)
    .map((step) => step.name);
  const due = deeds.filter((deed) => deed.what === 'do' && undoable.includes(deed.key.split(':')[1]!));
  expect([...undid].sort()).toEqual(due.map((deed) => deed.key).sort());
}

const tries = Array.from({ length: SAGAS }, (_, index) => index);

test.each(tries)(
  'saga %d: what was done or may have been is undone, in reverse, once, or parked and resumed',
  async (index) => {
    const { saga, nodes } = sagas[index]!;
    const started = Array.from({ length: RUNS }, () => {
      const name = randomUUID();
      world.play(name, scriptOf(nodes));
      return { name, execution: run.machine(saga.machine).start({ items: ITEMS }, { name }) };
    });
    const over = await Promise.all(started.map(({ execution }) => execution.wait()));
    for (const [at, { name }] of started.entries()) {
      const parked = messagesOf(saga, over[at]!);
      judge(name, nodes, over[at]!, parked);
      expect(['SagaUndone', 'SagaParked', undefined]).toContain(over[at]!.error);
      if (parked[0]) await resume(name, saga, nodes, parked[0]);
    }
  },
  60_000,
);

test.each(tries)(
  'saga %d: stopped anywhere, it is parked once, with all that is left',
  async (index) => {
    const { saga, nodes } = sagas[index]!;
    const started = Array.from({ length: RUNS }, () => {
      const name = randomUUID();
      let calls = 1 + below(8);
      const script = scriptOf(nodes);
      const onCall = () => {
        if (--calls === 0)
          void run
            .machine(saga.machine)
            .executions.find((one) => one.name === name)!
            .stop();
      };
      world.play(name, { ...script, onCall });
      return { name, execution: run.machine(saga.machine).start({ items: ITEMS }, { name }) };
    });
    const over = await Promise.all(started.map(({ execution }) => execution.wait()));
    await run.idle({ timeout: 30_000 });
    for (const [at, { name }] of started.entries()) {
      const parked = messagesOf(saga, over[at]!);
      judge(name, nodes, over[at]!, parked);
      if (over[at]!.status === 'ABORTED') expect(parked[0]).toMatchObject({ failed: { error: 'Aborted' } });
      if (parked[0]) await resume(name, saga, nodes, parked[0]);
    }
  },
  60_000,
);

test('where the machine cannot send its message, the keeper does', async () => {
  const name = randomUUID();
  world.play(name, { doing: { s1: 'refuses' }, undoing: { s0: Infinity }, slow: {} });
  const ended = await run.machine(shut.machine).start({}, { name }).wait();
  expect(ended.error).toBe('SagaNotParked');
  await run.idle({ timeout: 30_000 });
  // Of what refused, the history alone does not say that nothing was done.
  expect(messagesOf(shut, ended)).toMatchObject([
    {
      failed: { error: 'SagaNotParked' },
      left: [
        { step: 's1', outcome: 'unknown' },
        { step: 's0', outcome: 'completed' },
      ],
    },
  ]);
}, 60_000);

test('each kind of end was among them', () => {
  for (const end of ['SUCCEEDED', 'SagaUndone', 'SagaParked', 'ABORTED']) expect(ends.get(end)).toBeGreaterThan(3);
});
