import * as pulumi from '@pulumi/pulumi';
import {
  EdgeAi,
  EdgeApi,
  EdgeBucket,
  EdgeDatabase,
  EdgePool,
  type EdgePoolArgs,
  type PoolOrigin,
  type PoolTls,
  type PoolTlsMode,
  EdgeQueueWorker,
  EdgeStore,
  EdgeVectors,
  EdgeWorkflow,
  ScopedToken,
} from 'lintel/edge';
import { alarm, created, graphOf, handler, refusal, resource } from './support';

const origin = { host: 'db.example.com', database: 'shop', user: 'api', password: 'hunter2' };

describe('EdgeStore', () => {
  test('creates a namespace that a mistake cannot delete', async () => {
    const graph = await graphOf(() => void new EdgeStore('cache'));
    expect(created(graph)).toEqual(['WorkersKvNamespace cache-namespace']);
    expect(resource(graph, 'cache-namespace')).toMatchObject({
      inputs: { accountId: 'account', title: 'shop-test-cache' },
      options: { protect: true },
    });
    expect(alarm(graph)).toMatchSnapshot();
  });

  test('lets go of it when it is told to', async () => {
    const graph = await graphOf(() => void new EdgeStore('cache', {}, { protect: false }));
    expect(resource(graph, 'cache-namespace').options.protect).toBeFalsy();
  });

  test('gives a Worker a binding', async () => {
    const graph = await graphOf(() => {
      const cache = new EdgeStore('cache');
      new EdgeApi('api', { handler, access: { CACHE: cache.read() } });
    });
    expect(resource(graph, 'api-worker').inputs.bindings).toEqual([
      {
        name: 'CACHE',
        type: 'kv_namespace',
        namespaceId: '${cloudflare:index/workersKvNamespace:WorkersKvNamespace::cache/cache-namespace.id}',
      },
    ]);
  });

  test('takes the account that it is given', async () => {
    const graph = await graphOf(() => void new EdgeStore('cache', { accountId: pulumi.output('other') }), {
      config: {},
    });
    expect(resource(graph, 'cache-namespace').inputs.accountId).toBe('other');
  });

  test('refuses to guess the account', async () => {
    expect(await refusal(() => new EdgeStore('cache'), { config: {} })).toEqual([
      "'accountId' must name the Cloudflare account, got nothing; set it, or run 'pulumi config set cloudflare:accountId <id>' (cache)",
    ]);
  });
});

test.each<[string, (name: string, accountId?: string) => unknown]>([
  ['database', (name, accountId) => new EdgeDatabase(name, { databaseName: 'all', accountId })],
  ['bucket', (name, accountId) => new EdgeBucket(name, { bucketName: 'all', accountId })],
  ['namespace', (name, accountId) => new EdgeStore(name, { title: 'all', accountId })],
  ['pool', (name, accountId) => new EdgePool(name, { poolName: 'all', origin, accountId })],
  [
    'workflow',
    (name, accountId) =>
      new EdgeWorkflow(name, {
        handler: 'test/patterns/edge/workers/classes.ts',
        className: 'OrderFlow',
        workflowName: 'all',
        scriptName: `${name}-flow`,
        accountId,
      }),
  ],
  [
    'gateway',
    (name, accountId) => new EdgeAi(name, { models: { A: '@cf/a/b' }, gateway: { gatewayName: 'all' }, accountId }),
  ],
])('refuses a second %s of one name in an account', async (kind, make) => {
  expect(await refusal(() => [make('one'), make('two')])).toEqual([
    expect.stringContaining(`must not be that of the ${kind} of 'one': names are unique, got 'all'`),
  ]);
  await expect(graphOf(() => [make('one'), make('two', 'another')])).resolves.toBeDefined();
});

const vectors = { dimensions: 32 };

