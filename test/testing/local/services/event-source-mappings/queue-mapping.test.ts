import { setTimeout as sleep } from 'node:timers/promises';
import { type App, Duration, type Stack } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { QueueWorker, type QueueWorkerProps } from 'lintel/aws';
import type { LocalRun } from 'lintel/testing';
import { mutated } from '../../mutated';
import { inline, meeting, running, shop, stopRuns } from '../../support';

/** A handler that says what it did: poison always fails, `throw` fails the whole batch at the first receive. */
const WORKER = `exports.handler = async ({ Records }) => {
  const messages = Records.map((r) => ({ id: r.messageId, group: r.attributes.MessageGroupId, n: +r.attributes.ApproximateReceiveCount, ...JSON.parse(r.body) }));
  if (messages.some((m) => m.throw && m.n === 1)) throw new Error('broken');
  if (messages.some((m) => m.exit && m.n === 1)) process.exit(1);
  const ms = Math.max(...messages.map((m) => m.ms ?? 0));
  console.log('begin ' + JSON.stringify(messages.map((m) => m.group)));
  await Promise.all(messages.map((m) => m.meet && fetch(m.meet)));
  if (ms) await new Promise((r) => setTimeout(r, ms));
  const failed = messages.filter((m) => m.poison);
  console.log('done ' + JSON.stringify(messages.filter((m) => !m.poison).map((m) => [m.id, m.order, m.n])));
  return { batchItemFailures: failed.map((m) => ({ itemIdentifier: m.id })) };
};`;

const worker = (stack: Stack, props: Parameters<typeof inline>[3] = {}): LambdaFunction =>
  inline(stack, 'Work', WORKER, { timeout: Duration.seconds(10), ...props });

const app = (props: Partial<QueueWorkerProps> = {}, lambda: Parameters<typeof inline>[3] = {}): App =>
  shop((stack) => void new QueueWorker(stack, 'Jobs', { handler: worker(stack, lambda), ...props }));

const queueOf = (run: LocalRun) => run.queue('Jobs/Queue');
const deadOf = (run: LocalRun) => run.queue('Jobs/QueueDeadLetterQueue');
/** Ids and orders of the messages that were done, in order. */
const doneBy = (run: LocalRun): [id: string, order: number, receives: number][] =>
  run
    .logs('Work')
    .map(({ message }) => /done (.*)$/.exec(message)?.[1])
    .flatMap((found) => (found === undefined ? [] : (JSON.parse(found) as [string, number, number][])));
const invocationsOf = (run: LocalRun) => run.report().functions[0]!.invocations;
// Exact counts; what the run swaps and repeats otherwise is in disorder.test.ts.
const FAST = { timeScale: 600, disorder: 0 };

afterEach(stopRuns);

test('10,000 messages in batches: processed + dead-lettered = sent, and nothing that succeeded is done again', async () => {
  const run = await running(app({ batch: { size: 500, window: Duration.minutes(1) } }), FAST);
  const sent = new Set(
    queueOf(run).send(
      Array.from({ length: 10_000 }, (_, order) => ({
        // A duplicate is a second message with the same order: the queue must not lose it, the handler tells it.
        order: order % 100 === 1 ? order - 1 : order,
        ...(order % 500 === 7 && { poison: true }),
        ...(order % 2500 === 3 && { throw: true }),
      })),
    ),
  );
  await run.idle({ timeout: 15_000 });
  const done = doneBy(run).map(([id]) => id);
  const dead = deadOf(run).messages();
  expect(dead).toHaveLength(20);
  expect(dead.every(({ body, receives }) => body.includes('poison') && receives === 5)).toBe(true);
  expect(new Set(done).size).toBe(done.length);
  expect(new Set([...done, ...dead.map(({ id }) => id)])).toEqual(sent);
  const { total } = invocationsOf(run);
  expect(total).toBeLessThan(150);
}, 30_000);

test('failures that a mapping does not ask for are lost, as on AWS, and the run says so', async () => {
  const run = await running(
    shop((stack) => {
      const queue = new Queue(stack, 'Queue', { visibilityTimeout: Duration.seconds(60) });
      worker(stack).addEventSource(new SqsEventSource(queue, { batchSize: 2 }));
    }),
    FAST,
  );
  run.queue('Queue').send({ poison: true });
  await run.idle();
  expect(run.queue('Queue').messages()).toEqual([]);
  expect(invocationsOf(run).failed).toBe(0);
  expect(run.logs('Work').map(({ message }) => message)).toContainEqual(
    "WARN the handler reported 1 failed messages but its mapping does not read them, so they count as done; set 'reportBatchItemFailures' on the event source",
  );
});

test('a redrive brings what failed back to the worker', async () => {
  const run = await running(app({ maxAttempts: 1 }), FAST);
  queueOf(run).send({ throw: true, order: 1 });
  await run.idle();
  expect(deadOf(run).depth().visible).toBe(1);
  // The redriven message is new, and new messages throw: it comes back.
  expect(deadOf(run).redrive()).toBe(1);
  await run.idle();
  expect(invocationsOf(run)).toMatchObject({ total: 2, failed: 2 });
  expect(deadOf(run).depth().visible).toBe(1);
});

