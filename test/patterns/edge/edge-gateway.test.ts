import { output } from '@pulumi/pulumi';
import { bind, EdgeApi, EdgeGateway, type EdgeGatewayArgs } from 'lintel/edge';
import { alarm, created, graphOf, handler, refusal, resource } from './support';

const minimal = {
  origin: 'https://api.example.com',
  authorizer: { issuer: 'https://login.example.com', audience: ['shop'] },
} satisfies EdgeGatewayArgs;

const gate = (args: Partial<EdgeGatewayArgs> = {}) => new EdgeGateway('gate', { ...minimal, ...args });

interface Binding {
  readonly name: string;
  readonly type: string;
  readonly json?: string;
}

const bindingsOf = async (args: Partial<EdgeGatewayArgs>) =>
  resource(await graphOf(() => void gate(args)), 'gate-worker').inputs.bindings as Binding[];

test('creates a Worker of its own, which is all that stands before the origin', async () => {
  const graph = await graphOf(() => void gate());
  expect(created(graph)).toEqual(['WorkersScript gate-worker', 'WorkersScriptSubdomain gate-workers-dev']);
  expect(alarm(graph)).toMatchSnapshot();
});

test('takes an address that only a deployment knows', async () => {
  const [config] = await bindingsOf({ origin: output('https://later.example.com') });
  expect(JSON.parse(config!.json!)).toMatchObject({ origin: 'https://later.example.com' });
});

test('stands before another Worker without leaving the platform', async () => {
  const graph = await graphOf(() => {
    gate({ origin: new EdgeApi('api', { handler }).call() });
  });
  expect(resource(graph, 'gate-worker').inputs.bindings).toContainEqual({
    name: 'ORIGIN',
    type: 'service',
    service: 'shop-test-api',
  });
});

test('has a counter of its own for its rate limit', async () => {
  const bindings = await bindingsOf({ rateLimit: { limit: 100 } });
  expect(bindings).toContainEqual({
    name: 'LIMIT',
    type: 'ratelimit',
    namespaceId: expect.stringMatching(/^[1-9]\d*$/) as unknown,
    simple: { limit: 100, period: 60 },
  });
});

test('answers on its domain', async () => {
  const graph = await graphOf(() => ({
    url: gate({ domain: { hostname: 'shop.example.com', zoneId: 'zone' } }).url,
  }));
  expect(graph.outputs.url).toBe('https://shop.example.com');
  expect(resource(graph, 'gate-workers-dev').inputs.enabled).toBe(false);
});

const experiment = (...shares: number[]) => ({
  checkout: Object.fromEntries(shares.map((share, index) => [`variant-${index}`, { share }])),
});

