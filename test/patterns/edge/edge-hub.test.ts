import { setImmediate } from 'node:timers/promises';
import { EdgeApi, EdgeHub, EdgeStore } from 'lintel/edge';
import { type EdgeRun, runEdgeLocally } from 'lintel/testing';
import { subscriber } from 'lintel/runtime/edge';
import { batchesOf } from '../../../lib/runtime/edge/gate';
import { alarm, created, graphOf, handler, refusal, resource } from './support';

/** A module of the Workers runtime, whose types are not those of this test. */
interface Receiver {
  readonly default: { fetch(request: Request, env: object): Promise<Response> };
}

const orders = { source: 'shop.orders', types: ['OrderPlaced'] };
const secret = `whsec_${Buffer.from('k'.repeat(24)).toString('base64')}`;
const outside = { ...orders, secret, to: 'https://hooks.example.com/' };
const access = { DONE: { binding: { type: 'kv_namespace' }, permissions: [] } };

describe('declares', () => {
  test('a queue with a dead-letter queue, and the Worker that hands events on', async () => {
    const graph = await graphOf(() => void new EdgeHub('hub'));
    expect(created(graph)).toEqual([
      'Queue hub-dead-letter-queue',
      'Queue hub-queue',
      'QueueConsumer hub-consumer',
      'WorkersScript hub-worker',
      'WorkersScriptSubdomain hub-workers-dev',
    ]);
    expect(alarm(graph)).toMatchSnapshot();
  });

  test('for each subscription its queue and pattern, bound to the hub, whenever it was made', async () => {
    const graph = await graphOf(() => {
      const hub = new EdgeHub('hub');
      hub.subscribe('billing', { ...orders, maxHops: 3, handler });
      hub.subscribe('audit', { everything: true, handler });
    });
    const bindings = resource(graph, 'hub-worker').inputs.bindings as { name: string; json?: string }[];
    expect(bindings.map(({ name }) => name.slice(0, 6)).sort()).toEqual(['PATTER', 'PATTER', 'QUEUE_', 'QUEUE_']);
    expect(bindings.flatMap(({ json }) => (json === undefined ? [] : [JSON.parse(json) as unknown]))).toEqual(
      expect.arrayContaining([
        {
          source: ['shop.orders'],
          'detail-type': ['OrderPlaced'],
          detail: { hops: [{ exists: false }, { numeric: ['<=', 3] }] },
        },
        { source: [{ prefix: '' }] },
      ]),
    );
    // A database for all of them, which nothing deletes.
    expect(resource(graph, 'hub-processed-database').options?.protect).toBe(true);
  });

  test('a Worker for each declaration of a publisher, which alone is bound to the queue and is not on the internet', async () => {
    const graph = await graphOf(() => {
      const hub = new EdgeHub('hub');
      new EdgeApi('api', { handler, access: { HUB: hub.publish(orders) } });
      new EdgeApi('other', { handler, access: { HUB: hub.publish(orders) } });
    });
    const [gate, ...more] = graph.resources.filter(({ name }) => /^hub-publish-\w+-worker$/.test(name));
    expect(more).toEqual([]);
    expect(resource(graph, 'api-worker').inputs.bindings).toEqual([
      { name: 'HUB', type: 'service', service: gate!.inputs.scriptName },
    ]);
    expect(gate!.inputs.bindings).toEqual([
      { name: 'DECLARED', type: 'json', json: JSON.stringify(orders) },
      { name: 'QUEUE', type: 'queue', queueName: 'shop-test-hub' },
    ]);
    const subdomain = resource(graph, gate!.name.replace('worker', 'workers-dev'));
    expect(subdomain.inputs).toMatchObject({ enabled: false });
  });

  test('no secret in the clear for what goes to another cloud or comes from one', async () => {
    const graph = await graphOf(() => {
      const hub = new EdgeHub('hub');
      hub.forwardTo('out', outside);
      hub.acceptFrom('in', { source: 'shop.payments', types: ['PaymentTaken'], secret });
    });
    expect(JSON.stringify(graph)).not.toContain(secret);
    expect(resource(graph, 'hub-in-workers-dev').inputs).toMatchObject({ enabled: true });
  });
});

