import * as cloudflare from '@pulumi/cloudflare';
import { type EdgeRun, runEdgeLocally, type RunEdgeOptions } from 'lintel/testing';

type Bindings = cloudflare.types.input.WorkersScriptBinding[];

/** A program of one Worker, which answers with what the code gives. */
function api(code: string, bindings: Bindings): () => void {
  return () =>
    void new cloudflare.WorkersScript('api', {
      accountId: 'acc',
      scriptName: 'api',
      mainModule: 'index.js',
      compatibilityDate: '2026-04-21',
      compatibilityFlags: ['nodejs_compat'],
      content: `export default { async fetch(request, env) {
        const path = new URL(request.url).pathname.slice(1);
        try { const value = await ({ ${code} })[path](request);
          return value instanceof Response ? value : Response.json(value ?? null);
        } catch (error) { return Response.json(error.name + ': ' + error.message); }
      } };`,
      bindings,
    });
}

const quiet = { onLog: () => undefined };
const sent: unknown[] = [];

describe('bindings', () => {
  let run: EdgeRun;
  const get = async (path: string) => {
    const answer = await run.worker('api').fetch(`/${path}`);
    return answer.headers.get('content-type') === 'application/json' ? await answer.json() : await answer.text();
  };

  beforeAll(async () => {
    run = await runEdgeLocally(
      api(
        `limit: async () => [(await env.LIMIT.limit({ key: 'a' })).success, (await env.LIMIT.limit({ key: 'a' })).success],
         events: () => env.EVENTS.writeDataPoint({ blobs: ['a'], doubles: [1], indexes: ['i'] }),
         mail: async () => { const { EmailMessage } = await import('cloudflare:email');
           await env.MAIL.send(new EmailMessage('a@example.com', path === 'mail' ? 'b@example.com' : '', 'From: a@example.com\\r\\nTo: b@example.com\\r\\nMessage-ID: <1@example.com>\\r\\n\\r\\nhi'));
           return 'sent'; },
         image: async () => (await env.IMAGES.info(new Blob([Uint8Array.from(atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='), (c) => c.charCodeAt(0))]).stream())),
         version: () => env.VERSION,
         secret: () => env.TOKEN.get(),
         pipe: () => env.PIPE.send([{ a: 1 }]),
         loader: () => env.LOADER.get('x', async () => ({ compatibilityDate: '2026-04-21', mainModule: 'a.js', modules: { 'a.js': 'export default { fetch: () => new Response("loaded") }' } })).getEntrypoint().fetch('https://x/'),
         ai: () => env.AI.run('@cf/some/model', { prompt: 'hello', at: new Date(0), none: undefined, bytes: new Uint8Array([1, 2]) }),
         stream: async () => new Response(await env.AI.run('stream', {})),
         fails: () => env.AI.run('fails', {}),
         wrong: () => env.AI.walk(),
         vectors: async () => { const index = await env.VECTORS.open('a'); return [index.name, await index.query([1]).first()]; },
         chained: () => env.VECTORS.open('b').query([1, 2]).first(),
         mtls: async () => (await env.MTLS.fetch('https://partner.example.com/a', { method: 'POST', body: 'b' })).text(),
         settings: () => env.SETTINGS,
         service: async () => [await (await env.BILLING.fetch('https://x/a')).text(), await env.BILLING.price(2)],
         named: async () => [await (await env.TAX.fetch('https://x/b', { method: 'PUT' })).text(), await env.RATES.of('CH')],
         workflow: async () => { const it = await env.INVOICE.create({ params: 41 });
           for (;;) { const { status, output } = await it.status(); if (status === 'complete') return output; } },
         dispatch: async () => [await (await env.TENANTS.get('tax').fetch('https://x/c')).text(), await (await env.TENANTS.get('billing').fetch('https://x/d')).text()],
         nobody: () => env.TENANTS.get('nobody').fetch('https://x/'),`,
        [
          { name: 'LIMIT', type: 'ratelimit', namespaceId: '1', simple: { limit: 1, period: 60 } },
          { name: 'EVENTS', type: 'analytics_engine', dataset: 'events' },
          { name: 'MAIL', type: 'send_email', destinationAddress: 'b@example.com' },
          { name: 'IMAGES', type: 'images' },
          { name: 'VERSION', type: 'version_metadata' },
          { name: 'TOKEN', type: 'secrets_store_secret', storeId: 'store', secretName: 'token' },
          { name: 'PIPE', type: 'pipelines', pipeline: 'clicks' },
          { name: 'LOADER', type: 'worker_loader' },
          { name: 'AI', type: 'ai' },
          { name: 'VECTORS', type: 'vectorize', indexName: 'docs' },
          { name: 'MTLS', type: 'mtls_certificate', certificateId: 'c' },
          { name: 'SETTINGS', type: 'json', json: '{}' },
          { name: 'BILLING', type: 'service', service: 'billing' },
          { name: 'TAX', type: 'service', service: 'tax' },
          { name: 'RATES', type: 'service', service: 'rates' },
          { name: 'INVOICE', type: 'workflow', workflowName: 'invoice', className: 'Invoice', scriptName: 'billing' },
          { name: 'TENANTS', type: 'dispatch_namespace', namespace: 'tenants' },
        ],
      ),
      {
        ...quiet,
        secrets: { TOKEN: 'of the store' },
        workers: {
          billing: 'test/testing/edge/workers/billing.ts',
          tax: async (request) => new Response(`${request.method} ${request.url}`),
          rates: { of: (country: string) => ({ country, rate: 8.1 }) },
        },
        bindings: {
          SETTINGS: { currency: 'CHF' },
          MTLS: async (request: Request) => new Response(`${request.url} ${await request.text()}`, { status: 201 }),
          AI: {
            run(model: string, input: unknown) {
              if (model === 'fails') throw new RangeError('too long');
              if (model === 'stream') return new Blob(['data: a\n', 'data: b\n']).stream();
              sent.push(input);
              return { response: 'hi', bytes: new Uint8Array([3]) };
            },
          },
          VECTORS: {
            open: (name: string) => ({ name, query: async (vector: number[]) => ({ first: () => vector.length }) }),
          },
        },
      },
    );
  });
  afterAll(() => run.stop());

  test.each([
    ['limit', [true, false]],
    ['events', null],
    ['mail', 'sent'],
    ['image', { format: 'image/png', fileSize: 70, width: 1, height: 1 }],
    ['version', { id: expect.any(String) as string, tag: '', timestamp: expect.any(String) as string }],
    ['secret', 'of the store'],
    ['pipe', null],
    ['loader', 'loaded'],
  ])('run here: %s', async (path, answer) => {
    expect(await get(path)).toEqual(answer);
  });

  test.each([
    ['stream', 'data: a\ndata: b\n'],
    ['fails', 'RangeError: too long'],
    ['wrong', "TypeError: the fake binding has no method 'walk'"],
    ['vectors', ['a', 1]],
    ['chained', 2],
    ['mtls', 'https://partner.example.com/a b'],
    ['settings', { currency: 'CHF' }],
  ])('are what a test puts in their place: %s', async (path, answer) => {
    expect(await get(path)).toEqual(answer);
  });

  test('get what they are called with as it was', async () => {
    expect(await get('ai')).toEqual({ response: 'hi', bytes: { 0: 3 } });
    expect(sent).toEqual([{ prompt: 'hello', at: new Date(0), none: undefined, bytes: new Uint8Array([1, 2]) }]);
  });

  test.each([
    ['service', ['billed /a', 6]],
    ['named', ['PUT https://x/b', { country: 'CH', rate: 8.1 }]],
    ['workflow', 42],
    ['dispatch', ['GET https://x/c', 'billed /d']],
    ['nobody', 'Error: Worker not found.'],
  ])('to Workers of others reach what stands in for them: %s', async (path, answer) => {
    expect(await get(path)).toEqual(answer);
  });

  test('of these leave nothing that is not run', () => {
    expect(run.unsupported).toEqual([]);
  });
});

