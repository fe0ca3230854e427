import * as pulumi from '@pulumi/pulumi';
import { EdgeApi, type EdgeApiArgs, EdgeRoom, type EdgeRoomArgs, EdgeStore } from 'lintel/edge';
import { runEdgeLocally } from 'lintel/testing';
import { mostOf } from '../../../lib/edge/gradual';
import { judgeAll } from '../../rules/rules/faults';
import { readGraph } from '../../../lib/core/model/read-graph';
import { alarm, created, graphOf, handler, refusal, resource } from './support';

const api = (args: Partial<EdgeApiArgs> = {}) => new EdgeApi('api', { handler, deploy: { percentage: 10 }, ...args });

/** What Cloudflare answers where a version is there. */
const live = (...versions: { versionId: string; percentage: number }[]) => ({
  calls: (token: string) => {
    if (token.includes('WorkersDeployments')) {
      return { results: [{ deployments: [{ createdOn: '2026-11-01T00:00:00Z', versions }] }] };
    }
    return { results: [{ id: 'shop-test-api-gradual' }] };
  },
});
const one = live({ versionId: 'v1', percentage: 100 });

test('a Worker, its version, and who gets it; the very first version gets all requests', async () => {
  const graph = await graphOf(
    () => void api({ domain: { hostname: 'api.example.com', zoneId: 'zone' }, secrets: { KEY: 'hunter2' } }),
  );
  expect(created(graph)).toEqual([
    'Stash api-before',
    'Worker api-worker',
    'WorkerVersion api-version',
    'WorkersCustomDomain api-domain',
    'WorkersDeployment api-deployment',
  ]);
  const version = '${cloudflare:index/workerVersion:WorkerVersion::api/api-version.id}';
  expect(resource(graph, 'api-deployment')).toMatchObject({
    inputs: { strategy: 'percentage', versions: [{ versionId: version, percentage: 100 }] },
    options: { retainOnDelete: true },
  });
  expect(resource(graph, 'api-version').options).toMatchObject({
    retainOnDelete: true,
    additionalSecretOutputs: ['bindings'],
  });
  expect(alarm(graph)).toMatchSnapshot();
  expect(judgeAll(readGraph(graph))).toEqual({ findings: [], unknown: [], failures: [] });
});

test.each([
  [one, 10, [10, 90]],
  [one, 0.01, [0.01, 99.99]],
  [one, 100, [100]],
  [live({ versionId: 'v2', percentage: 20 }, { versionId: 'v1', percentage: 80 }), 5, [5, 95]],
])('the rest goes to the version that had most: %#', async (options, percentage, shares) => {
  const graph = await graphOf(() => void api({ deploy: { percentage } }), options);
  const { versions } = resource(graph, 'api-deployment').inputs as {
    versions: { versionId: string; percentage: number }[];
  };
  expect(versions.map((each) => each.percentage)).toEqual(shares);
  expect(versions.slice(1).map((each) => each.versionId)).toEqual(shares.length > 1 ? ['v1'] : []);
});

test('of two versions with the same share the older one had most, and the last deployment counts', () => {
  const half = (versionId: string) => ({ versionId, percentage: 50 });
  const deployments = [
    { createdOn: '2026-11-01T00:00:00Z', versions: [{ versionId: 'v0', percentage: 100 }] },
    { createdOn: '2026-11-02T00:00:00Z', versions: [half('v2'), half('v1')] },
  ];
  expect(mostOf(deployments)).toBe('v1');
  expect(mostOf([])).toBeUndefined();
});

test('others reach it by the name of its deployment', async () => {
  const graph = await graphOf(() => {
    const shared = api({ schedule: '0 3 * * *', consumes: { jobs: {} } });
    new EdgeApi('other', { handler, access: { API: shared.call() } });
  });
  expect(resource(graph, 'other-worker').inputs.bindings).toEqual([
    { name: 'API', type: 'service', service: 'shop-test-api-gradual' },
  ]);
  for (const name of ['api-trigger', 'api-jobs-consumer']) {
    expect(resource(graph, name).inputs.scriptName).toBe('shop-test-api-gradual');
  }
});

test('a preview of a branch has its version at once', async () => {
  const config = { 'cloudflare:accountId': 'account', 'lintel:preview': 'true' };
  const graph = await graphOf(() => void api(), { ...one, stack: 'pr-1', config });
  expect(resource(graph, 'api-deployment').inputs.versions).toMatchObject([{ percentage: 100 }]);
});

test.each<[Partial<EdgeApiArgs>, string]>([
  [{ deploy: { percentage: 0 } }, "'deploy.percentage' must be a share of requests from 0.01 to 100 percent, got 0"],
  [
    { deploy: { percentage: 101 } },
    "'deploy.percentage' must be a share of requests from 0.01 to 100 percent, got 101",
  ],
  [{ deploy: { percentage: 33.333 } }, "'deploy.percentage' must have at most"],
  [{ deploy: {} as never }, "'deploy.percentage' must be given, got nothing; give the share of requests in percent"],
  [
    { scriptName: 'api' },
    "'scriptName' must not be given with 'deploy': an existing Worker of that name would be in the way; leave it out: the Worker gets a new name, and takes over once it exists (api)",
  ],
])('refuses %j', async (args, message) => {
  expect(await refusal(() => void api(args))).toEqual([expect.stringContaining(message)]);
});

test('refuses a name of its own that only the deployment knows', async () => {
  expect(await refusal(() => void api({ scriptName: pulumi.output('api') }))).toEqual([
    expect.stringContaining("'scriptName' must not be given with 'deploy'"),
  ]);
});

test('refuses to let Durable Objects change gradually', async () => {
  const args = { handler: 'test/patterns/edge/workers/classes.ts', className: 'ChatRoom', deploy: { percentage: 10 } };
  expect(await refusal(() => void new EdgeRoom('chat', args as EdgeRoomArgs))).toEqual([
    expect.stringContaining(
      'leave it out: a ledger step applies to all objects at once, so no version can be rolled out',
    ),
  ]);
});

test('locally the newest version gets all requests, and that is said', async () => {
  const run = await runEdgeLocally(
    () => {
      const access = { SEEN: new EdgeStore('seen').readWrite() };
      const environment = { LIMITS: { perMinute: 1, tags: [] } };
      const consumes = { jobs: { binding: 'JOBS', batch: { window: 0 } } };
      api({ handler: 'test/patterns/edge/workers/shop.ts', access, environment, consumes, schedule: '0 3 * * *' });
    },
    { config: { 'cloudflare:accountId': 'account' }, project: 'shop', stack: 'test', ...one, onLog: () => undefined },
  );
  try {
    const answer = await run.worker('api').fetch('/', { method: 'POST', body: 'job' });
    expect(await answer.json()).toEqual({ perMinute: 2, tags: 0 });
    await run.idle();
    await run.fire('api');
    expect([await run.store('seen').get('jobs'), await run.store('seen').get('ran')]).toEqual(['job', '0 3 * * *']);
    expect(run.unsupported).toEqual([
      {
        resource: 'api/api-deployment',
        type: 'cloudflare:index/workersDeployment:WorkersDeployment',
        reason:
          'it leaves 90% of the requests to a version that the program does not create; here the newest one gets all',
      },
    ]);
  } finally {
    await run.stop();
  }
});