describe('refuses', () => {
  const hub = () => new EdgeHub('hub');
  test.each<[string, () => unknown, string]>([
    ['a publisher without types', () => hub().publish({ ...orders, types: [] }), "'types' must name at least one type"],
    ['everything unasked', () => hub().subscribe('a', { handler }), "'types' must be given, or 'source' or 'detail'"],
    [
      'what the language of patterns does not have',
      () => hub().subscribe('a', { detail: { data: { n: [{ numeric: ['>'] }] } }, handler }),
      "'detail.data.n.0' must be valid in EventBridge: it has 'numeric' with nothing",
    ],
    [
      'hops that are bounded twice',
      () => hub().subscribe('a', { detail: { hops: [1] }, maxHops: 3, handler }),
      "'maxHops' must not be given with 'detail.hops', which already limits them, got 3; remove one of them (hub-a)",
    ],
    [
      'a name that is the subscription’s',
      () => hub().subscribe('a', { ...orders, handler, environment: { SUBSCRIPTION: 'x' } }),
      "'environment.SUBSCRIPTION' must not be named SUBSCRIPTION or SUBSCRIPTION_PROCESSED, which the subscription uses",
    ],
    [
      'a pattern that is no variable',
      () => hub().subscribe('a', { types: ['x'.repeat(6000)], handler }),
      "'detail' must be a pattern of at most 5120 bytes of JSON",
    ],
    [
      'plain http',
      () => hub().forwardTo('a', { ...outside, to: 'http://a.example.com' }),
      "'to' must be a URL that starts with https://",
    ],
    ...['abc', 'whsec_', 'not base64', Buffer.from('k'.repeat(23)).toString('base64')].map(
      (short): [string, () => unknown, string] => [
        `'${short}' as a key, and does not show it`,
        () => hub().acceptFrom('a', { ...orders, secret: short }),
        "'secret' must be base64 of at least 24 bytes, with or without the prefix 'whsec_'; generate one",
      ],
    ),
    [
      'such a key of what is passed on',
      () => hub().forwardTo('a', { ...outside, secret: 'abc' }),
      "'secret' must be base64 of at least 24 bytes, with or without the prefix 'whsec_'; generate one",
    ],
    [
      'events that would go round between the clouds',
      () => {
        const one = hub();
        one.acceptFrom('in', { ...orders, secret });
        one.forwardTo('out', outside);
      },
      "'source' must not be one that the hub accepts from elsewhere: events would loop between the clouds, got 'shop.orders'",
    ],
    [
      'the same the other way round',
      () => {
        const one = hub();
        one.forwardTo('out', outside);
        one.acceptFrom('in', { ...orders, secret });
      },
      "'source' must not be one that the hub forwards",
    ],
    [
      'attempts that the queue does not live to see',
      () => new EdgeHub('hub', { retryDelay: 4000 }),
      "'retryDelay' must be a whole number of seconds from 0 to 3455",
    ],
    [
      'a replay, which needs an archive',
      () => hub().subscribe('a', { ...orders, handler, replays: 'skip' } as never),
      "'replays' must not be given, since nothing reads it; leave it out",
    ],
  ])('%s', async (_, program, message) => {
    expect(await refusal(program)).toEqual(expect.arrayContaining([expect.stringContaining(message)]));
  });

  test('a subscription after the program has waited, when the hub is settled', async () => {
    const program = async () => {
      const one = hub();
      for (let turn = 0; turn < 3; turn++) await setImmediate();
      one.subscribe('late', { ...orders, handler });
    };
    expect(await refusal(program)).toEqual([expect.stringContaining('must be called before the program awaits')]);
  });
});

test('a queue is given what it takes at once: 100 messages, 256 KB', () => {
  const sizes = (all: number[]) => batchesOf(all.map((size) => ({ size }))).map((batch) => batch.length);
  expect(sizes([127_500, 122_500, 1, 5])).toEqual([2, 2]);
  expect(sizes(Array<number>(205).fill(1))).toEqual([100, 100, 5]);
});