test.each<[string, string, (name: string, accountId: pulumi.Input<string>) => unknown]>([
  ['database', 'databaseName', (name, accountId) => new EdgeDatabase(name, { accountId })],
  ['bucket', 'bucketName', (name, accountId) => new EdgeBucket(name, { accountId })],
  ['namespace', 'title', (name, accountId) => new EdgeStore(name, { accountId })],
  ['pool', 'poolName', (name, accountId) => new EdgePool(name, { origin, accountId })],
  ['index', 'indexName', (name, accountId) => new EdgeVectors(name, { ...vectors, accountId })],
  ['queue', 'queueName', (name, accountId) => new EdgeQueueWorker(name, { handler, accountId })],
])('refuses a second %s whose derived name is the same', async (kind, prop, make) => {
  for (const accountId of ['account', pulumi.output('account')]) {
    for (const names of [
      ['my api', 'my-api'],
      ['büro', 'bäro'],
    ]) {
      const derived = `shop-test-${names[0]!.replace(/\W/, '-')}`;
      expect(await refusal(() => names.map((name) => make(name, accountId)))).toEqual([
        `'${prop}' must not be that of the ${kind} of '${names[0]}': names are unique, got '${derived}'; rename one component, or set '${prop}': a derived name has only lower-case letters a to z, digits and dashes (${names[1]})`,
      ]);
    }
  }
  await expect(graphOf(() => ['注文', '請求'].map((name) => make(name, 'account')))).resolves.toBeDefined();
  const apart = () => [make('my api', pulumi.output('one')), make('my-api', pulumi.output('another'))];
  await expect(graphOf(apart)).resolves.toBeDefined();
});

test('refuses a second database of a preview with the same files, and a queue named as the dead letters of another', async () => {
  const preview = { stack: 'pr-1', config: { 'cloudflare:accountId': 'account', 'lintel:preview': 'true' } };
  const migrations = 'test/patterns/edge/migrations';
  const databases = () => ['my db', 'my-db'].map((name) => new EdgeDatabase(name, { migrations }));
  expect(await refusal(databases, preview)).toEqual([
    expect.stringMatching(
      /^'databaseName' must not be that of the database of 'my db': .*'shop-pr-1-my-db-[0-9a-f]{8}'/,
    ),
  ]);
  const queues = () => ['jobs', 'jobs-dead-letters'].map((name) => new EdgeQueueWorker(name, { handler }));
  expect(await refusal(queues)).toEqual([
    expect.stringContaining(
      "must not be that of the queue of 'jobs': names are unique, got 'shop-test-jobs-dead-letters'",
    ),
  ]);
});

