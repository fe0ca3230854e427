import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { InputPropertiesError, secret } from '@pulumi/pulumi';
import { bind, EdgeApi, type EdgeApiArgs, EdgeCron, EdgeStore } from 'lintel/edge';
import { alarm, created, graphOf, handler, refusal, resource } from './support';

const api = (args: Partial<EdgeApiArgs> = {}) => new EdgeApi('api', { handler, ...args });
const domain = { hostname: 'api.example.com', zoneId: 'zone' };

test('creates a Worker that answers on workers.dev, since it has no other address', async () => {
  const graph = await graphOf(() => void api());
  expect(created(graph)).toEqual(['WorkersScript api-worker', 'WorkersScriptSubdomain api-workers-dev']);
  expect(resource(graph, 'api-workers-dev').inputs).toMatchObject({ enabled: true, previewsEnabled: false });
  expect(alarm(graph)).toMatchSnapshot();
});

test('answers on its domain and routes, and no longer on workers.dev', async () => {
  const graph = await graphOf(() => ({
    url: api({ domain, routes: [{ pattern: 'example.com/api/*', zoneId: 'zone' }] }).url,
  }));
  expect(created(graph)).toEqual([
    'WorkersCustomDomain api-domain',
    'WorkersRoute api-route-example-com-api-',
    'WorkersScript api-worker',
    'WorkersScriptSubdomain api-workers-dev',
  ]);
  expect(resource(graph, 'api-workers-dev').inputs.enabled).toBe(false);
  expect(resource(graph, 'api-domain').inputs).toEqual({
    accountId: 'account',
    ...domain,
    service: 'shop-test-api',
  });
  expect(graph.outputs.url).toBe('https://api.example.com');
});

test('is left to other Workers alone when it is told to', async () => {
  const { inputs } = resource(await graphOf(() => void api({ workersDev: false })), 'api-workers-dev');
  expect(inputs).toMatchObject({ enabled: false, previewsEnabled: false });
});

test('gives a Worker the bindings that it names, sorted, and no other', async () => {
  const graph = await graphOf(() => {
    const other = new EdgeApi('other', { handler });
    api({ access: { OTHER: other.call(), AI: bind({ type: 'ai' }) }, environment: { STAGE: 'test' } });
  });
  expect(resource(graph, 'api-worker').inputs.bindings).toEqual([
    { name: 'AI', type: 'ai' },
    { name: 'OTHER', type: 'service', service: 'shop-test-other' },
    { name: 'STAGE', type: 'plain_text', text: 'test' },
  ]);
});

test('keeps secrets secret, also those that were passed in clear', async () => {
  const graph = await graphOf(() => void api({ secrets: { KEY: 'hunter2', OTHER: secret('hunter3') } }));
  const { secrets, options } = resource(graph, 'api-worker');
  expect(secrets).toEqual(['bindings.0.text', 'bindings.1.text']);
  expect(options.additionalSecretOutputs).toEqual(['bindings']);
  expect(JSON.stringify(graph)).not.toMatch(/hunter/);
});

test('leaves the state readable without secrets', async () => {
  const { options } = resource(await graphOf(() => void api({ environment: { STAGE: 'test' } })), 'api-worker');
  expect(options.additionalSecretOutputs).toBeUndefined();
});

test('pins the runtime, keeps logs and uploads the source map', async () => {
  const { inputs } = resource(await graphOf(() => void api()), 'api-worker');
  expect(inputs).toMatchObject({
    compatibilityDate: '2026-04-21',
    compatibilityFlags: ['nodejs_compat'],
    observability: { enabled: true, headSamplingRate: 1, logs: { enabled: true, invocationLogs: true } },
    mainModule: 'index.js',
    contentFile: expect.stringMatching(/^\.lintel\/shop-test-api\/[0-9a-f]{16}\/index\.js$/) as unknown,
    contentSha256: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
    files: { 'index.js.map': { contentType: 'application/source-map' } },
  });
});

test('follows its settings', async () => {
  const args = { cpuTime: 200, compatibilityDate: '2026-01-01', compatibilityFlags: ['a'], scriptName: 'shop-api' };
  const { inputs, options } = resource(await graphOf(() => void api(args)), 'api-worker');
  expect(inputs).toMatchObject({
    limits: { cpuMs: 200 },
    compatibilityDate: '2026-01-01',
    compatibilityFlags: ['a'],
    scriptName: 'shop-api',
  });
  expect(options.ignoreChanges).toBeUndefined();
});

