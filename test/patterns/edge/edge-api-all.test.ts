import { output, secret } from '@pulumi/pulumi';
import { EdgeApi, type EdgeApiArgs, EdgeQueueWorker, EdgeStore } from 'lintel/edge';
import { type EdgeRun, runEdgeLocally } from 'lintel/testing';
import { created, graphOf, handler, refusal, resource } from './support';

const shop = 'test/patterns/edge/workers/shop.ts';
const api = (args: Partial<EdgeApiArgs> = {}) => new EdgeApi('shop', { handler: shop, ...args });

test('one Worker answers requests, runs at its times and works on its queues', async () => {
  const graph = await graphOf(() => {
    const one = api({
      schedule: ['0 3 * * *', '0 15 * * *'],
      consumes: { jobs: { binding: 'JOBS', batch: { size: 100, window: 1 }, maxAttempts: 3 }, mail: {} },
    });
    new EdgeApi('other', { handler, access: { MAIL: one.send('mail') } });
  });
  expect(created(graph).filter((name) => name.includes('shop'))).toEqual([
    'Queue shop-jobs-dead-letter-queue',
    'Queue shop-jobs-queue',
    'Queue shop-mail-dead-letter-queue',
    'Queue shop-mail-queue',
    'QueueConsumer shop-jobs-consumer',
    'QueueConsumer shop-mail-consumer',
    'WorkersCronTrigger shop-trigger',
    'WorkersScript shop-worker',
    'WorkersScriptSubdomain shop-workers-dev',
  ]);
  expect(resource(graph, 'shop-worker').inputs.bindings).toEqual([
    { name: 'JOBS', type: 'queue', queueName: 'shop-test-shop-jobs' },
  ]);
  expect(resource(graph, 'other-worker').inputs.bindings).toEqual([
    { name: 'MAIL', type: 'queue', queueName: 'shop-test-shop-mail' },
  ]);
  expect(resource(graph, 'shop-jobs-consumer').inputs).toMatchObject({
    scriptName: 'shop-test-shop',
    deadLetterQueue: 'shop-test-shop-jobs-dead-letters',
    settings: { batchSize: 100, maxWaitTimeMs: 1000, maxRetries: 2, retryDelay: 30 },
  });
  expect(resource(graph, 'shop-trigger').inputs).toMatchObject({
    scriptName: 'shop-test-shop',
    schedules: [{ cron: '0 3 * * *' }, { cron: '0 15 * * *' }],
  });
});

test('binds other Workers to one of its entrypoints', async () => {
  const graph = await graphOf(
    () => void new EdgeApi('other', { handler, access: { ADMIN: api().call({ entrypoint: 'Admin' }) } }),
  );
  expect(resource(graph, 'other-worker').inputs.bindings).toEqual([
    { name: 'ADMIN', type: 'service', service: 'shop-test-shop', entrypoint: 'Admin' },
  ]);
});

test.each([
  ['Gone', "must be a class that the handler exports by name, got 'Gone'; export it there; there is 'Admin' (shop)"],
  ['default', "must be a class that the handler exports by name, got 'default'; export it there; there is 'Admin'"],
  ['Plain', "must be a class that extends 'WorkerEntrypoint': only its methods can be called, got 'Plain'"],
  ['total', "must be a class that extends 'WorkerEntrypoint': only its methods can be called, got 'total'"],
  ['Room', "must be a class that extends 'WorkerEntrypoint': only its methods can be called, got 'Room'; bind a"],
])('refuses %s as an entrypoint', async (entrypoint, message) => {
  expect(await refusal(() => void api().call({ entrypoint }))).toEqual([
    expect.stringContaining(`'entrypoint' ${message}`),
  ]);
});

test('gives JSON as it is, with what only the deployment knows', async () => {
  const graph = await graphOf(
    () =>
      void api({ environment: { LIMITS: { perMinute: 100, urls: [output('later')] }, TAGS: ['a', 1], STAGE: 'prod' } }),
  );
  expect(resource(graph, 'shop-worker').inputs.bindings).toEqual([
    { name: 'LIMITS', type: 'json', json: '{"perMinute":100,"urls":["later"]}' },
    { name: 'STAGE', type: 'plain_text', text: 'prod' },
    { name: 'TAGS', type: 'json', json: '["a",1]' },
  ]);
});

test('refuses secrets in variables, of Pulumi or by their looks', async () => {
  expect(await refusal(() => void api({ environment: { KEY: secret('hunter2') } }))).toEqual([
    expect.stringContaining("'environment.KEY' must not hold secrets"),
  ]);
  expect(await refusal(() => void api({ environment: { KEYS: { all: [secret('hunter2')] } } }))).toEqual([
    expect.stringContaining(
      "'environment.KEYS' must not hold secrets: anyone who can view the Worker in the dashboard can read them; put the secret in 'secrets' (shop)",
    ),
  ]);
  expect(await refusal(() => void api({ environment: { DB: { password: 'hunter2-hunter3' } } }))).toEqual([
    "'environment.DB' must not hold secrets: anyone who can view the Worker in the dashboard can read them, got 'DB'; put the secret in 'secrets' (shop)",
  ]);
});