test('a batch of events that others work on asks a database less often than it answers, and comes again', async () => {
  jest.useFakeTimers();
  const printed = jest.spyOn(console, 'error').mockReturnValue();
  let queries = 0;
  const counted = (answer: unknown) => async () => {
    queries += 1;
    return answer;
  };
  const statement = (sql: string) => {
    const found = sql.startsWith('SELECT') ? { claim: 'other', until: Date.now() + 60_000 } : null;
    const self = { bind: () => self, first: counted(found), run: counted(undefined) } as never;
    return self;
  };
  const env = { SUBSCRIPTION: 'hub-all', SUBSCRIPTION_PROCESSED: { prepare: statement } };
  const [ack, retry] = [jest.fn(), jest.fn()];
  const of = (size: number) => ({
    messages: Array.from({ length: size }, (_, n) => {
      const body = { specversion: '1.0', id: String(n), source: 'shop.orders', type: 'OrderPlaced', data: 1 };
      return { id: String(n), body, ack, retry };
    }),
  });
  const worked = subscriber({ on: { OrderPlaced: () => undefined } });
  // Of a paid plan and the largest batch, and of the free one and the batch that is the default.
  for (const [size, most] of [
    [100, 1000],
    [10, 50],
  ] as const) {
    queries = 0;
    retry.mockClear();
    const done = worked.queue(of(size), env);
    await jest.advanceTimersByTimeAsync(10_000);
    await done;
    expect(queries).toBeLessThan(most);
    expect(retry.mock.calls).toEqual(Array.from({ length: size }, () => [{ delaySeconds: 60 }]));
  }
  expect(ack).not.toHaveBeenCalled();
  printed.mockRestore();
  jest.useRealTimers();
});

test('a key that only the deployment knew and that is none is said by the first request, signed or not', async () => {
  const error = jest.spyOn(console, 'error').mockReturnValue();
  const { default: receiver } = jest.requireActual<Receiver>('../../../lib/edge/workers/hub/receive');
  const taken: unknown[] = [];
  const env = { DECLARED: orders, QUEUE: { sendBatch: (all: unknown) => taken.push(all) }, SECRET: 'whsec_c2hvcnQ=' };
  const answer = await receiver.fetch(new Request('https://hub.example.com/', { method: 'POST' }), env);
  expect([answer.status, await answer.text()]).toEqual([
    500,
    'this address has no key that events could be signed with',
  ]);
  expect(error).toHaveBeenCalledWith(
    "the 'secret' of this address is not a key: it must be base64 of at least 24 bytes",
  );
  expect(taken).toEqual([]);
  error.mockRestore();
});