describe('EdgePool', () => {
  test('keeps the password a secret and reads fresh', async () => {
    const graph = await graphOf(() => void new EdgePool('pool', { origin }));
    expect(created(graph)).toEqual(['HyperdriveConfig pool-config']);
    const { inputs, secrets, options } = resource(graph, 'pool-config');
    expect(inputs).toMatchObject({ origin: { scheme: 'postgres', port: 5432 }, caching: { disabled: true } });
    expect(secrets).toEqual(['origin.password']);
    expect(options.additionalSecretOutputs).toEqual(['origin']);
    expect(JSON.stringify(graph)).not.toContain('hunter2');
    expect(alarm(graph)).toMatchSnapshot();
  });

  test('caches reads for as long as it is told, and finds the port of MySQL', async () => {
    const graph = await graphOf(
      () => void new EdgePool('pool', { origin: { ...origin, scheme: 'mysql' }, cache: 30, maxConnections: 20 }),
    );
    expect(resource(graph, 'pool-config').inputs).toMatchObject({
      origin: { port: 3306 },
      caching: { disabled: false, maxAge: 30 },
      originConnectionLimit: 20,
    });
  });

  test.each<[Partial<EdgePoolArgs>, string]>([
    [
      { origin: { ...origin, host: '10.0.0.4' } },
      "'origin.host' must be a public hostname or address, without scheme and port, got '10.0.0.4'",
    ],
    ...['100.64.0.1', '0.0.0.0', 'db.internal', 'localhost', 'db.local'].map(
      (host) => [{ origin: { ...origin, host } }, "'origin.host' must be a public hostname"] as [EdgePoolArgs, string],
    ),
    [{ origin: { ...origin, host: 'db' } }, "'origin.host' must be a public hostname"],
    [{ origin: { ...origin, host: 'db.example.com:5432' } }, "'origin.host' must be a public hostname"],
    [{ origin: { ...origin, host: '203.0.113.300' } }, "'origin.host' must be a public hostname"],
    [{ origin: { ...origin, host: 'postgres://db.example.com' } }, "'origin.host' must be a public hostname"],
    [{ origin: { ...origin, database: 'x'.repeat(64) } }, "'origin.database' must be 1 to 63 bytes"],
    [{ origin: { ...origin, port: 0 } }, "'origin.port' must be a port from 1 to 65535, got 0"],
    [{ cache: 3_601 }, "'cache' must be a whole number of seconds from 1 to 3600, got 3601"],
    [
      { origin: { ...origin, password: undefined as never } },
      "'origin.password' must be given, got nothing; take it from the configuration: config.requireSecret('password') (pool)",
    ],
    [{ origin: { ...origin, user: undefined as never } }, "'origin.user' must be given, got nothing; name the user"],
    [{ maxConnections: 5.5 }, "'maxConnections' must be a whole number from 5 to 100, got 5.5"],
    [{ maxConnections: 4 }, "'maxConnections' must be a whole number from 5 to 100, got 4"],
  ])('refuses %j', async (args, message) => {
    expect(await refusal(() => new EdgePool('pool', { origin, ...args }))).toEqual([expect.stringContaining(message)]);
  });

  test('refuses an origin that is not there', async () => {
    expect(await refusal(() => new EdgePool('pool', {} as EdgePoolArgs))).toEqual([
      "'origin' must be given, got nothing; give { host, database, user, password } (pool)",
    ]);
  });

  const { host: _host, ...nowhere } = origin;
  const way = { tunnel: { tunnelId: 'tunnel' }, access: { accessClientId: 'id', accessClientSecret: 'token' } };

  test('reaches a host behind Access with a token, and leaves the port to the tunnel', async () => {
    const graph = await graphOf(() => void new EdgePool('pool', { origin: { ...origin, ...way.access } }));
    const { inputs, secrets } = resource(graph, 'pool-config');
    expect(inputs.origin).toMatchObject({ host: 'db.example.com', accessClientId: 'id' });
    expect(inputs.origin).not.toHaveProperty('port');
    expect(secrets).toEqual(['origin.accessClientSecret', 'origin.password']);
  });

  test.each<[string, object, Partial<PoolOrigin>, string, PoolTlsMode | undefined]>([
    ['10.0.0.5', { ipv4: '10.0.0.5', network: { tunnelId: 'tunnel' } }, {}, 'verify_full', undefined],
    ['fd00::5', { ipv6: 'fd00::5', network: { tunnelId: 'tunnel' } }, { port: 6432 }, 'verify_ca', 'verify-ca'],
    ['db', { hostname: 'db', resolverNetwork: { tunnelId: 'tunnel' } }, { scheme: 'mysql' }, 'disabled', 'unverified'],
  ])('leads to %s of a private network by a service of its own', async (host, expected, more, verification, mode) => {
    const graph = await graphOf(
      () => void new EdgePool('pool', { origin: { ...origin, ...way.tunnel, ...more, host }, tls: mode && { mode } }),
    );
    expect(created(graph)).toEqual(['ConnectivityDirectoryService pool-service', 'HyperdriveConfig pool-config']);
    expect(resource(graph, 'pool-service').inputs).toMatchObject({
      name: 'shop-test-pool',
      type: 'tcp',
      tcpPort: more.port ?? (more.scheme === 'mysql' ? 3306 : 5432),
      appProtocol: more.scheme ?? 'postgresql',
      host: expected,
      tlsSettings: { certVerificationMode: verification },
    });
    const { inputs } = resource(graph, 'pool-config');
    expect(inputs.origin).toMatchObject({ serviceId: expect.stringContaining('pool-service') as string });
    expect(inputs.origin).not.toHaveProperty('host');
    expect(inputs).not.toHaveProperty('mtls');
  });

  test('takes a service that is there, and certificates in the words of either database', async () => {
    const tls = { mode: 'verify-full', caCertificateId: 'ca', clientCertificateId: 'own' } as const;
    const graph = await graphOf(() => {
      new EdgePool('own', { origin: { ...nowhere, serviceId: 'service' } });
      new EdgePool('named', { origin: { ...origin, host: 'localhost-db.example.com' } });
      new EdgePool('postgres', { origin, tls });
      new EdgePool('mysql', { origin: { ...origin, scheme: 'mysql' }, tls });
    });
    expect(resource(graph, 'own-config').inputs.origin).toMatchObject({ serviceId: 'service' });
    const mtls = { caCertificateId: 'ca', mtlsCertificateId: 'own' };
    expect(resource(graph, 'postgres-config').inputs.mtls).toEqual({ ...mtls, sslmode: 'verify-full' });
    expect(resource(graph, 'mysql-config').inputs.mtls).toEqual({ ...mtls, sslmode: 'VERIFY_IDENTITY' });
  });

  test.each<[string, Partial<PoolOrigin>, PoolTls | undefined, readonly string[]]>([
    ['no way', { host: undefined }, undefined, ["'origin.host' must be a public hostname or address"]],
    [
      'half a token',
      { accessClientId: 'id' },
      undefined,
      ["'origin.accessClientSecret' must be given: 'accessClientId' and"],
    ],
    [
      'a token and an address',
      { ...way.access, host: '203.0.113.9' },
      undefined,
      ["'origin.host' must be the tunnel's public"],
    ],
    [
      'a token and a port',
      { ...way.access, port: 5432 },
      undefined,
      ["'origin.port' must not be given with 'accessClientId'"],
    ],
    [
      'three ways',
      { ...way.tunnel, ...way.access, serviceId: 'service' },
      { mode: 'require' },
      [
        "'origin.host' must not be given with 'serviceId', which has it",
        "'origin.tunnelId' must not be given with 'serviceId', which has it",
        "'origin.accessClientId' must not be given with 'serviceId'",
        "'origin.accessClientSecret' must not be given with 'serviceId'",
        "'tls' must not be given with 'origin.serviceId', which has its own",
      ],
    ],
    [
      'a tunnel and Access, and certificates that its service does not take',
      { ...way.tunnel, ...way.access, host: '10.0.0.300' },
      { mode: 'require', caCertificateId: 'ca' },
      [
        "'origin.accessClientId' must not be given with 'tunnelId'",
        "'origin.accessClientSecret' must not be given with 'tunnelId'",
        "'origin.host' must be a hostname or address of the private network",
        "'tls.mode' must be 'verify-full', 'verify-ca' or 'unverified' behind 'origin.tunnelId'",
        "'tls.caCertificateId' must not be given with 'origin.tunnelId'",
      ],
    ],
    ['no trust', {}, { mode: 'unverified' }, ["'tls.mode' must be 'require', 'verify-ca' or 'verify-full' without"]],
    ['no authority', {}, { mode: 'verify-ca' }, ["'tls.caCertificateId' must be given with 'verify-ca'"]],
    [
      'two authorities',
      {},
      { caCertificateId: 'ca' },
      ["'tls.caCertificateId' must be given only with 'verify-ca' and 'verify-full'; set 'mode', or remove it (pool)"],
    ],
  ])('refuses %s', async (_, more, tls, messages) => {
    const refused = await refusal(() => new EdgePool('pool', { origin: { ...origin, ...more }, tls }));
    expect(refused).toEqual(messages.map((message) => expect.stringContaining(message) as string));
    expect(refused.join()).not.toContain("token'");
  });

  test('accepts an origin that is known only at deployment', async () => {
    const later = (value: string) => pulumi.output(value);
    await expect(
      graphOf(() => void new EdgePool('pool', { origin: { ...origin, host: later('db.example.com') } })),
    ).resolves.toBeDefined();
  });
});