describe('what the program does not make', () => {
  const start = (bindings: Bindings, options: RunEdgeOptions = {}) =>
    runEdgeLocally(api('has: () => Object.keys(env),', bindings), { ...quiet, ...options });

  test('is unmapped: a store is empty, and anything else is not there', async () => {
    const run = await start([
      { name: 'DB', type: 'd1', databaseId: 'd' },
      { name: 'KV', type: 'kv_namespace', namespaceId: 'k' },
      { name: 'FILES', type: 'r2_bucket', bucketName: 'b' },
      { name: 'FILES_EU', type: 'r2_bucket', bucketName: 'b', jurisdiction: 'eu' },
      { name: 'JOBS', type: 'queue', queueName: 'q' },
      { name: 'POOL', type: 'hyperdrive', id: 'h' },
      { name: 'BILLING', type: 'service', service: 'billing' },
      { name: 'ROOM', type: 'durable_object_namespace', className: 'Room', scriptName: 'rooms' },
      { name: 'FLOW', type: 'workflow', workflowName: 'f', className: 'Flow', scriptName: 'flows' },
      { name: 'BROWSER', type: 'browser' },
    ]);
    try {
      expect(run.unsupported.map(({ reason }) => reason)).toEqual([
        "its binding 'DB' is unmapped: the program creates no database 'd'; it is empty here",
        "its binding 'KV' is unmapped: the program creates no namespace 'k'; it is empty here",
        "its binding 'FILES' is unmapped: the program creates no bucket 'b'; it is empty here",
        "its binding 'FILES_EU' is unmapped: the program creates no bucket 'b in eu'; it is empty here",
        "its binding 'JOBS' is unmapped: the program creates no queue 'q'; it is empty here",
        "its binding 'POOL' is unmapped: the program creates no configuration 'h'; pass databases: { 'h': 'postgres://...' }",
        "its binding 'BILLING' is unmapped: the program creates no Worker 'billing'; pass workers: { 'billing': 'path/of/its/module.ts' } or bindings: { BILLING: ... }",
        "its binding 'ROOM' is unmapped: the program creates no Worker 'rooms'; pass workers: { 'rooms': 'path/of/its/module.ts' } or bindings: { ROOM: ... }",
        "its binding 'FLOW' is unmapped: the program creates no Worker 'flows'; pass workers: { 'flows': 'path/of/its/module.ts' } or bindings: { FLOW: ... }",
        "its binding 'BROWSER' of type 'browser' is not run; pass bindings: { BROWSER: ... } to run it with your own object",
      ]);
      const has = (await (await run.worker('api').fetch('/has')).json()) as string[];
      expect(has.sort()).toEqual(['DB', 'FILES', 'FILES_EU', 'JOBS', 'KV']);
    } finally {
      await run.stop();
    }
  });

  test('is said of queues, caches and Pages projects', async () => {
    const run = await runEdgeLocally(() => {
      api('', [])();
      new cloudflare.WorkersScript('kept', {
        accountId: 'acc',
        scriptName: 'kept',
        mainModule: 'index.js',
        content: 'export default {}',
        cacheOptions: { enabled: true },
      });
      new cloudflare.WorkersScript('site', {
        accountId: 'acc',
        scriptName: 'site',
        mainModule: 'index.js',
        content: 'export default {}',
        assets: { jwt: 'uploaded', config: { basePath: '/docs' } },
      });
      new cloudflare.PagesProject('pages', { accountId: 'acc', name: 'pages', productionBranch: 'main' });
      const queue = new cloudflare.Queue('jobs', { accountId: 'acc', queueName: 'jobs' });
      new cloudflare.QueueConsumer('elsewhere', {
        accountId: 'acc',
        queueId: queue.id,
        type: 'worker',
        scriptName: 'gone',
      });
      new cloudflare.QueueConsumer('here', {
        accountId: 'acc',
        queueId: 'their-id',
        type: 'worker',
        scriptName: 'api',
        deadLetterQueue: 'lost',
      });
    }, quiet);
    await run.stop();
    expect(run.unsupported.map(({ resource, reason }) => `${resource}: ${reason}`)).toEqual([
      'pages: this type is not run',
      "elsewhere: it is unmapped: the program creates no Worker 'gone'",
      "here: it is unmapped: the program creates no queue 'their-id'",
      "here: it is unmapped: the program creates no queue 'lost' for what fails",
      'kept: its cache is not run: here the Worker answers each request',
      'site: its static files are not run: the program names no directory for them',
      "site: its static files are not run below '/docs': here they answer from the root",
    ]);
  });

  test('refuses to fake a binding that no Worker has', async () => {
    await expect(start([{ name: 'BROWSER', type: 'browser' }], { bindings: { AL: {} } })).rejects.toThrow(
      "no Worker has a binding 'AL'; there are BROWSER",
    );
  });

  test('refuses a module in the place of a Worker that is not there', async () => {
    await expect(start([], { workers: { billing: 'none.ts' } })).rejects.toThrow(
      "there is no file 'none.ts' for the Worker 'billing'",
    );
  });
});