test.each<[EdgeApiArgs['placement'], unknown]>([
  [undefined, undefined],
  ['smart', { mode: 'smart' }],
  [{ region: 'aws:eu-central-1' }, { region: 'aws:eu-central-1' }],
  [{ host: 'db.example.com:5432' }, { host: 'db.example.com:5432' }],
  [{ hostname: 'api.example.com' }, { hostname: 'api.example.com' }],
])('is placed as it is told: %j', async (placement, expected) => {
  const { inputs } = resource(await graphOf(() => void api({ placement })), 'api-worker');
  expect(inputs.placement).toEqual(expected);
});

test('throws the error that Pulumi shows by property', async () => {
  const error = await graphOf(() => void api({ cpuTime: 0, scriptName: 'A' })).catch((reason: unknown) => reason);
  expect(InputPropertiesError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({ errors: [{ propertyPath: 'cpuTime' }, { propertyPath: 'scriptName' }] });
});

test.each<[Partial<EdgeApiArgs>, string]>([
  [{ handler: 'none.ts' }, "'handler' must be a module that bundles, got 'none.ts'; there is no file 'none.ts' in "],
  [
    { handler: 'test/patterns/edge/workers/classes.ts' },
    "'handler' must have a default export, got 'test/patterns/edge/workers/classes.ts'; export it there; the module exports 'ChatRoom', 'OrderFlow' (api)",
  ],
  [{ handler: undefined }, "'handler' must be given, got nothing; give the path of the Worker's module"],
  [
    { access: { DB: undefined as never } },
    "'access.DB' must be a capability, got nothing; say what may be done: 'db.readWrite()', 'store.read()'",
  ],
  [{ access: { DB: 'orders' as never } }, "'access.DB' must be a capability, got 'orders'"],
  [{ cpuTime: 300_001 }, "'cpuTime' must be a whole number of milliseconds from 1 to 300000, got 300001"],
  [
    { compatibilityDate: 'today' },
    "'compatibilityDate' must be a date as YYYY-MM-DD, 2021-11-02 or later, got 'today'",
  ],
  [{ compatibilityDate: '2026-02-30' }, "'compatibilityDate' must be a date as YYYY-MM-DD, 2021-11-02 or later"],
  [{ compatibilityDate: '2020-01-01' }, "'compatibilityDate' must be a date as YYYY-MM-DD, 2021-11-02 or later"],
  [
    { compatibilityFlags: ['nodejs-compat'] },
    "'compatibilityFlags' must be distinct flags, without opposites, got 'nodejs-compat'",
  ],
  [{ compatibilityFlags: ['a', 'no_a'] }, "'compatibilityFlags' must be distinct flags, without opposites, got 'a'"],
  [
    { handler: 'test/patterns/edge/workers/nothing.ts' },
    "'handler' must have 'fetch' in its default export: nothing else is called, got 'test/patterns/edge/workers/nothing.ts'; write 'export default { fetch(...) { ... } }'; there is 'tail' (api)",
  ],
  [{ placement: 'fast' as never }, "'placement' must be 'smart', or near one thing, got 'fast'; write 'smart', or {"],
  [
    { placement: { region: 'aws:us-east-1', hostname: 'a.example.com' } },
    "'placement' must be near one thing, got ['region', 'hostname']; give only one of 'region', 'host' and 'hostname', or write 'smart' (api)",
  ],
  [{ placement: {} }, "'placement' must be near one thing, got []"],
  [{ placement: { region: 'eu-central-1' } }, "'placement.region' must be a region with its cloud: aws, gcp or azure"],
  [{ placement: { host: 'db.example.com' } }, "'placement.host' must be a host and its port, got 'db.example.com'"],
  [{ placement: { hostname: 'https://a.example.com' } }, "'placement.hostname' must be a hostname, without scheme and"],
  [{ scriptName: 'Shop API' }, "'scriptName' must be at most 63 lower-case letters"],
  [{ environment: { 'a-b': '' } }, "'environment.a-b' must be a JavaScript identifier"],
  [
    { environment: { KEY: 'a' }, secrets: { KEY: 'b' } },
    "'environment.KEY' must be a JavaScript identifier that 'access', 'environment' and 'secrets' use only once, got 'KEY'; rename it (api)",
  ],
  [{ environment: { BIG: 'x'.repeat(5121) } }, "'environment.BIG' must be at most 5120 bytes"],
  [
    { environment: Object.fromEntries(Array.from({ length: 129 }, (_, i) => [`V${i}`, ''])) },
    "'environment' and 'secrets' must have at most 128 names, got 129",
  ],
  [{ domain: { ...domain, hostname: 'https://api.example.com/' } }, "'domain.hostname' must be a hostname"],
  [
    { routes: ['example.com/api*', 'example.com/api/*'].map((pattern) => ({ pattern, zoneId: 'z' })) },
    "'routes' must be patterns that differ in letters or digits, which their resources are named after, got 'example.com/api/*'",
  ],
  [{ placement: { host: 'db.example.com:65536' } }, "'placement.host' must be a host and its port"],
  [
    { routes: [{ pattern: 'example.com/*/x', zoneId: 'z' }] },
    "'routes' must be distinct patterns of hostname and path, with * only at the start of the hostname and the end of the path",
  ],
])('refuses %j', async (args, message) => {
  expect(await refusal(() => api(args))).toEqual([expect.stringContaining(message)]);
});

test('refuses a resource where its capability is meant', async () => {
  const attempt = () => api({ access: { DB: new EdgeStore('cache') as never } });
  expect(await refusal(attempt)).toEqual([
    expect.stringContaining("'access.DB' must be a capability, got 'EdgeStore'"),
  ]);
});

test.each(['orders', 'Orders', ' orders'])(
  'refuses another Worker that would be uploaded over it: %s',
  async (name) => {
    const attempt = () => [new EdgeApi('orders', { handler }), new EdgeCron(name, { handler, schedule: '0 3 * * *' })];
    expect(await refusal(attempt)).toEqual([
      `'scriptName' must not be that of another Worker (EdgeApi 'orders'): each upload would overwrite the other, got 'shop-test-orders'; rename the component, for instance to '${name}-cron' (${name})`,
    ]);
    const apart = () => [
      new EdgeApi('orders', { handler }),
      new EdgeApi(name + '-api', { handler, scriptName: 'other' }),
    ];
    await expect(graphOf(() => void apart())).resolves.toBeDefined();
    const accounts = () =>
      ['one', 'another'].map((accountId) => new EdgeApi(accountId, { handler, accountId, scriptName: 'orders' }));
    await expect(graphOf(accounts)).resolves.toBeDefined();
  },
);

test('names the file and the line of a handler that does not bundle', async () => {
  const directory = '.cache/test/faulty-api';
  mkdirSync(directory, { recursive: true });
  writeFileSync(`${directory}/api.ts`, "export { default } from './gone';");
  expect(await refusal(() => api({ handler: `${directory}/api.ts`, cpuTime: 0 }))).toEqual([
    `'handler' must be a module that bundles, got '${directory}/api.ts'; ${directory}/api.ts:1:25: Could not resolve "./gone" (api)`,
    expect.stringContaining("'cpuTime' must be"),
  ]);
});

test('refuses a Worker that is larger than the platform takes, and none that compresses well', async () => {
  const directory = '.cache/test/large-api';
  mkdirSync(directory, { recursive: true });
  writeFileSync(`${directory}/data.bin`, randomBytes(10_100_000));
  writeFileSync(`${directory}/zeros.bin`, Buffer.alloc(10_100_000));
  const code = (file: string) =>
    `import data from './${file}.bin';\nexport default { fetch: () => new Response(data) };`;
  for (const file of ['data', 'zeros']) writeFileSync(`${directory}/${file}.ts`, code(file));
  expect(await refusal(() => api({ handler: `${directory}/data.ts` }))).toEqual([
    `'handler' must be at most 10000000 bytes with what it imports, compressed, got '${directory}/data.ts'; leave packages out, or keep data in an EdgeBucket (api)`,
  ]);
  await expect(graphOf(() => void api({ handler: `${directory}/zeros.ts` }))).resolves.toBeDefined();
});