test('the messages of a killed worker come back', async () => {
  const run = await running(app(), FAST);
  queueOf(run).send([{ exit: true, order: 1 }, { order: 2 }]);
  await run.idle();
  expect(
    doneBy(run)
      .map(([, order]) => order)
      .sort(),
  ).toEqual([1, 2]);
  expect(invocationsOf(run).failed).toBe(1);
});

test('a reservation of 1 and a long queue: throttles lose nothing', async () => {
  const run = await running(app({ batch: { size: 1 } }, { reservedConcurrentExecutions: 1 }), FAST);
  const sent = queueOf(run).send(Array.from({ length: 100 }, (_, order) => ({ order, ms: 5 })));
  await run.idle();
  expect(
    doneBy(run)
      .map(([id]) => id)
      .sort(),
  ).toEqual([...sent].sort());
  expect(deadOf(run).depth().visible).toBe(0);
  expect(invocationsOf(run).throttled).toBeGreaterThan(0);
});

test('a throttled batch returns to the queue after its visibility timeout', async () => {
  const run = await running(
    shop((stack) => {
      const fn = worker(stack, { reservedConcurrentExecutions: 1, timeout: Duration.seconds(1) });
      const queue = new Queue(stack, 'Own', { visibilityTimeout: Duration.seconds(1) });
      fn.addEventSource(new SqsEventSource(queue, { batchSize: 1, reportBatchItemFailures: true }));
    }),
  );
  run.queue('Own').send([1, 2, 3].map((order) => ({ order, ms: 700 })));
  await run.idle();
  const done = doneBy(run);
  // The second is begun so late that it is seen again while it is in work, as on AWS: hence 6 x the timeout.
  expect(new Set(done.map(([, order]) => order))).toEqual(new Set([1, 2, 3]));
  // The third waited longer than its visibility timeout, while the others were in work.
  expect(Math.max(...done.map(([, , receives]) => receives))).toBeGreaterThan(1);
}, 15_000);

test('at most MaximumConcurrency batches are in work', async () => {
  const run = await running(app({ batch: { size: 1 }, maxConcurrency: 2 }), FAST);
  const meet = await meeting(2);
  queueOf(run).send(Array.from({ length: 12 }, (_, order) => ({ order, ms: 30, meet })));
  await run.idle();
  expect(mostAtOnce(run)).toBe(2);
});

test('FIFO: one batch of a group at a time, in order, groups side by side', async () => {
  const run = await running(app({ fifo: true, batch: { size: 1 }, maxConcurrency: 5 }), FAST);
  const meet = await meeting(2);
  for (let order = 0; order < 5; order++) {
    for (const [groupId, first] of [
      ['a', 0],
      ['b', 100],
    ] as const) {
      queueOf(run).send({ order: first + order, ms: 10, meet }, { groupId, deduplicationId: `${groupId}${order}` });
    }
  }
  await run.idle();
  expect(doneBy(run)).toHaveLength(10);
  expect(mostAtOnce(run)).toBe(2);
  const orders = doneBy(run).map(([, order]) => order);
  expect(orders.filter((order) => order < 100)).toEqual([0, 1, 2, 3, 4]);
  expect(orders.filter((order) => order >= 100)).toEqual([100, 101, 102, 103, 104]);
});

test('FIFO: what failed comes back before what follows it in its group', async () => {
  const run = await running(app({ fifo: true, batch: { size: 1 } }), FAST);
  queueOf(run).send({ order: 1, throw: true }, { groupId: 'g', deduplicationId: '1' });
  queueOf(run).send({ order: 2 }, { groupId: 'g', deduplicationId: '2' });
  await run.idle();
  expect(doneBy(run).map(([, order]) => order)).toEqual([1, 2]);
});

test('filters let matching messages through, and delete the others', async () => {
  const run = await running(app({ filters: [{ body: { order: [{ numeric: ['>=', 2] }] } }] }), FAST);
  queueOf(run).send([{ order: 1 }, { order: 2 }, 'no JSON', { order: 3 }]);
  await run.idle();
  expect(
    doneBy(run)
      .map(([, order]) => order)
      .sort(),
  ).toEqual([2, 3]);
  expect(queueOf(run).messages()).toEqual([]);
  expect(deadOf(run).messages()).toEqual([]);
});

test.each([
  ['no JSON object', '"ok"'],
  ['an identifier that no message has', '{ batchItemFailures: [{ itemIdentifier: "other" }] }'],
  ['an empty identifier', '{ batchItemFailures: [{ itemIdentifier: "" }] }'],
  ['a misspelt identifier', '{ batchItemFailures: [{ id: "x" }] }'],
])('an answer that Lambda cannot read fails the whole batch: %s', async (_, answer) => {
  const run = await running(
    shop((stack) => {
      const handler = inline(stack, 'Work', `exports.handler = async () => (${answer});`);
      new QueueWorker(stack, 'Jobs', { handler, maxAttempts: 2 });
    }),
    FAST,
  );
  queueOf(run).send(['a', 'b']);
  await run.idle();
  expect(deadOf(run).depth().visible).toBe(2);
});

