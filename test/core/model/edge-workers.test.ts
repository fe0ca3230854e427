import type { GraphResource } from '../../../lib/core/model/graph';
import { edgeForms } from '../../../lib/core/model/edge-workers';
import { readGraph } from '../../../lib/core/model/read-graph';
import { runEdgeLocally } from '../../../lib/testing/edge/run-edge-locally';

const resource = (type: string, name: string, inputs: object): GraphResource => ({
  type: `cloudflare:index/${type}`,
  name,
  inputs: { ...inputs },
  dependsOn: [],
  secrets: [],
  options: {},
});
const WORKER = 'worker:Worker';
const VERSION = 'workerVersion:WorkerVersion';
const answering = (text: string) =>
  Buffer.from(`import { say } from './say.js'; export default { fetch: () => new Response(say + '${text}') }`);

const worker = resource(WORKER, 'api', {
  accountId: 'a',
  name: 'shop-api',
  observability: { enabled: true },
  subdomain: { enabled: true, previewsEnabled: false },
});
const version = (name: string) =>
  resource(VERSION, name, {
    accountId: 'a',
    workerId: '${cloudflare:index/worker:Worker::api.id}',
    mainModule: 'index.js',
    compatibilityDate: '2026-04-01',
    bindings: [{ type: 'plain_text', name: 'STAGE', text: 'live' }],
    modules: [
      {
        name: 'say.js',
        contentType: 'application/javascript+module',
        contentBase64: Buffer.from("export const say = 'this is ';").toString('base64'),
      },
      {
        name: 'index.js',
        contentType: 'application/javascript+module',
        contentBase64: answering(name).toString('base64'),
      },
    ],
  });
const deployment = resource('workersDeployment:WorkersDeployment', 'deployment', {
  accountId: 'a',
  scriptName: 'shop-api',
  strategy: 'percentage',
  versions: [
    { versionId: '${cloudflare:index/workerVersion:WorkerVersion::blue.id}', percentage: 90 },
    { versionId: '${cloudflare:index/workerVersion:WorkerVersion::green.id}', percentage: 10 },
  ],
});
const graph = { resources: [worker, version('blue'), version('green'), deployment], outputs: {} };

test('reads a version of a Worker as a script, with what its Worker says of all versions', () => {
  const model = readGraph(graph, { name: 'p' });
  const [blue, green] = model.ofType('cloudflare:index/workersScript:WorkersScript');
  expect(blue!.properties).toMatchObject({
    scriptName: 'shop-api',
    compatibilityDate: '2026-04-01',
    observability: { enabled: true },
    bindings: [{ name: 'STAGE', text: 'live' }],
    mainModule: 'index.js',
  });
  expect(green!.path).toBe('green');
  expect(model.ofType('cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain')[0]!.properties).toEqual({
    accountId: 'a',
    scriptName: 'shop-api',
    enabled: true,
    previewsEnabled: false,
  });
  expect(edgeForms(graph.resources).versions.map(({ path, share }) => [path, share])).toEqual([
    ['blue', 90],
    ['green', 10],
  ]);
});

test("takes the provider's older names for what they are", () => {
  const older = resource('workerScript:WorkerScript', 'old', { scriptName: 'old' });
  const [script] = readGraph({ resources: [older], outputs: {} }).ofType(
    'cloudflare:index/workersScript:WorkersScript',
  );
  expect(script!.properties).toEqual({ scriptName: 'old' });
});

test('the version of a Worker with the most requests is run, and the other one is named', async () => {
  const run = await runEdgeLocally(graph, { onLog: () => undefined });
  expect(await (await run.worker('blue').fetch('/')).text()).toBe('this is blue');
  expect(run.unsupported).toEqual([
    expect.objectContaining({ resource: 'green', reason: expect.stringContaining("'blue' is run for all") as string }),
  ]);
  await run.stop();
});