test('refuses everything that is wrong at once', async () => {
  const queue = { queueId: 'q' } as never;
  const { worker: _, ...bad } = {
    worker: 0,
    schedule: '0 3 * * SUN#9',
    consumes: { Jobs: {}, a: { queue }, b: { queue } },
  };
  expect(await refusal(() => void api({ ...bad, handler: 'test/patterns/edge/workers/site.ts' }))).toEqual([
    expect.stringContaining("'handler' must have 'scheduled' in its default export"),
    expect.stringContaining("'schedule' "),
    expect.stringContaining("'handler' must have 'queue' in its default export"),
    expect.stringContaining("'consumes.Jobs' must be named by lower-case letters, digits and dashes, got 'Jobs'"),
    expect.stringContaining("'consumes.b.queue' must not be consumed twice: a queue has one consumer"),
  ]);
});

test.each<[Partial<EdgeApiArgs>, string]>([
  [
    { consumes: { jobs: { maxAttempts: 0 } } },
    "'consumes.jobs.maxAttempts' must be a whole number from 1 to 101, got 0",
  ],
  [
    { consumes: { jobs: {}, 'jobs-dead-letter': {} } },
    "'consumes.jobs-dead-letter' must not clash with the name of the dead-letter queue of 'jobs'",
  ],
  [
    { consumes: { jobs: { binding: 'a-b' } } },
    "'consumes.jobs.binding' must be a JavaScript identifier that is not used elsewhere in the Worker",
  ],
  [
    { consumes: { jobs: { binding: 'STAGE' } }, environment: { STAGE: 'prod' } },
    "'consumes.jobs.binding' must be a JavaScript identifier that is not used elsewhere in the Worker, got 'STAGE'",
  ],
  [{ environment: { PORT: 42 as never } }, "'environment.PORT' must be a string, or a JSON object or list, got 42"],
  [{ environment: { BIG: ['x'.repeat(5120)] } }, "'environment.BIG' must be at most 5120 bytes"],
])('refuses %j', async (args, message) => {
  expect(await refusal(() => void api(args))).toEqual([expect.stringContaining(message)]);
});

test('refuses two queues of one name, and a queue that another component consumes', async () => {
  expect(await refusal(() => void api({ consumes: { a: { queueName: 'jobs' }, b: { queueName: 'jobs' } } }))).toEqual([
    "'queueName' must not be that of the queue of 'shop-a': names are unique, got 'jobs'; rename one of them (shop-b)",
  ]);
  const twice = () => {
    const { queue } = new EdgeQueueWorker('mail', { handler });
    api({ consumes: { jobs: { queue } } });
  };
  expect(await refusal(twice)).toEqual([
    "'queue' must not be one that 'mail' consumes: a queue has only one consumer; let one of them do both, or send to two queues (shop-jobs)",
  ]);
});

test('refuses a queue that it does not consume', async () => {
  expect(await refusal(() => void api({ consumes: { jobs: {} } }).send('mail'))).toEqual([
    "'consumes' must contain the queue to send to, got 'mail'; name one of 'jobs' (shop)",
  ]);
  expect(await refusal(() => void api().send('mail'))).toEqual([
    "'consumes' must contain the queue to send to, got 'mail'; it consumes none; write consumes: { 'mail': {} } (shop)",
  ]);
});

describe('locally', () => {
  let run: EdgeRun;
  beforeAll(async () => {
    run = await runEdgeLocally(
      () => {
        const seen = new EdgeStore('seen');
        const { queue } = new EdgeQueueWorker('own', { handler });
        const one = new EdgeApi('shop', {
          handler: shop,
          access: { SEEN: seen.readWrite() },
          environment: { LIMITS: { perMinute: 99, tags: ['a', 'b'] } },
          schedule: '0 3 * * *',
          consumes: { jobs: { binding: 'JOBS', batch: { window: 0 } } },
        });
        const access = { ADMIN: one.call({ entrypoint: 'Admin' }), SHOP: one.call() };
        new EdgeApi('admin', { handler: 'test/patterns/edge/workers/shop-admin.ts', access });
        return queue;
      },
      { config: { 'cloudflare:accountId': 'account' }, onLog: () => undefined },
    );
  });
  afterAll(() => run.stop());

  test('requests, its schedule and its queue reach the same Worker', async () => {
    const answer = await run.worker('shop').fetch('/', { method: 'POST', body: 'job-1' });
    expect(await answer.json()).toEqual({ perMinute: 100, tags: 2 });
    await run.idle();
    expect(await run.store('seen').get('jobs')).toBe('job-1');
    await run.fire('shop');
    expect(await run.store('seen').get('ran')).toBe('0 3 * * *');
    await run.queue('shop-jobs-queue').send('job-2');
    await run.idle();
    expect(await run.store('seen').get('jobs')).toBe('job-2');
  });

  test('methods of an entrypoint are called, and those of another one are not there', async () => {
    await run.store('seen').put('jobs', 'a,b');
    expect(await (await run.worker('admin').fetch('/', { method: 'DELETE' })).text()).toBe('a,b');
    expect(await run.store('seen').get('jobs')).toBeUndefined();
    expect(await (await run.worker('admin').fetch('/default')).text()).toContain(
      'does not implement the method "lastJobs"',
    );
  });
});
