import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { App, type CfnResource, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Saga, type SagaNode, type SagaStep, ServiceFunction } from 'lintel/aws';
import { type LocalExecution, type LocalRun, runLocally } from 'lintel/testing';
import type { ParkedSaga } from '../../../lib/aws/saga/parked';
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
const ENGINES = ['step-functions', 'durable-function'] as const;
type Engine = (typeof ENGINES)[number];
/** A replay for each call takes its time. */
const RUNS = { 'step-functions': 3, 'durable-function': 1 };
const ITEMS = [1, 2, 3];

const world = new World();
let run: LocalRun;
let shut: Record<Engine, Saga>;
/** Sagas that the service ends by its own timeout, after so many seconds. */
let ended: Record<Engine, ReadonlyMap<number, Saga>>;
let sagas: readonly { readonly by: Record<Engine, Saga>; readonly nodes: readonly SagaNode[] }[];

beforeAll(async () => {
  const url = await world.open();
  const app = new App({ builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Shop');
  const made = (id: string, text: string, scope = stack) =>
    new ServiceFunction(scope, id, {
      code: lambda.Code.fromInline(text),
      environment: { WORLD: url },
      onFailure: 'none',
    });
  const [action, compensation] = [made('Act', ACT), made('Undo', UNDO)];
  sagas = Array.from({ length: SAGAS }, (_, index) => {
    const nodes = nodesOf(1 + index, { action, compensation });
    const by = both(
      (engine) => new Saga(stack, `${engine}-${index}`, { engine, steps: nodes, undoFailed: index === 3 }),
    );
    return { nodes, by };
  });
  const steps = ['s0', 's1'].map((name) => ({ name, action, compensation }));
  shut = both((engine) => ending(new Saga(stack, `Shut-${engine}`, { engine, steps }), engine, A_DAY));
  const late = new Stack(app, 'Late');
  const lateSteps = ['s0', 's1'].map((name) => ({
    name,
    action: made(`Act${name}`, ACT, late),
    compensation: made(`Undo${name}`, UNDO, late),
  }));
  ended = both(
    (engine) =>
      new Map(
        TIMEOUTS.map((seconds) => [
          seconds,
          ending(new Saga(late, `Ended-${engine}-${seconds}`, { engine, steps: lateSteps }), engine, seconds),
        ]),
      ),
  );
  for (const [engine, saga] of ENGINES.flatMap((engine) =>
    [shut[engine], ...ended[engine].values()].map((saga) => [engine, saga] as const),
  )) {
    const { parked } = saga;
    const { role } = engine === 'step-functions' ? saga.machine : saga.handler;
    parked.addToResourcePolicy(
      new iam.PolicyStatement({
        effect: iam.Effect.DENY,
        principals: [new iam.ArnPrincipal(role!.roleArn)],
        actions: ['sqs:SendMessage'],
        resources: [parked.queueArn],
      }),
    );
  }
  // Executions that end at once would start an environment each, for a keeper that has little to do.
  for (const keeper of app.node.findAll().filter((one) => one.node.id === 'Keeper'))
    (keeper.node.defaultChild as lambda.CfnFunction).reservedConcurrentExecutions = 1;
  run = await runLocally(app, { timeScale: 1000, maxEnvironments: 2 });
}, 60_000);

afterAll(async () => {
  await run.stop();
  world.close();
});

const both = <T>(make: (engine: Engine) => T) =>
  Object.fromEntries(ENGINES.map((engine) => [engine, make(engine)])) as Record<Engine, T>;

/** In a compensation, and while the message cannot be sent. */
const TIMEOUTS = [300, 2000, 600, 6000];

/** No saga takes that long here, on a slow machine either. */
const A_DAY = 86_400;

/** The saga, with a timeout of the service that is not that of its longest way. */
function ending(saga: Saga, engine: Engine, seconds: number): Saga {
  if (engine === 'durable-function') {
    (saga.handler.node.defaultChild as CfnResource).addPropertyOverride('DurableConfig.ExecutionTimeout', seconds);
    return saga;
  }
  const machine = saga.machine.node.defaultChild as CfnStateMachine;
  const definition = JSON.stringify(Stack.of(saga).resolve(machine.definitionString));
  const changed = definition.replace(/(\\"TimeoutSeconds\\":)\d+(,\\"StartAt)/, `$1${seconds}$2`);
  expect(changed).not.toBe(definition);
  machine.addPropertyOverride('DefinitionString', JSON.parse(changed));
  return saga;
}

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

const isStopped = ({ status }: LocalExecution) => status === 'ABORTED' || status === 'STOPPED';

/** How the sagas ended: a proof says little where each of them ended well. */
const ends = new Map<string, number>();
const count = (execution: LocalExecution) => {
  const end = isStopped(execution) ? execution.status : (execution.error ?? execution.status);
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
    .machine(saga)
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

const tries = ENGINES.flatMap((engine) => Array.from({ length: SAGAS }, (_, index) => [engine, index] as const));

test.each(tries)(
  '%s, saga %d: what was done or may have been is undone, in reverse, once, or parked and resumed',
  async (engine, index) => {
    const { by, nodes } = sagas[index]!;
    const saga = by[engine];
    const started = Array.from({ length: RUNS[engine] }, () => {
      const name = randomUUID();
      world.play(name, scriptOf(nodes));
      return { name, execution: run.machine(saga).start({ items: ITEMS }, { name }) };
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
  '%s, saga %d: stopped anywhere, it is parked once, with all that is left',
  async (engine, index) => {
    const { by, nodes } = sagas[index]!;
    const saga = by[engine];
    const started = Array.from({ length: RUNS[engine] }, () => {
      const name = randomUUID();
      let calls = 1 + below(8);
      const script = scriptOf(nodes);
      const onCall = () => {
        if (--calls === 0)
          void run
            .machine(saga)
            .executions.find((one) => one.name === name)!
            .stop();
      };
      world.play(name, { ...script, onCall });
      return { name, execution: run.machine(saga).start({ items: ITEMS }, { name }) };
    });
    const over = await Promise.all(started.map(({ execution }) => execution.wait()));
    await run.idle({ timeout: 30_000 });
    for (const [at, { name }] of started.entries()) {
      const parked = messagesOf(saga, over[at]!);
      judge(name, nodes, over[at]!, parked);
      if (isStopped(over[at]!)) expect(parked[0]).toMatchObject({ failed: { error: 'Aborted' } });
      if (parked[0]) await resume(name, saga, nodes, parked[0]);
    }
  },
  60_000,
);

const parking = ENGINES.flatMap((engine) => [1, 3, 4, 6].map((index) => [engine, index] as const));

test.each(parking)(
  '%s, saga %d: stopped while it parks, it is parked all the same, and nothing that is left is left out',
  async (engine, index) => {
    const { by, nodes } = sagas[index]!;
    const saga = by[engine];
    const names = nodes.flatMap(stepsOf).map(({ name }) => name);
    const started = Array.from({ length: engine === 'step-functions' ? 2 : 1 }, async () => {
      const name = randomUUID();
      const undoing = Object.fromEntries(names.map((step) => [step, Infinity]));
      world.play(name, { doing: { [names.at(-1)!]: 'does and loses its answer' }, undoing, slow: {} });
      const execution = run.machine(saga).start({ items: ITEMS }, { name });
      while (execution.status === 'RUNNING' && !execution.states.includes('Saga parks')) await sleep(1);
      await sleep(below(4));
      await execution.stop();
      return { name, over: await execution.wait() };
    });
    const all = await Promise.all(started);
    await run.idle({ timeout: 30_000 });
    for (const { name, over } of all) {
      // Whether the queue has taken the message when the execution is stopped, nobody knows: then it is told twice, and
      // the keeper, who has the history alone, takes what refused for what may have happened.
      const told = messagesOf(saga, over);
      for (const message of told) judge(name, nodes, over, [message]);
      if (told.length === 0) judge(name, nodes, over, []);
      const [first] = told;
      if (first) await resume(name, saga, nodes, first);
    }
  },
  60_000,
);

/** Where executions were when their service ended them. */
const where = new Set<string>();

/** Executions that their service ends after so many seconds are parked once, with all that is left. */
async function endAfter(engine: Engine, seconds: number): Promise<void> {
  const saga = ended[engine].get(seconds)!;
  const nodes = ['s0', 's1'].map((name) => ({ name, action: 'x', compensation: 'x' }));
  const started = Array.from({ length: 3 }, () => {
    const name = randomUUID();
    world.play(name, { doing: { s1: 'refuses' }, undoing: { s0: Infinity }, slow: {} });
    return { name, execution: run.machine(saga).start({}, { name }) };
  });
  const over = await Promise.all(started.map(({ execution }) => execution.wait()));
  await run.idle({ timeout: 30_000 });
  for (const [at, { name }] of started.entries()) {
    const one = over[at]!;
    const parked = messagesOf(saga, one);
    judge(name, nodes, one, parked);
    if (one.status !== 'TIMED_OUT') continue;
    where.add(
      `${engine}: ${one.states.findLast((state) => /^(Saga parks|Undo|s\d)/.test(state))!.replace(/ s0$/, '')}`,
    );
    expect(parked[0]).toMatchObject({ failed: { error: 'States.Timeout' } });
    await resume(name, saga, nodes, parked[0]!);
  }
}

test.each(ENGINES)(
  '%s: ended by the service, while it undoes or parks, it is parked once, with all that is left',
  async (engine) => {
    const places = [`${engine}: Undo`, `${engine}: Saga parks`];
    // How far an execution comes in its time depends on the machine: the later ones are for slow ones.
    for (const seconds of TIMEOUTS) {
      await endAfter(engine, seconds);
      if (places.every((place) => where.has(place))) return;
    }
    expect([...where]).toEqual(expect.arrayContaining(places));
  },
  120_000,
);

test.each(ENGINES)(
  '%s: where the message cannot be sent, the keeper sends it',
  async (engine) => {
    const saga = shut[engine];
    const name = randomUUID();
    world.play(name, { doing: { s1: 'refuses' }, undoing: { s0: Infinity }, slow: {} });
    const ended = await run.machine(saga).start({}, { name }).wait();
    expect(ended.error).toBe('SagaNotParked');
    await run.idle({ timeout: 30_000 });
    // Of what refused, the history of a machine alone does not say that nothing was done; a durable function's does.
    const refused = engine === 'step-functions' ? [{ step: 's1', outcome: 'unknown' }] : [];
    expect(messagesOf(saga, ended)).toMatchObject([
      { failed: { error: 'SagaNotParked' }, left: [...refused, { step: 's0', outcome: 'completed' }] },
    ]);
  },
  60_000,
);

test('each kind of end was among them', () => {
  for (const end of ['SUCCEEDED', 'SagaUndone', 'SagaParked', 'ABORTED', 'STOPPED'])
    expect({ end, often: (ends.get(end) ?? 0) > 3 }).toEqual({ end, often: true });
});
