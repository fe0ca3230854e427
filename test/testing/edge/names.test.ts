import type { ResourceGraph } from 'lintel/pulumi';
import type { EdgeRun } from '../../../lib/testing/edge/edge-run';
import { runEdgeLocally } from '../../../lib/testing/edge/run-edge-locally';

const resource = (type: string, name: string, inputs: Readonly<Record<string, unknown>>, parent = 'mail') => ({
  type: `cloudflare:index/${type[0]!.toLowerCase()}${type.slice(1)}:${type}`,
  name,
  parent,
  inputs,
  dependsOn: [],
  secrets: [],
  options: {},
});

const saying = (name: string) => ({
  scriptName: name,
  mainModule: 'index.js',
  content: `export default { fetch: ({ url }) => new Response('${name} ' + new URL(url).host) };`,
  compatibilityDate: '2025-01-01',
});

/** A component of somebody else, whose children are named as they like. */
const graph: ResourceGraph = {
  resources: [
    resource('WorkersScript', 'reader', {
      scriptName: 'reader',
      mainModule: 'index.js',
      content: 'export default { async queue(batch) { for (const one of batch.messages) one.retry(); } };',
      compatibilityDate: '2025-01-01',
    }),
    resource('Queue', 'a-lost', { queueName: 'lost' }),
    resource('Queue', 'b-inbox', { queueName: 'inbox' }),
    resource('QueueConsumer', 'reads', {
      queueId: '${cloudflare:index/queue:Queue::mail/b-inbox.queueId}',
      scriptName: 'reader',
      deadLetterQueue: 'lost',
      settings: { maxRetries: 0, maxWaitTimeMs: 10 },
    }),
    resource('WorkersScript', 'site', saying('site'), 'shop'),
    resource('WorkersScript', 'api', saying('api'), 'calls'),
    resource('WorkersCustomDomain', 'domain', { hostname: 'api.example.com', service: 'api' }, 'calls'),
    resource('WorkersKvNamespace', 'one', { title: 'one' }),
    resource('WorkersKvNamespace', 'two', { title: 'two' }),
  ],
  outputs: {},
};

let run: EdgeRun;
beforeAll(async () => {
  run = await runEdgeLocally(graph, { timeScale: 100 });
});
afterAll(() => run.stop());

test('a component is named for the queue that it reads, whatever its children are called', async () => {
  await run.queue('mail').send('hello');
  await run.idle();
  expect(await run.queue('lost').messages()).toEqual(['hello']);
  expect(run.workers).toEqual(['mail', 'shop', 'calls']);
});

test('a custom domain leads to its Worker, whichever is asked', async () => {
  const answer = async (worker: string, url: string) => (await run.worker(worker).fetch(url)).text();
  expect(await answer('shop', 'https://api.example.com/')).toBe('api api.example.com');
  expect(await answer('shop', 'https://other.example.com/')).toBe('site other.example.com');
  expect(await answer('calls', 'https://API.example.com/')).toBe('api api.example.com');
});

test('refuses a name that may mean several', () => {
  expect(() => run.store('mail')).toThrow(
    "'mail' has several of kind WorkersKvNamespace: 'mail/one', 'mail/two'; use the name of one",
  );
});