test.each<[Partial<EdgeGatewayArgs>, string]>([
  [
    { authorizer: { ...minimal.authorizer, scopes: { '/orders': [] } } },
    "'authorizer.scopes./orders' must hold at least one scope, got []; write ['orders:write'], for instance (gate)",
  ],
  [
    { authorizer: { ...minimal.authorizer, scopes: { '/catalog/admin': ['a'] } }, public: ['GET /catalog/*'] },
    "'authorizer.scopes' must not contain a path that is 'public', got '/catalog/admin'; no token is required there; remove it from one of the two (gate)",
  ],
  [
    { authorizer: { ...minimal.authorizer, scopes: { 'orders/*': ['a'] } } },
    "'authorizer.scopes' must be paths, optionally with a leading method and a trailing *, got 'orders/*'; write '/health' or 'GET /catalog/*' (gate)",
  ],
  [
    { authorizer: { ...minimal.authorizer, algorithms: [] } },
    "'authorizer.algorithms' must name at least one algorithm, got []; leave it out for all safe ones (gate)",
  ],
  [
    { authorizer: { ...minimal.authorizer, algorithms: ['HS256' as never] } },
    "'EdDSA', got 'HS256'; did you mean 'RS256'? (gate)",
  ],
  [
    { cors: { origins: ['https://shop.example.com/'] } },
    "'cors.origins' must be '*' or a scheme and a host without a path, got 'https://shop.example.com/'; write it as a browser sends it, such as 'https://shop.example.com' (gate)",
  ],
  ...['https://Shop.example.com', 'https://shop.example.com:443', 'https://me@shop.example.com'].map(
    (origin): [Partial<EdgeGatewayArgs>, string] => [
      { cors: { origins: [origin] } },
      `'cors.origins' must be '*' or a scheme and a host without a path, got '${origin}'; write it as a browser sends it`,
    ],
  ),
  [
    { cors: { origins: ['app://shop', 'http://localhost:3000'], maxAge: 86_401 } },
    "'cors.maxAge' must be a whole number of seconds up to a day, got 86401; set at most 86400, which no browser exceeds (gate)",
  ],
  [
    { cors: { origins: ['*'], credentials: true } },
    "'cors.credentials' must not be true with the origin '*', which browsers refuse, got true; name the origins in 'cors.origins', or leave 'cors.credentials' out (gate)",
  ],
  [
    { rateLimit: { limit: 10, perAddress: 9 } },
    "'rateLimit.perAddress' must be a whole number of requests, at least 'rateLimit.limit', got 9; many clients may share an address; leave it out to count clients only (gate)",
  ],
  [
    { origin: 'http://api.example.com' },
    "'origin' must be an https URL without a user or password, got 'http://api.example.com'; write 'https://api.example.com', for instance (gate)",
  ],
  [
    { domain: { hostname: 'api.example.com', zoneId: 'zone' } },
    "'origin' must not be a URL that the gateway itself serves ('domain', 'routes'): it would call itself endlessly",
  ],
  [
    { routes: [{ pattern: '*.example.com/*', zoneId: 'zone' }] },
    "'origin' must not be a URL that the gateway itself serves ('domain', 'routes'): it would call itself endlessly",
  ],
  [
    {
      domain: { hostname: 'eu.example.com', zoneId: 'zone' },
      geo: { origins: { EU: 'https://eu.example.com' } },
    },
    "'geo.origins.EU' must not be a URL that the gateway itself serves ('domain', 'routes'): it would call itself endlessly",
  ],
  [{ origin: 'https://user:secret@api.example.com' }, "'origin' must be an https URL without a user or password"],
  [{ origin: bind({ type: 'd1', databaseId: 'x' }) }, "'origin' must be a URL or a Worker, got 'd1'"],
  [
    { authorizer: { issuer: 'https://login.example.com' } as never },
    "'authorizer.audience' must be given, got nothing; name the audiences in the claim 'aud' of its tokens: ['shop']",
  ],
  [
    { authorizer: { issuer: 'https://login.example.com', audience: 'shop' } as never },
    "'authorizer.audience' must be a list, got 'shop'; write it as ['shop']",
  ],
  [
    { authorizer: { ...minimal.authorizer, issuer: 'login' } },
    "'authorizer.issuer' must be an https URL without a user or password",
  ],
  [{ authorizer: { ...minimal.authorizer, audience: [] } }, "'authorizer.audience' must name at least one audience"],
  [{ authorizer: 'none', public: ['/health'] }, "'public' has no effect with 'authorizer' 'none', got ['/health']"],
  [{ public: ['health'] }, "'public' must be paths, optionally with a leading method and a trailing *, got 'health'"],
  [{ public: ['/a/*/b'] }, "'public' must be paths, optionally with a leading method and a trailing *"],
  [
    { cache: { '/catalog/*': 60 } },
    "'cache' must be paths that are 'public', got '/catalog/*'; add it to 'public': cached responses are given to everyone (gate)",
  ],
  [{ public: ['POST /catalog/*'], cache: { '/catalog/*': 60 } }, "'cache' must be paths that are 'public'"],
  [
    { authorizer: 'none', cache: { '/catalog': 0 } },
    "'cache./catalog' must be a whole number of seconds, at least 1, got 0",
  ],
  [{ authorizer: 'none', cache: { 'POST /catalog': 1 } }, "'cache' must be GET paths only"],
  [
    { experiments: experiment(50, 40) },
    "'experiments.checkout' must have at least two variants whose shares add up to 100, got { variant-0: 50, variant-1: 40 }; set shares from 0 to 100; these add up to 90 (gate)",
  ],
  [
    { experiments: experiment(100) },
    "'experiments.checkout' must have at least two variants whose shares add up to 100, got { variant-0: 100 }; add a variant, or remove the experiment (gate)",
  ],
  [{ flags: { search: 101 } }, "'flags.search' must be a share from 0 to 100 percent, got 101"],
  [{ flags: { New_Search: 1 } }, "'flags.New_Search' must be named with lower-case letters, digits and dashes"],
  [{ geo: { block: ['Switzerland'] } }, "'geo.block' must be ISO 3166 country codes of two upper-case letters"],
  [{ geo: { block: ['CH'], allow: ['FR'] } }, "'geo.allow' must not be combined with 'geo.block'"],
  [{ geo: { origins: { EU: 'ftp://x' } } }, "'geo.origins.EU' must be an https URL without a user or password"],
  [{ rateLimit: { limit: 0 } }, "'rateLimit.limit' must be a whole number of requests, at least 1, got 0"],
  [{ rateLimit: { limit: 1, period: 30 } }, "'rateLimit.period' must be 10 or 60 seconds, got 30"],
])('refuses %j', async (args, message) => {
  expect(await refusal(() => gate(args))).toEqual([expect.stringContaining(message)]);
});

test('refuses to guess who may call', async () => {
  expect(await refusal(() => new EdgeGateway('gate', { origin: minimal.origin } as EdgeGatewayArgs))).toEqual([
    expect.stringContaining("'authorizer' must be 'none' or { issuer, audience }, got nothing; say who may call"),
  ]);
});

test('refuses more settings than a binding can hold', async () => {
  const headers = { set: { 'content-security-policy': 'x'.repeat(5000) } };
  expect(await refusal(() => gate({ headers }))).toEqual([
    expect.stringMatching(
      /^'experiments' and all other settings together must not exceed 5120 bytes of JSON, got 5\d{3};/,
    ),
  ]);
});
