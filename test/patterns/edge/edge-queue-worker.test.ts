import { EdgeApi, EdgeQueueWorker, type EdgeQueueWorkerArgs } from 'lintel/edge';
import { alarm, created, graphOf, handler, refusal, resource } from './support';

const ingest = (args: Partial<EdgeQueueWorkerArgs> = {}) => new EdgeQueueWorker('ingest', { handler, ...args });

test('creates a queue, its dead-letter queue, a Worker and what connects them', async () => {
  const graph = await graphOf(() => void ingest());
  expect(created(graph)).toEqual([
    'Queue ingest-dead-letter-queue',
    'Queue ingest-queue',
    'QueueConsumer ingest-consumer',
    'WorkersScript ingest-worker',
    'WorkersScriptSubdomain ingest-workers-dev',
  ]);
  expect(alarm(graph)).toMatchSnapshot();
});

test('is not on the internet', async () => {
  const { inputs } = resource(await graphOf(() => void ingest()), 'ingest-workers-dev');
  expect(inputs).toMatchObject({ enabled: false, previewsEnabled: false });
});

test('keeps failed messages as long as the platform can', async () => {
  const { inputs } = resource(await graphOf(() => void ingest()), 'ingest-dead-letter-queue');
  expect(inputs).toMatchObject({
    queueName: 'shop-test-ingest-dead-letters',
    settings: { messageRetentionPeriod: 1_209_600 },
  });
});

test('turns attempts into retries and seconds into the units of each setting', async () => {
  const graph = await graphOf(
    () => void ingest({ batch: { size: 100, window: 2.5 }, maxAttempts: 3, retryDelay: 60, maxConcurrency: 4 }),
  );
  expect(resource(graph, 'ingest-consumer').inputs).toMatchObject({
    deadLetterQueue: 'shop-test-ingest-dead-letters',
    settings: { batchSize: 100, maxWaitTimeMs: 2500, maxRetries: 2, retryDelay: 60, maxConcurrency: 4 },
  });
});

test('gives a Worker that sends the queue and nothing else', async () => {
  const graph = await graphOf(() => {
    new EdgeApi('api', { handler, access: { INGEST: ingest().send() } });
  });
  expect(resource(graph, 'api-worker').inputs.bindings).toEqual([
    { name: 'INGEST', type: 'queue', queueName: 'shop-test-ingest' },
  ]);
});

test.each<[Partial<EdgeQueueWorkerArgs>, string]>([
  [
    { batch: { size: 101 } },
    "'batch.size' must be a whole number from 1 to 100, got 101; set at most 100; more messages come in the next batch (ingest)",
  ],
  [{ batch: { size: 0 } }, "'batch.size' must be a whole number from 1 to 100, got 0"],
  [{ batch: { window: 61 } }, "'batch.window' must be from 0 to 60 seconds, got 61; give it in seconds (ingest)"],
  [{ maxAttempts: 0 }, "'maxAttempts' must be a whole number from 1 to 101, got 0"],
  [{ maxAttempts: 102 }, "'maxAttempts' must be a whole number from 1 to 101, got 102"],
  [{ retryDelay: 86_401 }, "'retryDelay' must be a whole number of seconds from 0 to 86400, got 86401"],
  [{ maxConcurrency: 1.5 }, "'maxConcurrency' must be a whole number from 1 to 250, got 1.5"],
  [{ maxConcurrency: 251 }, "'maxConcurrency' must be a whole number from 1 to 250, got 251"],
  [
    { maxAttempts: 101, retryDelay: 3_600 },
    "'retryDelay' must let 101 attempts end before the queue deletes the message after 345600 seconds, got 3600; lower it or 'maxAttempts'; a deleted message never reaches the dead-letter queue (ingest)",
  ],
  [{ queueName: 'Shop_Ingest' }, "'queueName' must be at most 63 lower-case letters, digits and dashes"],
  [{ queueName: 'a'.repeat(64) }, "'queueName' must be at most 63 lower-case letters, digits and dashes"],
  [{ handler: 'test/patterns/edge/workers/site.ts' }, "'handler' must have 'queue' in its default export"],
])('refuses %j', async (args, message) => {
  expect(await refusal(() => ingest(args))).toEqual([expect.stringContaining(message)]);
});

test.each<Partial<EdgeQueueWorkerArgs>>([
  { batch: { size: 1, window: 0 } },
  { batch: { size: 100, window: 60 } },
  { maxAttempts: 1, retryDelay: 86_400 },
  { maxAttempts: 101, retryDelay: 0 },
])('accepts %j', async (args) => {
  await expect(graphOf(() => void ingest(args))).resolves.toBeDefined();
});

test('refuses everything that is wrong at once', async () => {
  expect(await refusal(() => ingest({ batch: { size: 500, window: 90 }, maxAttempts: 0 }))).toHaveLength(3);
});
