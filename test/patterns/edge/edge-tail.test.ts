import { setTimeout } from 'node:timers/promises';
import * as cloudflare from '@pulumi/cloudflare';
import { EdgeApi, type EdgeApiArgs, EdgeGateway, EdgeStore, EdgeTail } from 'lintel/edge';
import { runEdgeLocally } from 'lintel/testing';
import { alarm, created, graphOf, handler, refusal, resource } from './support';

const events = () => new EdgeTail('events', { handler: 'test/patterns/edge/workers/events.ts' });
const api = (args: Partial<EdgeApiArgs> = {}) => new EdgeApi('api', { handler, ...args });

test('creates a Worker that answers nobody', async () => {
  const graph = await graphOf(() => void events());
  expect(created(graph)).toEqual(['WorkersScript events-worker', 'WorkersScriptSubdomain events-workers-dev']);
  expect(resource(graph, 'events-workers-dev').inputs).toMatchObject({ enabled: false, previewsEnabled: false });
  expect(alarm(graph)).toMatchSnapshot();
});

test('is told of the invocations of those that name it', async () => {
  const graph = await graphOf(() => void api({ tail: events() }));
  expect(resource(graph, 'api-worker').inputs.tailConsumers).toEqual([{ service: 'shop-test-events' }]);
  const several = await graphOf(() => void api({ tail: [events(), new EdgeTail('more', { handler: NOTHING })] }));
  expect(resource(several, 'api-worker').inputs.tailConsumers).toEqual([
    { service: 'shop-test-events' },
    { service: 'shop-test-more' },
  ]);
});

const NOTHING = 'test/patterns/edge/workers/nothing.ts';

test('a gateway is told of too, and its logs go where they are sent', async () => {
  const gate = () =>
    new EdgeGateway('gate', {
      origin: 'https://api.example.com',
      authorizer: 'none',
      tail: events(),
      logs: { to: ['honeycomb'] },
    });
  expect(resource(await graphOf(() => void gate()), 'gate-worker').inputs).toMatchObject({
    tailConsumers: [{ service: 'shop-test-events' }],
    observability: { logs: { destinations: ['honeycomb'], persist: true } },
  });
});

test('logs and traces go where they are sent', async () => {
  const observability = async (args: Partial<EdgeApiArgs>) => {
    const { inputs } = resource(await graphOf(() => void api(args)), 'api-worker');
    return { ...(inputs.observability as object), logpush: inputs.logpush };
  };
  const enabled = { enabled: true, headSamplingRate: 1 };
  expect(await observability({})).toEqual({ ...enabled, logs: { enabled: true, invocationLogs: true } });
  expect(await observability({ logs: { to: ['honeycomb'], keep: false }, traces: { sample: 0.1 } })).toEqual({
    ...enabled,
    logs: { ...enabled, invocationLogs: true, persist: false, destinations: ['honeycomb'] },
    traces: { enabled: true, headSamplingRate: 0.1, persist: true },
  });
  expect(await observability({ logs: { logpush: true } })).toMatchObject({ logpush: true, logs: { persist: true } });
});

test.each<[() => unknown, string]>([
  [
    () => new EdgeTail('events', { handler: 'test/patterns/edge/workers/site.ts' }),
    "'handler' must have 'tail' in its",
  ],
  [
    () => api({ tail: new EdgeApi('other', { handler }) }),
    "'tail' must be a Worker with 'tail' in its default export: nothing else receives events, got ['fetch', 'queue', 'scheduled']; write",
  ],
  [
    () => api({ tail: [events(), {}] as never }),
    "'tail.1' must be a component with a Worker, got {}; pass an EdgeTail",
  ],
  [() => api({ logs: { keep: false } }), "'logs.keep' must not be false unless they go elsewhere, got false; name"],
  [() => api({ traces: { keep: false } }), "'traces.keep' must not be false unless they go elsewhere"],
  [() => api({ logs: { sample: 0 } }), "'logs.sample' must be a share above 0 and at most 1, got 0; write 0.1, for"],
  [() => api({ traces: { sample: 10 } }), "'traces.sample' must be a share above 0 and at most 1, got 10"],
  [() => api({ logs: { to: ['a', 'a'] } }), "'logs.to' must name each destination only once, got ['a', 'a']"],
])('refuses what goes nowhere or reaches nobody: %#', async (program, message) => {
  expect(await refusal(() => void program())).toEqual([expect.stringContaining(message)]);
});

test('refuses what has no Worker', async () => {
  expect(await refusal(() => new EdgeApi('api', { handler, tail: { worker: 'events' } as never }))).toEqual([
    expect.stringContaining("'tail' must be a component with a Worker, or a list"),
  ]);
});

test('refuses a Worker that would be told twice', async () => {
  const twice = () => {
    const one = events();
    api({ tail: [one, one] });
  };
  expect(await refusal(twice)).toEqual(["'tail' must name each Worker only once, got 2; leave one of them out (api)"]);
});

test('locally it is told too, and where logs do not go is said', async () => {
  const run = await runEdgeLocally(
    () => {
      const access = { SEEN: new EdgeStore('seen').readWrite() };
      const tail = new EdgeTail('events', { handler: 'test/patterns/edge/workers/events.ts', access });
      new EdgeApi('api', {
        handler: 'test/patterns/edge/workers/logging.ts',
        tail,
        logs: { to: ['honeycomb'], logpush: true },
        traces: { to: ['honeycomb'] },
      });
      const content = 'export default { fetch: () => new Response() }';
      const tailConsumers = [{ service: 'gone' }];
      new cloudflare.WorkersScript('raw', {
        ...{ accountId: 'account', scriptName: 'raw', mainModule: 'index.js', content, tailConsumers },
      });
    },
    { config: { 'cloudflare:accountId': 'account' }, onLog: () => undefined },
  );
  try {
    await run.worker('api').fetch('/a');
    await run
      .worker('api')
      .fetch('/throw')
      .catch(() => undefined);
    const seen = async (outcome: string) => {
      for (let left = 100; left > 0 && !(await run.store('seen').get(outcome)); left--) await setTimeout(20);
      return JSON.parse((await run.store('seen').get(outcome)) ?? '{}') as unknown;
    };
    expect(await seen('ok')).toMatchObject({ said: ['asked /a'], threw: [] });
    expect(await seen('exception')).toMatchObject({ said: ['asked /throw'], threw: ['on purpose'] });
    expect(run.unsupported.map(({ resource: path, reason }) => `${path}: ${reason}`)).toEqual([
      "api/api-worker: its logs do not go to 'honeycomb', Logpush here",
      "raw: its tail is unmapped: the program creates no Worker 'gone', so nothing is sent to it",
    ]);
  } finally {
    await run.stop();
  }
});