describe('what goes out', () => {
  test('streams both ways, and fails as a fetch fails', async () => {
    let arrived = '';
    const run = await runEdgeLocally(
      api(
        `up: () => { const { readable, writable } = new TransformStream(); const writer = writable.getWriter();
           const write = async () => { for (const part of ['a', 'b']) { await writer.write(new TextEncoder().encode(part)); await scheduler.wait(20); } await writer.close(); };
           write(); return fetch('https://up.example.com/', { method: 'POST', body: readable, duplex: 'half' }); },
         down: () => fetch('https://down.example.com/'),
         fails: () => fetch('https://fails.example.com/'),`,
        [],
      ),
      {
        ...quiet,
        outbound: async ({ url, body }) => {
          if (url.includes('fails')) throw new Error('nobody is there');
          if (url.includes('up')) {
            for await (const part of body!) arrived += `[${Buffer.from(part).toString()}]`;
            return new Response('up');
          }
          const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
          const writer = writable.getWriter();
          void writer.write(Buffer.from('first')).then(async () => {
            await new Promise((resolve) => setTimeout(resolve, 150));
            await writer.write(Buffer.from('second'));
            await writer.close();
          });
          return new Response(readable, { headers: { 'content-type': 'text/event-stream' } });
        },
      },
    );
    try {
      const get = (path: string) => fetch(new URL(path, run.worker('api').url));
      expect(await (await get('/fails')).json()).toBe('Error: nobody is there');
      expect(await (await get('/up')).text()).toBe('up');
      expect(arrived).toBe('[a][b]');
      const reader = (await get('/down')).body!.getReader();
      const started = performance.now();
      expect(Buffer.from((await reader.read()).value!).toString()).toBe('first');
      expect(performance.now() - started).toBeLessThan(100);
      expect(Buffer.from((await reader.read()).value!).toString()).toBe('second');
    } finally {
      await run.stop();
    }
  });
});