test('reading and deleting is the platform’s use of the role, not an unused grant', async () => {
  const run = await running(app(), FAST);
  const [access] = run.report().functions;
  expect(access!.platform.map(({ action }) => action)).toEqual([
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
  ]);
  expect(access!.used).toEqual([]);
  expect(access!.unused).toEqual([]);
});

describe('a setting that is lost is seen', () => {
  const MAPPING = 'AWS::Lambda::EventSourceMapping';
  const lost = (type: string, ...names: string[]) =>
    mutated(app(), type, (properties) => names.forEach((name) => delete properties[name]));

  test('without ReportBatchItemFailures, what failed is deleted with the rest', async () => {
    const run = await running(lost(MAPPING, 'FunctionResponseTypes'), FAST);
    queueOf(run).send([{ poison: true }, { order: 1 }]);
    await run.idle();
    expect(deadOf(run).messages()).toEqual([]);
  });

  test('without RedrivePolicy, poison never ends', async () => {
    const run = await running(lost('AWS::SQS::Queue', 'RedrivePolicy'), FAST);
    queueOf(run).send({ poison: true });
    // With it, there are five attempts.
    while (invocationsOf(run).total < 7) await sleep(10);
    await expect(run.idle({ timeout: 0 })).rejects.toThrow('1 messages for Shop/Jobs/Mapping');
  });

  test('without VisibilityTimeout, a function that may take longer gets no messages', async () => {
    const long = app({}, { timeout: Duration.minutes(2) });
    const run = await running(
      mutated(long, 'AWS::SQS::Queue', (properties) => delete properties.VisibilityTimeout),
      FAST,
    );
    expect(run.unsupported.map(({ reason }) => reason)).toContain(
      'it does not run: Queue visibility timeout: 30 seconds is less than Function timeout: 120 seconds',
    );
  });

  test.each([
    [{ ScalingConfig: { MaximumConcurrency: 1 } }, 'ScalingConfig.MaximumConcurrency of 1 is not from 2 to 1000'],
    [{ BatchSize: 10_001, MaximumBatchingWindowInSeconds: 1 }, 'BatchSize of 10001 is not from 1 to 10000'],
    [{ MaximumBatchingWindowInSeconds: 301 }, 'MaximumBatchingWindowInSeconds of 301 is not from 0 to 300'],
  ])('refuses a mapping with %j, which reads nothing', async (settings, why) => {
    const run = await running(
      mutated(app({}), MAPPING, (properties) => void Object.assign(properties, settings)),
      FAST,
    );
    expect(run.unsupported.map(({ reason }) => reason)).toEqual([`it does not run: Lambda refuses it: ${why}`]);
  });

  test('without MaximumConcurrency, more batches are in work', async () => {
    const few = app({ batch: { size: 1 }, maxConcurrency: 2 });
    const run = await running(
      mutated(few, MAPPING, (properties) => delete properties.ScalingConfig),
      FAST,
    );
    const meet = await meeting(3);
    queueOf(run).send(Array.from({ length: 8 }, (_, order) => ({ order, meet })));
    await run.idle();
    expect(mostAtOnce(run)).toBeGreaterThan(2);
  });

  test('without FilterCriteria, every message comes through', async () => {
    const filtered = app({ filters: [{ body: { order: [2] } }] });
    const run = await running(
      mutated(filtered, MAPPING, (properties) => delete properties.FilterCriteria),
      FAST,
    );
    queueOf(run).send([{ order: 1 }, { order: 2 }]);
    await run.idle();
    expect(doneBy(run)).toHaveLength(2);
  });

  test.each(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'])(
    'without %s, the mapping does not run',
    async (action) => {
      const directory = mutated(app(), 'AWS::IAM::Policy', (properties) => {
        const { Statement } = properties.PolicyDocument as { Statement: { Action: string | string[] }[] };
        for (const one of Statement) one.Action = [one.Action].flat().filter((name) => name !== action);
      });
      const run = await running(directory, FAST);
      queueOf(run).send({ order: 1 });
      await sleep(50);
      expect(queueOf(run).depth().visible).toBe(1);
      expect(run.unsupported.map(({ reason }) => reason).join()).toContain(`not authorized to perform: ${action}`);
    },
  );
});

/** How many invocations ran at once, at most, by what the handler says. */
function mostAtOnce(run: LocalRun): number {
  let now = 0;
  let most = 0;
  for (const { message } of run.logs('Work')) {
    if (message.includes('begin ')) most = Math.max(most, ++now);
    if (message.includes('done ')) now--;
  }
  return most;
}
