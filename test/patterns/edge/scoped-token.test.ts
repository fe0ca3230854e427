import { EdgeBucket, EdgeDatabase, EdgePool, EdgeStore, ScopedToken, type ScopedTokenArgs } from 'lintel/edge';
import { alarm, created, graphOf, refusal, resource } from './support';

const policiesOf = async (args: () => ScopedTokenArgs) => {
  const { inputs } = resource(await graphOf(() => void new ScopedToken('ci', args())), 'ci-token');
  return inputs.policies;
};

test('creates a token with the one permission that reading a database needs', async () => {
  const graph = await graphOf(() => void new ScopedToken('ci', { access: [new EdgeDatabase('db').read()] }));
  expect(created(graph)).toEqual(['AccountToken ci-token', 'D1Database db-database']);
  expect(resource(graph, 'ci-token')).toMatchObject({
    inputs: {
      policies: [
        {
          effect: 'allow',
          permissionGroups: [{ id: 'id-of-d1-read' }],
          resources: '{"com.cloudflare.api.account.account":"*"}',
        },
      ],
    },
    options: { additionalSecretOutputs: ['value'] },
  });
  expect(alarm(graph)).toMatchSnapshot();
});

test('limits objects to their buckets, and asks for each permission once', async () => {
  expect(
    await policiesOf(() => {
      const [store, other] = [new EdgeStore('store'), new EdgeStore('other')];
      const [files, logs] = [new EdgeBucket('files'), new EdgeBucket('logs')];
      return { access: [store.read(), other.read(), files.read(), logs.readWrite()], permissions: ['Queues Write'] };
    }),
  ).toEqual([
    {
      effect: 'allow',
      permissionGroups: [{ id: 'id-of-queues-write' }, { id: 'id-of-workers-kv-storage-read' }],
      resources: '{"com.cloudflare.api.account.account":"*"}',
    },
    {
      effect: 'allow',
      permissionGroups: [{ id: 'id-of-workers-r2-storage-bucket-item-read' }],
      resources: '{"com.cloudflare.edge.r2.bucket.account_default_shop-test-files":"*"}',
    },
    {
      effect: 'allow',
      permissionGroups: [{ id: 'id-of-workers-r2-storage-bucket-item-write' }],
      resources: '{"com.cloudflare.edge.r2.bucket.account_default_shop-test-logs":"*"}',
    },
  ]);
});

test('gives its value as a secret', async () => {
  const graph = await graphOf(() => ({
    token: new ScopedToken('ci', { permissions: ['D1 Read'], allowedAddresses: ['203.0.113.0/24'] }).value,
  }));
  expect(graph.outputs.token).toBe('${secret}');
  expect(resource(graph, 'ci-token').inputs.condition).toEqual({ requestIp: { ins: ['203.0.113.0/24'] } });
});

test('refuses a permission that Cloudflare does not have', async () => {
  await expect(policiesOf(() => ({ permissions: ['D1 Everything'] }))).rejects.toThrow(
    "Cloudflare has no permission group 'D1 Everything' for tokens of this account",
  );
});

test('refuses what no token can do, and a token for nothing', async () => {
  const origin = { host: 'db.example.com', database: 'd', user: 'u', password: 'p' };
  expect(
    await refusal(
      () => new ScopedToken('ci', { access: [new EdgePool('pool', { origin }).connect()], allowedAddresses: ['here'] }),
    ),
  ).toEqual([
    "'access.0' must be something that Cloudflare's API can do, got 'hyperdrive'; remove it: only a Worker can do that, through its binding (ci)",
    expect.stringContaining("'allowedAddresses' must be CIDR blocks"),
  ]);
  expect(await refusal(() => new ScopedToken('ci', {}))).toEqual([
    "'access' or 'permissions' must name what the token may do, got nothing; set 'access: [db.read()]', for instance (ci)",
  ]);
});

test.each([
  [{ allowedAddresses: ['203.0.113.0/33'] }, "'allowedAddresses' must be CIDR blocks"],
  [{ allowedAddresses: ['999.0.113.0/24'] }, "'allowedAddresses' must be CIDR blocks"],
  [{ allowedAddresses: ['2001:db8::/129'] }, "'allowedAddresses' must be CIDR blocks"],
  [{ allowedAddresses: [] }, "'allowedAddresses' must be CIDR blocks"],
  [{ expiresOn: '2027-02-30T00:00:00Z' }, "'expiresOn' must be a UTC time in whole seconds, as in RFC 3339"],
  [{ expiresOn: '2027-01-31' }, "'expiresOn' must be a UTC time in whole seconds, as in RFC 3339"],
])('refuses %j', async (args, message) => {
  const attempt = () => new ScopedToken('ci', { permissions: ['D1 Read'], ...args });
  expect(await refusal(attempt)).toEqual([expect.stringContaining(message)]);
});

test('takes addresses and networks of both versions, and a time that there is', async () => {
  const allowedAddresses = ['203.0.113.7', '203.0.113.0/24', '2001:db8::/48', '::1'];
  await graphOf(
    () => void new ScopedToken('ci', { permissions: ['D1 Read'], allowedAddresses, expiresOn: '2028-02-29T00:00:00Z' }),
  );
});

test('warns of a time that has passed, and deploys', async () => {
  const warn = jest.spyOn(console, 'warn').mockImplementation();
  await graphOf(() => void new ScopedToken('ci', { permissions: ['D1 Read'], expiresOn: '2020-01-31T00:00:00Z' }));
  expect(warn.mock.calls.join()).toContain(
    "'expiresOn' has passed: the token is refused since 2020-01-31T00:00:00Z; give a later time, or remove the token",
  );
  warn.mockRestore();
});