describe('EdgeBucket', () => {
  test('creates a bucket that a mistake cannot delete and that forgets abandoned uploads', async () => {
    const graph = await graphOf(() => void new EdgeBucket('files'));
    expect(created(graph)).toEqual(['R2Bucket files-bucket', 'R2BucketLifecycle files-lifecycle']);
    expect(resource(graph, 'files-bucket').options.protect).toBe(true);
    expect(alarm(graph)).toMatchSnapshot();
  });

  test('turns days into seconds', async () => {
    const graph = await graphOf(
      () =>
        void new EdgeBucket('files', {
          lifecycle: { logs: { prefix: 'logs/', infrequentAccessAfter: 30, expireAfter: 90 } },
        }),
    );
    expect(resource(graph, 'files-lifecycle').inputs.rules).toContainEqual({
      id: 'logs',
      enabled: true,
      conditions: { prefix: 'logs/' },
      deleteObjectsTransition: { condition: { type: 'Age', maxAge: 7_776_000 } },
      storageClassTransitions: [{ storageClass: 'InfrequentAccess', condition: { type: 'Age', maxAge: 2_592_000 } }],
    });
  });

  test('tells a queue of new objects', async () => {
    const graph = await graphOf(() => {
      const thumbnails = new EdgeQueueWorker('thumbnails', { handler });
      new EdgeBucket('files', {
        notifications: { uploads: { queue: thumbnails.queue, prefix: ['raw/', 'scans/'], suffix: '.png' } },
      });
    });
    const actions = ['PutObject', 'CopyObject', 'CompleteMultipartUpload'];
    expect(resource(graph, 'files-notification-uploads').inputs).toMatchObject({
      bucketName: 'shop-test-files',
      queueId: '${cloudflare:index/queue:Queue::thumbnails/thumbnails-queue.queueId}',
      rules: [
        { actions, prefix: 'raw/', suffix: '.png' },
        { actions, prefix: 'scans/', suffix: '.png' },
      ],
    });
  });

  test('stays in its jurisdiction, which belongs to its name wherever that is said', async () => {
    const graph = await graphOf(() => {
      const queue = { queueId: 'q' };
      const files = new EdgeBucket('files', { jurisdiction: 'eu', notifications: { all: { queue } } });
      new EdgeApi('api', { handler, access: { FILES: files.read() } });
      new ScopedToken('ci', { access: [files.read(), new EdgeBucket('other').read()] });
    });
    expect(resource(graph, 'files-bucket').options).toMatchObject({
      protect: true,
      replaceOnChanges: ['jurisdiction'],
    });
    for (const name of ['files-bucket', 'files-lifecycle', 'files-notification-all']) {
      expect(resource(graph, name).inputs.jurisdiction).toBe('eu');
    }
    expect(resource(graph, 'api-worker').inputs.bindings).toEqual([
      { name: 'FILES', type: 'r2_bucket', bucketName: 'shop-test-files', jurisdiction: 'eu' },
    ]);
    const { policies } = resource(graph, 'ci-token').inputs as { policies: { resources: string }[] };
    expect(Object.keys(JSON.parse(policies[0]!.resources) as object)).toEqual([
      'com.cloudflare.edge.r2.bucket.account_default_shop-test-other',
      'com.cloudflare.edge.r2.bucket.account_eu_shop-test-files',
    ]);
    expect(await refusal(() => new EdgeBucket('files', { jurisdiction: 'us', location: 'wnam' }))).toEqual([
      "'location' must not be given with 'jurisdiction', which is 'us': the platform ignores the hint, got 'wnam'; leave one of them out (files)",
    ]);
  });

  test('refuses rules that contradict each other', async () => {
    const queue = { queueId: 'q' };
    expect(
      await refusal(
        () =>
          new EdgeBucket('files', {
            lifecycle: { logs: { infrequentAccessAfter: 90, expireAfter: 30 }, nothing: {} },
            notifications: { all: { queue }, images: { queue: { queueId: 'r' }, prefix: 'images/' } },
          }),
      ),
    ).toEqual([
      "'lifecycle.logs.infrequentAccessAfter' must come before 'expireAfter' of 30 days, got 90; lower it or remove it: moving an object costs a request (files)",
      expect.stringContaining("'lifecycle.nothing' must do something"),
      "'notifications.images' must not cover the same objects as 'notifications.all': R2 refuses overlapping rules, got 'images'; set a 'prefix' or 'suffix' that tells them apart (files)",
    ]);
  });

  test('refuses two notifications to one queue', async () => {
    const queue = { queueId: 'q' };
    expect(
      await refusal(
        () => new EdgeBucket('files', { notifications: { a: { queue, prefix: 'a/' }, b: { queue, prefix: 'b/' } } }),
      ),
    ).toEqual([expect.stringContaining("'notifications.b.queue' must not be the queue of 'notifications.a'")]);
  });
});
