import { once } from 'node:events';
import { WebSocket } from 'ws';
import { EdgeApi, EdgeGateway, type EdgeGatewayArgs } from 'lintel/edge';
import { type EdgeRequest, type EdgeRun, runEdgeLocally } from 'lintel/testing';
import { Issuer } from '../../examples/issuer';

const issuer = new Issuer('https://login.example.com');
/** One that no other gateway has asked. */
const cold = new Issuer('https://cold.example.com', 'RS256');
const origin = 'https://api.example.com';
const authorizer = { issuer: issuer.url, audience: ['shop'] };

interface Echo {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The origin: says what it got. */
let originIs = (request: Request): Response =>
  Response.json({ url: request.url, headers: Object.fromEntries(request.headers) } satisfies Echo, {
    headers: { server: 'nginx/1.0', 'x-powered-by': 'PHP', etag: '"1"' },
  });
const echo = originIs;

const gates: Readonly<Record<string, EdgeGatewayArgs>> = {
  closed: { origin: `${origin}/v1/`, authorizer, public: ['/health', 'GET /catalog/*'], cache: { '/catalog/*': 60 } },
  forged: { origin, authorizer: { issuer: 'https://other.example.com', audience: ['shop'] } },
  limited: { origin, authorizer, rateLimit: { limit: 3, period: 60 } },
  split: {
    origin,
    authorizer: 'none',
    experiments: {
      checkout: { plain: { share: 50 }, fancy: { share: 50, origin: 'https://fancy.example.com' } },
      button: { blue: { share: 100 }, red: { share: 0 } },
    },
    flags: { search: 30, all: 100, none: 0 },
  },
  local: {
    origin,
    authorizer: 'none',
    geo: { block: ['KP'], origins: { CH: 'https://ch.example.com', EU: 'https://eu.example.com' } },
    headers: { set: { 'X-Frame-Options': 'SAMEORIGIN' }, remove: ['ETag'] },
  },
  open: {
    origin,
    authorizer: {
      ...authorizer,
      algorithms: ['ES256'],
      claims: { email_verified: true, roles: ['buyer', 'seller'] },
      scopes: {
        '/orders': ['orders'],
        'POST /orders/*': ['orders', 'orders:write'],
        '/Admin/*': ['admin'],
        'HEAD /pages': ['look'],
      },
      cookie: 'session',
    },
    cors: { origins: ['https://app.example.com'], credentials: true, exposedHeaders: ['etag'], maxAge: 60 },
    rateLimit: { limit: 50, perAddress: 51 },
  },
  cold: { origin, authorizer: { issuer: cold.url, audience: ['shop'] } },
  warmer: { origin, authorizer: { issuer: cold.url, audience: ['shop'] } },
  anywhere: { origin, authorizer: 'none', cors: { origins: ['*'] } },
  fenced: { origin, authorizer: 'none', geo: { allow: ['CH'] } },
};

let run: EdgeRun;
beforeAll(async () => {
  await issuer.rotate('first');
  await cold.rotate('only');
  run = await runEdgeLocally(
    () => {
      for (const [name, args] of Object.entries(gates)) new EdgeGateway(name, args);
      const socket = new EdgeApi('socket', { handler: 'test/patterns/edge/workers/socket.ts', workersDev: false });
      const browsers = { ...authorizer, cookie: 'session', subprotocol: 'bearer' };
      new EdgeGateway('chat', { origin: socket.call(), authorizer: browsers });
      new EdgeGateway('pages', { origin, authorizer: browsers });
    },
    {
      config: { 'cloudflare:accountId': 'account' },
      onLog: () => undefined,
      outbound: async (request) => (await issuer.answer(request)) ?? (await cold.answer(request)) ?? originIs(request),
    },
  );
});
afterAll(() => run.stop());
beforeEach(() => {
  originIs = echo;
  issuer.up = true;
});

const ask = (gate: string, path = '/orders', request: EdgeRequest = {}) =>
  run.worker(gate).fetch(`https://shop.example.com${path}`, request);
const bearing = (token: string, more: Record<string, string> = {}): EdgeRequest => ({
  headers: { authorization: `Bearer ${token}`, ...more },
});
const echoed = async (answer: Response) => (await answer.json()) as Echo;

describe('tokens', () => {
  test('let a bearer through to the origin, which learns who it is', async () => {
    const answer = await ask('closed', '/orders?page=2', bearing(await issuer.token()));
    const { url, headers } = await echoed(answer);
    expect(url).toBe('https://api.example.com/v1/orders?page=2');
    expect(headers).toMatchObject({
      'x-auth-subject': 'ada',
      'x-forwarded-host': 'shop.example.com',
      'x-forwarded-proto': 'https',
    });
  });

  test('are needed', async () => {
    const answer = await ask('closed');
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(await answer.json()).toEqual({ status: 401, title: 'A token is needed' });
  });

  const hour = 3600;
  const now = Math.floor(Date.now() / 1000);
  test.each<[string, () => Promise<string>, string]>([
    ['has expired', () => issuer.token({ exp: now - hour }), 'it has expired'],
    ['never expires', () => issuer.token({ exp: undefined }), 'it does not say when it expires'],
    ['begins later', () => issuer.token({ nbf: now + hour }), 'it is not valid yet'],
    ['begins at no time', () => issuer.token({ nbf: 'soon' }), 'it is not valid yet'],
    ['is about an object', () => issuer.token({ sub: { id: 1 } }), 'its subject is not a string'],
    ['is about half a character', () => issuer.token({ sub: '\ud800' }), 'its subject is not a string'],
    ['is for another service', () => issuer.token({ aud: ['bank'] }), 'it is for another audience'],
    ['names another issuer', () => issuer.token({ iss: 'https://evil.example.com' }), 'it is from another issuer'],
    ['is not signed', () => issuer.token({}, { alg: 'none' }), "it is signed with 'none'"],
    ['is signed with a shared secret', () => issuer.token({}, { alg: 'HS256' }), "it is signed with 'HS256'"],
    [
      'is signed otherwise than it says',
      () => issuer.token({}, { alg: 'RS256' }),
      "its key is not one of the issuer's",
    ],
    ['is signed with two lines', () => issuer.token({}, { alg: 'a\nb' }), "it is signed with 'a\nb'"],
    ['asks for unknown rules', () => issuer.token({}, { crit: ['x'], x: 1 }), 'it requires an unsupported feature'],
    ['is not encoded', () => issuer.token({}, { crit: ['b64'], b64: false }), 'it cannot be read'],
    ['was changed', async () => forge(await issuer.token(), { sub: 'root' }), 'its signature is wrong'],
    ['is no token', () => Promise.resolve('hello'), 'it is not a signed token'],
    ['is no JSON', () => Promise.resolve('a.b.c'), 'it cannot be read'],
  ])('are refused when one %s', async (_, token, reason) => {
    const answer = await ask('closed', '/orders', bearing(await token()));
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual({ status: 401, title: `The token was refused: ${reason}` });
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  test('cannot be spoken for by a header', async () => {
    const forgery = {
      X_Auth_Subject: 'root',
      'x-auth-subject': 'root',
      'x-experiment-checkout': 'fancy',
      'x-flag-search': 'on',
    };
    const { headers } = await echoed(await ask('closed', '/health', { headers: forgery }));
    expect(Object.keys(headers).filter((name) => /^x.(auth|experiment|flag)./.test(name))).toEqual([]);
  });

  test('are not needed on public paths, nor to ask whether one may', async () => {
    expect((await ask('closed', '/health')).status).toBe(200);
    expect((await ask('closed', '/health/deep')).status).toBe(401);
    expect((await ask('closed', '/catalog/1', { method: 'DELETE' })).status).toBe(401);
    const preflight = { method: 'OPTIONS', headers: { 'access-control-request-method': 'POST' } };
    expect((await ask('closed', '/orders', preflight)).status).toBe(200);
    expect((await ask('closed', '/orders', { method: 'OPTIONS' })).status).toBe(401);
  });

  test.each([
    '/catalog/..%2forders',
    '/catalog/%2e%2e%2forders',
    '/catalog/..%5corders',
    '/catalog//orders',
    '/catalog/..;/orders',
    '/catalog/%252e%252e/orders',
  ])('are needed on %s, which an origin may read as another path', async (path) => {
    expect((await ask('closed', path)).status).toBe(401);
  });

  test('of a key that the issuer has begun to use are accepted, and the keys are not asked for each time', async () => {
    const before = issuer.asked;
    for (let times = 0; times < 5; times++) await ask('closed', '/orders', bearing(await issuer.token()));
    expect(issuer.asked).toBe(before);
    const old = await issuer.token();
    await issuer.rotate('second');
    // Whether a new key was published is asked at most every 30 seconds, so the clock of this gateway is a new one.
    expect((await ask('limited', '/orders', bearing(await issuer.token()))).status).toBe(200);
    expect((await ask('limited', '/orders', bearing(old))).status).toBe(401);
    const flood = issuer.asked;
    for (let times = 0; times < 5; times++) {
      await ask('limited', '/orders', bearing(await issuer.token({}, { kid: `made-up-${times}` })));
    }
    expect(issuer.asked - flood).toBeLessThanOrEqual(1);
  });

  test('cannot be judged while the issuer is away', async () => {
    const answer = await ask('forged', '/orders', bearing(await issuer.token()));
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('30');
  });
});

describe('what a token must say beside', () => {
  const verified = { email_verified: true, roles: ['buyer'] };
  const status = async (path: string, claims: object, method = 'GET') => {
    const { status, headers } = await ask('open', path, { method, ...bearing(await issuer.token({ ...claims })) });
    return `${status} ${headers.get('www-authenticate') ?? ''}`.trim();
  };

  test('are claims', async () => {
    expect(await status('/', verified)).toBe('200');
    expect(await status('/', { ...verified, roles: 'seller' })).toBe('200');
    for (const wrong of [
      { email_verified: 'true' },
      { email_verified: undefined },
      { roles: ['admin'] },
      { roles: [] },
    ])
      expect(await status('/', { ...verified, ...wrong })).toBe('403');
  });

  test.each([
    ['/orders', 'GET', 'orders', '200'],
    ['/orders', 'HEAD', 'orders', '200'],
    ['/orders', 'GET', '', '403 Bearer error="insufficient_scope", scope="orders"'],
    ['/orders/1', 'POST', 'orders', '403 Bearer error="insufficient_scope", scope="orders orders:write"'],
    ['/orders/1', 'POST', 'orders orders:write', '200'],
    ['/orders/1', 'GET', '', '200'],
    ['/admin/users', 'GET', '', '403 Bearer error="insufficient_scope", scope="admin"'],
    ['/ADMIN/users', 'GET', '', '403 Bearer error="insufficient_scope", scope="admin"'],
    ['/orders/', 'GET', '', '403 Bearer error="insufficient_scope", scope="orders"'],
    ['/orders;x', 'GET', '', '403 Bearer error="insufficient_scope", scope="orders admin"'],
    ['/orders%253bx', 'GET', '', '403 Bearer error="insufficient_scope", scope="orders admin"'],
    ['/pages', 'HEAD', '', '403 Bearer error="insufficient_scope", scope="look"'],
    ['/pages', 'GET', '', '200'],
    ['/admin', 'GET', '', '403 Bearer error="insufficient_scope", scope="admin"'],
    ['/admin-manual', 'GET', '', '200'],
    ['/%6frders', 'GET', '', '403 Bearer error="insufficient_scope", scope="orders"'],
    ['/x%252f..%252fadmin/users', 'GET', 'orders', '403 Bearer error="insufficient_scope", scope="orders admin"'],
  ])('are scopes: %s by %s with %j', async (path, method, scope, answer) => {
    expect(await status(path, { ...verified, scope }, method)).toBe(answer);
    expect(await status(path, { ...verified, scp: scope.split(' ') }, method)).toBe(answer);
  });
});

describe('pages of other sites', () => {
  const from = (page: string, more: EdgeRequest = {}) =>
    ask('open', '/', { ...more, headers: { origin: page, ...(more.headers as Record<string, string>) } });
  const cors = ({ headers }: Response) =>
    Object.fromEntries([...headers].filter(([name]) => /^(access-control-|vary)/.test(name)));

  test('are told what they may send, without the origin', async () => {
    originIs = () => new Response(null, { status: 500 });
    const asks = { method: 'OPTIONS', headers: { 'access-control-request-method': 'POST' } };
    const answer = await from('https://app.example.com', asks);
    expect(answer.status).toBe(204);
    expect(cors(answer)).toEqual({
      'access-control-allow-credentials': 'true',
      'access-control-allow-headers': 'authorization, content-type',
      'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
      'access-control-allow-origin': 'https://app.example.com',
      'access-control-expose-headers': 'etag',
      'access-control-max-age': '60',
      vary: 'Origin',
    });
    const evil = await from('https://evil.example.com', asks);
    expect([evil.status, cors(evil)]).toEqual([403, { vary: 'Origin' }]);
  });

  test('read refusals and errors, and nothing that only the origin allows', async () => {
    originIs = () => new Response(null, { headers: { 'access-control-allow-origin': '*' } });
    const allowed = { 'access-control-allow-origin': 'https://app.example.com' };
    const refused = await from('https://app.example.com');
    expect([refused.status, cors(refused)]).toMatchObject([401, allowed]);
    expect(cors(await from('https://evil.example.com'))).toEqual({ vary: 'Origin' });
    const any = await ask('anywhere', '/', { headers: { origin: 'https://x.example.com' } });
    expect(cors(any)).toEqual({ 'access-control-allow-origin': '*' });
  });

  test('use a cookie where they are named, and nowhere else', async () => {
    const token = await issuer.token({ email_verified: true, roles: ['buyer'] });
    const post = (page: string) => from(page, { method: 'POST', headers: { cookie: `session=${token}` } });
    expect((await post('https://app.example.com')).status).toBe(200);
    expect((await post('https://evil.example.com')).status).toBe(403);
  });
});

test('twenty who come at once to a cold gateway make the issuer answer once', async () => {
  const token = await cold.token();
  const all = await Promise.all(Array.from({ length: 20 }, () => ask('cold', '/orders', bearing(token))));
  expect(all.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  expect(cold.asked).toBe(1);
  cold.up = false;
  // Another isolate, in whose location the keys are kept.
  expect((await ask('warmer', '/orders', bearing(token))).status).toBe(200);
  expect((await ask('warmer', '/orders', bearing(await cold.token({}, { kid: 'made up' })))).status).toBe(401);
});

/** Changes the claims of a token and keeps its signature. */
function forge(token: string, claims: object): string {
  const [head, body = '', signature] = token.split('.');
  const changed = { ...(JSON.parse(Buffer.from(body, 'base64url').toString()) as object), ...claims };
  return `${head}.${Buffer.from(JSON.stringify(changed)).toString('base64url')}.${signature}`;
}

describe('rate limits', () => {
  test('are counted by the subject of the token, and by the address of those whose token is refused', async () => {
    const as = async (sub: string) => (await ask('limited', '/orders', bearing(await issuer.token({ sub })))).status;
    expect([await as('bob'), await as('bob'), await as('bob'), await as('bob')]).toEqual([200, 200, 200, 429]);
    expect(await as('eve')).toBe(200);
    const guess = async (address: string) =>
      (await ask('limited', '/orders', bearing('a.b.c', { 'cf-connecting-ip': address }))).status;
    const guesses = [];
    for (let times = 0; times < 4; times++) guesses.push(await guess('203.0.113.1'));
    expect(guesses).toEqual([401, 401, 401, 429]);
    expect(await guess('203.0.113.2')).toBe(401);
  });

  test('are counted by address beside, so that many subjects are no way around', async () => {
    const headers = { 'cf-connecting-ip': '2001:db8:1:2::1' };
    const as = async (sub: string) => {
      const claims = { sub, email_verified: true, roles: ['buyer'] };
      return (await ask('open', '/', bearing(await issuer.token(claims), headers))).status;
    };
    for (let times = 0; times < 51; times++) expect(await as(`subject ${times}`)).toBe(200);
    headers['cf-connecting-ip'] = '2001:db8:1:2:3::9';
    expect(await as('another')).toBe(429);
    headers['cf-connecting-ip'] = '2001:db8:1:3::1';
    expect(await as('another')).toBe(200);
  });
});

describe('experiments and flags', () => {
  const visit = async (cookie?: string) => {
    const answer = await ask('split', '/cart', cookie ? { headers: { cookie } } : {});
    const { url, headers } = await echoed(answer);
    return { url, variant: headers['x-experiment-checkout'], headers, cookie: answer.headers.get('set-cookie') };
  };

  test('stay with a client', async () => {
    const first = await visit();
    expect(first.cookie).toMatch(
      /^lintel-visitor=[0-9a-f-]{36}; Path=\/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax$/,
    );
    const id = first.cookie!.split(';')[0];
    for (let times = 0; times < 5; times++) {
      const again = await visit(`theme=dark; ${id}`);
      expect([again.variant, again.headers['x-flag-search'], again.cookie]).toEqual([
        first.variant,
        first.headers['x-flag-search'],
        null,
      ]);
    }
  });

  test('are between the gateway and one client, whatever the origin says', async () => {
    originIs = () =>
      Response.json({}, { headers: { 'cache-control': 'public, max-age=600', 'cdn-cache-control': 'public' } });
    const { headers } = await ask('split', '/cart');
    expect([headers.get('cache-control'), headers.get('cdn-cache-control')]).toEqual(['private, no-cache', null]);
  });

  test('lead a variant to its own origin, and tell the origin what was decided', async () => {
    const visits = await Promise.all(Array.from({ length: 40 }, () => visit()));
    expect(new Set(visits.map(({ variant }) => variant))).toEqual(new Set(['plain', 'fancy']));
    for (const { variant, url, headers } of visits) {
      expect(url).toBe(variant === 'fancy' ? 'https://fancy.example.com/cart' : 'https://api.example.com/cart');
      expect(headers).toMatchObject({ 'x-experiment-button': 'blue', 'x-flag-all': 'on', 'x-flag-none': 'off' });
    }
  });
});

describe('places', () => {
  const from = (gate: string, cf: Record<string, string>) => ask(gate, '/', { cf });

  test('have origins of their own, the country before the continent', async () => {
    const urls = async (cf: Record<string, string>) => (await echoed(await from('local', cf))).url;
    expect(await urls({ country: 'CH', continent: 'EU' })).toBe('https://ch.example.com/');
    expect(await urls({ country: 'FR', continent: 'EU' })).toBe('https://eu.example.com/');
    expect(await urls({ country: 'US', continent: 'NA' })).toBe('https://api.example.com/');
  });

  test('are turned away or let in', async () => {
    const blocked = await from('local', { country: 'KP' });
    expect(blocked.status).toBe(403);
    expect(blocked.headers.get('content-type')).toBe('application/problem+json');
    expect((await from('fenced', { country: 'FR' })).status).toBe(403);
    expect((await from('fenced', { country: 'CH' })).status).toBe(200);
  });
});

test('a WebSocket goes through to a Worker behind the gateway, with a token only', async () => {
  const url = run.worker('chat').url.replace('http', 'ws');
  const stranger = new WebSocket(url);
  const [, refused] = (await once(stranger, 'unexpected-response')) as [unknown, { statusCode: number }];
  expect(refused.statusCode).toBe(401);
  stranger.on('error', () => undefined).terminate();

  const socket = new WebSocket(url, { headers: { authorization: `Bearer ${await issuer.token()}` } });
  await once(socket, 'open');
  socket.send('hello');
  const [answer] = (await once(socket, 'message')) as [Buffer];
  expect(answer.toString()).toBe('ada: hello');
  socket.terminate();
});

test('a browser opens a WebSocket with its token as a subprotocol, and from a page of the gateway with its cookie', async () => {
  const url = run.worker('chat').url.replace('http', 'ws');
  const token = await issuer.token();
  const own = { headers: { cookie: `session=${token}` }, origin: run.worker('chat').url.replace(/\/$/, '') };
  for (const open of [() => new WebSocket(url, ['bearer', token]), () => new WebSocket(url, own)]) {
    const socket = open();
    await once(socket, 'open');
    socket.send('hello');
    const [answer] = (await once(socket, 'message')) as [Buffer];
    expect(answer.toString()).toBe('ada: hello');
    socket.terminate();
  }
  const foreign = new WebSocket(url, { ...own, origin: 'https://evil.example.com' });
  const [, refused] = (await once(foreign, 'unexpected-response')) as [unknown, { statusCode: number }];
  expect(refused.statusCode).toBe(403);
  foreign.on('error', () => undefined).terminate();
});

test('a token in a cookie is as good as one in the header, but not for pages of other sites', async () => {
  const cookie = `theme=dark; session=${await issuer.token()}`;
  const { headers } = await echoed(await ask('pages', '/orders', { headers: { cookie } }));
  expect(headers).toMatchObject({ cookie: 'theme=dark', 'x-auth-subject': 'ada' });
  expect(headers.authorization).toMatch(/^Bearer /);
  const nobody = `session=${await issuer.token({ sub: undefined })}`;
  const service = await echoed(await ask('pages', '/orders', { headers: { cookie: nobody } }));
  expect(service.headers).toMatchObject({ authorization: expect.stringMatching(/^Bearer /) as string });
  expect(service.headers).not.toHaveProperty('cookie');
  const post = async (from?: string) =>
    (await ask('pages', '/orders', { method: 'POST', headers: { cookie, ...(from && { origin: from }) } })).status;
  expect([await post('https://shop.example.com'), await post('https://evil.example.com'), await post()]).toEqual([
    200, 403, 403,
  ]);
  expect((await ask('closed', '/orders', { headers: { cookie } })).status).toBe(401);
});

describe('responses', () => {
  test('make browsers careful and tell nothing of the origin', async () => {
    const { headers } = await ask('closed', '/health');
    expect(Object.fromEntries(headers)).toMatchObject({
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'strict-origin-when-cross-origin',
      etag: '"1"',
    });
    expect([headers.get('server'), headers.get('x-powered-by')]).toEqual([null, null]);
  });

  test('make browsers careful when they are refusals as well', async () => {
    const { status, headers } = await ask('closed');
    expect([status, headers.get('x-content-type-options')]).toEqual([401, 'nosniff']);
  });

  test('are changed as the program says', async () => {
    const { headers } = await ask('local', '/');
    expect([headers.get('x-frame-options'), headers.get('etag')]).toEqual(['SAMEORIGIN', null]);
  });

  test('send clients on at the gateway, not past it', async () => {
    originIs = (request) => Response.redirect(new URL('/v1/login', request.url).href, 302);
    const answer = await ask('closed', '/health', { redirect: 'manual' } as EdgeRequest);
    expect(answer.headers.get('location')).toBe('https://shop.example.com/login');
  });

  test('say that the origin leads back', async () => {
    expect((await ask('closed', '/health', { headers: { 'x-lintel-hops': '3' } })).status).toBe(508);
  });

  test('say that the origin failed', async () => {
    originIs = () => {
      throw new Error('no route to host');
    };
    expect((await ask('closed', '/health')).status).toBeGreaterThanOrEqual(500);
  });
});

describe('the cache', () => {
  let served = 0;
  const serving = (headers: Record<string, string> = {}) => {
    originIs = (request) => Response.json({ served: ++served, got: [...request.headers.keys()] }, { headers });
  };
  const state = async (path: string, request: EdgeRequest = {}) => {
    const answer = await ask('closed', path, request);
    return `${answer.headers.get('x-cache')} ${((await answer.json()) as { served: number }).served}`;
  };

  test('keeps what is for everybody, by address', async () => {
    serving();
    served = 0;
    expect(await state('/catalog/1')).toBe('MISS 1');
    expect(await state('/catalog/1')).toBe('HIT 1');
    expect(await state('/catalog/1?lang=de')).toBe('MISS 2');
    expect(await state('/catalog/2')).toBe('MISS 3');
    const head = await ask('closed', '/catalog/1', { method: 'HEAD' });
    expect([head.headers.get('x-cache'), await head.text()]).toEqual(['HIT', '']);
    const other = await run.worker('closed').fetch('https://other.example.com/catalog/1');
    expect(other.headers.get('x-cache')).toBe('MISS');
  });

  test('asks without what could make the answer personal', async () => {
    serving();
    const headers = { authorization: `Bearer ${await issuer.token()}`, cookie: 'session=1' };
    const { got } = (await (await ask('closed', '/catalog/personal', { headers })).json()) as { got: string[] };
    expect(got).not.toEqual(expect.arrayContaining(['authorization']));
    expect(got).not.toEqual(expect.arrayContaining(['cookie']));
  });

  test.each([
    ['sets a cookie', { 'set-cookie': 'session=1' }],
    ['is private', { 'cache-control': 'private' }],
    ['is private in other letters', { 'cache-control': 'public, Private' }],
    ['is old at once', { 'cache-control': 'public, max-age=0' }],
    ['differs by language', { vary: 'Accept-Encoding, Accept-Language' }],
  ])('keeps nothing that %s', async (name, headers) => {
    serving(headers);
    served = 0;
    const path = `/catalog/${encodeURIComponent(name)}`;
    expect([await state(path), await state(path)]).toEqual(['MISS 1', 'MISS 2']);
  });
});