describe('running locally', () => {
  let run: EdgeRun;
  const logged: string[] = [];
  beforeAll(async () => {
    const program = () => {
      const hub = new EdgeHub('hub');
      const done = new EdgeStore('done');
      const worker = {
        handler: 'test/patterns/edge/workers/hub-subscribe.ts',
        access: { ...access, DONE: done.readWrite() },
      };
      new EdgeApi('api', {
        handler: 'test/patterns/edge/workers/hub-publish.ts',
        access: { HUB: hub.publish(orders) },
      });
      hub.subscribe('all', { types: ['OrderPlaced'], ...worker, maxAttempts: 2 });
      hub.subscribe('large', { ...orders, detail: { data: { n: [{ numeric: ['>', 100] }] } }, ...worker });
      hub.subscribe('near', { ...orders, maxHops: 1, ...worker });
    };
    run = await runEdgeLocally(program, {
      project: 'shop',
      stack: 'test',
      config: { 'cloudflare:accountId': 'account' },
      timeScale: 1000,
      onLog: ({ message }) => logged.push(message),
    });
  });
  afterAll(() => run.stop());

  interface Answer {
    readonly published?: readonly { readonly id: string }[];
    readonly error?: string;
    readonly failed?: readonly string[];
  }
  const publish = async (
    events: unknown,
    { source = 'shop.orders', cause }: { source?: string; cause?: object } = {},
  ) => {
    const body = JSON.stringify({ source, events, cause });
    return (await (await run.worker('api').fetch('/', { method: 'POST', body })).json()) as Answer;
  };
  const place = (id: string, data: object = { n: 1 }, more: object = {}) => ({
    type: 'OrderPlaced',
    id,
    data,
    ...more,
  });
  const worked = async (id: string) => {
    await run.idle();
    const counts = await Promise.all(['all', 'large', 'near'].map((one) => run.store('done').get(`hub-${one}:${id}`)));
    return counts.map((count) => Number(count ?? 0));
  };

  test('hands an event to each subscription whose pattern it matches', async () => {
    await publish([place('small'), place('large', { n: 101 })]);
    expect(await worked('small')).toEqual([1, 0, 1]);
    expect(await worked('large')).toEqual([1, 1, 1]);
  });

  test('refuses what was not declared, and takes what stands beside it', async () => {
    const answer = await publish([place('beside'), { ...place('other'), type: 'OrderReturned' }]);
    expect(answer).toMatchObject({ failed: ['AccessDenied'], published: [{ id: 'beside' }] });
    expect(answer.error).toContain("'OrderReturned' of 'shop.orders' is not declared here: OrderPlaced of shop.orders");
    expect(await publish([place('foreign')], { source: 'shop.billing' })).toMatchObject({ failed: ['AccessDenied'] });
    expect(await worked('beside')).toEqual([1, 0, 1]);
    expect(await worked('other')).toEqual([0, 0, 0]);
    expect(await worked('foreign')).toEqual([0, 0, 0]);
  });

  test('refuses an event that is larger than a message', async () => {
    expect((await publish([place('huge', { text: 'ä'.repeat(64_000) })])).error).toMatch(
      /RangeError.*has 1\d{5} bytes/,
    );
  });

  test('works on an event once, however often it comes, at once or later', async () => {
    await Promise.all([1, 2, 3].map(() => publish([place('often'), place('often')])));
    expect(await worked('often')).toEqual([1, 0, 1]);
    await publish([place('often')]);
    expect(await worked('often')).toEqual([1, 0, 1]);
  });

  test('lets nothing pass that comes after too many hops', async () => {
    await publish([place('second')], { cause: { id: 'first', source: 'shop.orders' } });
    await publish([place('third')], { cause: { id: 'second', source: 'shop.orders', hops: 1 } });
    expect(await worked('second')).toEqual([1, 0, 1]);
    expect(await worked('third')).toEqual([1, 0, 0]);
  });

  test('keeps what a subscriber fails on in its dead-letter queue, as the event that it was, and forgets that it tried', async () => {
    await publish([place('bad', { n: 1, poison: true })]);
    expect(await worked('bad')).toEqual([0, 0, 0]);
    const [event] = await run.queue('hub-all-dead-letter-queue').messages();
    expect(event).toMatchObject({ specversion: '1.0', type: 'OrderPlaced', id: 'bad', source: 'shop.orders' });
    expect(logged.join('\n')).toContain('bad cannot be worked on');
    const rows = await run.database('hub-processed').query("SELECT id FROM processed WHERE id LIKE '%bad%'");
    expect(rows).toEqual([]);
  });

  test('takes over an event whose worker went away, and drops what has been kept long enough', async () => {
    const database = run.database('hub-processed');
    const key = (id: string) => JSON.stringify(['hub-all', 'shop.orders', id]);
    const row = (id: string, until: number, expires: number) =>
      database.query("INSERT INTO processed VALUES (?, 'somebody', ?, ?)", key(id), until, expires);
    await row('left', Date.now() - 1, Date.now() + 1e9);
    await row('old', 0, Date.now() - 1);
    await publish([place('left')]);
    expect(await worked('left')).toEqual([1, 0, 1]);
    expect(await database.query('SELECT claim FROM processed WHERE id = ?', key('left'))).toEqual([{ claim: null }]);
    expect(await database.query('SELECT claim FROM processed WHERE id = ?', key('old'))).toEqual([]);
  });

  test('gives up what is no event, in the dead-letter queue', async () => {
    await run.queue('hub-all').send({ no: 'envelope' });
    await run.idle();
    expect(await run.queue('hub-all-dead-letter-queue').messages()).toContainEqual({ no: 'envelope' });
  });
});