test('delays of queues, consumers and handlers are bounded', async () => {
  const run = await runEdgeLocally(
    () => {
      const queue = new cloudflare.Queue('jobs', {
        accountId: 'acc',
        queueName: 'jobs',
        settings: { deliveryDelay: 3600 },
      });
      const lost = new cloudflare.Queue('lost', { accountId: 'acc', queueName: 'lost' });
      new cloudflare.WorkersScript('api', {
        accountId: 'acc',
        scriptName: 'api',
        mainModule: 'index.js',
        content: `export default {
          async fetch(request, env) { await env.JOBS.send('own', { delaySeconds: 43200 }); await env.JOBS.send('of the queue'); return new Response(); },
          async queue(batch) { for (const one of batch.messages) one.retry(one.body === 'own' ? {} : { delaySeconds: 3600 }); } };`,
        bindings: [{ name: 'JOBS', type: 'queue', queueName: queue.queueName }],
      });
      new cloudflare.QueueConsumer('reads', {
        accountId: 'acc',
        queueId: queue.id,
        type: 'worker',
        scriptName: 'api',
        deadLetterQueue: lost.queueName,
        settings: { maxRetries: 1, maxWaitTimeMs: 10, retryDelay: 3600 },
      });
    },
    { ...quiet, maxWait: 0 },
  );
  try {
    await run.worker('api').fetch('/');
    for (const end = Date.now() + 4000; Date.now() < end && (await run.queue('lost').messages()).length < 2;)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect([...(await run.queue('lost').messages())].sort()).toEqual(['of the queue', 'own']);
  } finally {
    await run.stop();
  }
});
