import fc from 'fast-check';
import { cached, keptFor } from '../../lib/edge/workers/gateway/cache';
import { networkOf } from '../../lib/edge/workers/gateway/client';
import { asSeenFromOutside, goesRound, requestTo } from '../../lib/edge/workers/gateway/origin';
import { matches } from '../../lib/edge/workers/gateway/paths';

const ORIGIN = 'https://api.example.com/v1';
const nothing = { variants: {}, flags: {} };

/** A shared cache as simple as can be: one answer for one address. */
let kept: Map<string, Response>;
let fails: boolean;
beforeEach(() => {
  kept = new Map();
  fails = false;
});
const keeping = {
  waitUntil: (work: Promise<unknown>) => void work,
  cache: {
    match: (key: Request) =>
      fails ? Promise.reject(new Error('no cache')) : Promise.resolve(kept.get(key.url)?.clone()),
    put: async (key: Request, answer: Response) => {
      if (fails) throw new TypeError('cannot be cached');
      kept.set(key.url, new Response(await answer.text(), answer));
    },
  },
};

/** The origin tells everything that it was told. */
const echo = (request: Request, headers: Record<string, string> = {}) =>
  Promise.resolve(Response.json({ url: request.url, got: [...request.headers].sort() }, { headers }));

const send = async (address: string, init: RequestInit = {}, assignment = nothing, answer = echo) => {
  const request = new Request(address, init);
  const outgoing = requestTo(ORIGIN, request, assignment, undefined);
  const response = await cached({ '/c/*': 60 }, new URL(address).pathname, outgoing, keeping, answer);
  await new Promise((resolve) => setImmediate(resolve));
  return {
    state: response.headers.get('x-cache'),
    text: await response.text(),
    fresh: await (await answer(outgoing)).text(),
  };
};

test('no client sees an answer that was made for another one: whatever reaches the origin is a part of the key', async () => {
  const header = fc.tuple(
    fc.constantFrom(
      'accept',
      'accept-language',
      'cookie',
      'authorization',
      'origin',
      'range',
      'x-tenant',
      'x_forwarded_host',
      'X-Forwarded-Host',
      'x-auth-subject',
      'x-experiment-a',
      'forwarded',
      'if-none-match',
      'user-agent',
    ),
    fc.constantFrom('one', 'two', 'evil.example.com'),
  );
  const client = fc.record({
    host: fc.constantFrom('shop.example.com', 'other.example.com'),
    path: fc.constantFrom('/c/1', '/c/1?a=1', '/c/2', '/c/1?lintel-headers=x'),
    headers: fc.array(header, { maxLength: 4 }),
    variant: fc.constantFrom('plain', 'fancy'),
    method: fc.constantFrom('GET', 'HEAD'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(client, { minLength: 2, maxLength: 6 }), async (clients) => {
      kept.clear();
      for (const { host, path, headers, variant, method } of clients) {
        const assignment = { variants: { a: variant }, flags: {} };
        const { text } = await send(`https://${host}${path}`, { headers, method }, assignment);
        if (method === 'HEAD') continue;
        // What a client of this host and variant gets who sends nothing else.
        const plain = requestTo(ORIGIN, new Request(`https://${host}${path}`), assignment, undefined);
        const alone = await cached({}, path, plain, keeping, (request) => echo(request));
        expect(JSON.parse(text)).toEqual(await alone.json());
      }
    }),
    { numRuns: 150 },
  );
});

const of = (headers: Record<string, string>, status = 200) => keptFor(new Response(null, { status, headers }), 60);
test.each<[string, Record<string, string>, number]>([
  ['nothing', {}, 60],
  ['private', { 'cache-control': 'private' }, 0],
  ['private with names', { 'cache-control': 'Private="Set-Cookie", max-age=60' }, 0],
  ['private in capitals', { 'cache-control': 'max-age=60, PRIVATE' }, 0],
  ['no-store without a space', { 'cache-control': 'public,NO-STORE' }, 0],
  ['private to another kind of cache', { 'cdn-cache-control': 'private' }, 0],
  ['no-cache of old', { pragma: 'No-Cache' }, 0],
  ['no age', { 'cache-control': 'public, max-age=0' }, 0],
  ['no age for shared caches', { 'cache-control': 's-maxage=0, max-age=600' }, 0],
  ['an age that is none', { 'cache-control': 'max-age=soon' }, 0],
  ['a shorter age', { 'cache-control': 'max-age=20' }, 20],
  ['an age that has passed in part', { 'cache-control': 'max-age=20', age: '15' }, 5],
  ['a longer age', { 'cache-control': 'max-age=6000' }, 60],
  ['an extension of the name', { 'cache-control': 'x-private-beta, max-age=30' }, 30],
  ['a day in the past', { expires: 'Thu, 01 Jan 1970 00:00:00 GMT' }, 0],
  ['a day that is none', { expires: '0' }, 0],
  ['a cookie', { 'set-cookie': 'a=1' }, 0],
  ['a question for a password', { 'www-authenticate': 'Basic' }, 0],
  ['all to vary', { vary: '*' }, 0],
  ['language to vary', { vary: 'Accept-Encoding,Accept-Language' }, 0],
  ['encoding to vary', { vary: 'Accept-Encoding' }, 60],
])('an answer whose origin says %s is kept for its seconds', (_what, headers, seconds) => {
  expect(of(headers)).toBe(seconds);
});

test('an answer that is no plain success is not kept', () => {
  expect([206, 301, 404, 500].map((status) => of({}, status))).toEqual([0, 0, 0, 0]);
});

test('HEAD is answered from what GET left, and leaves nothing', async () => {
  expect((await send('https://shop.example.com/c/1', { method: 'HEAD' })).state).toBe('MISS');
  expect((await send('https://shop.example.com/c/1')).state).toBe('MISS');
  expect(await send('https://shop.example.com/c/1', { method: 'HEAD' })).toMatchObject({ state: 'HIT', text: '' });
});

test('a cache that fails is no failure of the answer', async () => {
  fails = true;
  expect((await send('https://shop.example.com/c/1')).state).toBe('MISS');
});

test('a client cannot speak for the gateway, in no spelling', () => {
  const forged = [
    'X_Auth_Subject',
    'x-auth_subject',
    'X_Flag_A',
    'Forwarded',
    'X-Forwarded-For',
    'x_forwarded_host',
    'X-Original-URL',
    'X-Rewrite-URL',
    'X-HTTP-Method-Override',
    'x-real-ip',
    'True-Client-IP',
    'X-Host',
  ];
  const headers = { ...Object.fromEntries(forged.map((name) => [name, 'forged'])), 'cf-connecting-ip': '203.0.113.9' };
  const outgoing = requestTo(ORIGIN, new Request('https://shop.example.com/a', { headers }), nothing, 'ada');
  expect([...outgoing.headers.values()]).not.toContain('forged');
  expect(Object.fromEntries(outgoing.headers)).toMatchObject({
    'x-auth-subject': 'ada',
    'x-forwarded-for': '203.0.113.9',
    'x-forwarded-host': 'shop.example.com',
    'x-forwarded-proto': 'https',
  });
});

const bookmark = `0000000a-00000001-00000000-${'0'.repeat(32)}`;

test('who goes on with a session of a database is answered by the origin, and its answer is for nobody else', async () => {
  const carried = (headers: RequestInit['headers']) => send('https://shop.example.com/c/1', { headers });
  const plain = { 'cache-control': 'public, max-age=60', 'x-d1-bookmark': bookmark };
  expect(keptFor(new Response('', { headers: plain }), 60)).toBe(0);
  expect((await carried({})).state).toBe('MISS');
  const inSession: RequestInit['headers'][] = [
    { 'x-d1-bookmark': bookmark },
    { 'x-d1-bookmark-orders': bookmark },
    { cookie: `a=b; __Host-d1-bookmark=${bookmark}` },
    { cookie: `X-D1-Bookmark=${bookmark}; a=b` },
  ];
  for (const headers of inSession) {
    expect(await carried(headers)).toMatchObject({
      state: 'BYPASS',
      text: expect.stringContaining(bookmark) as unknown,
    });
  }
  const others: RequestInit['headers'][] = [
    { 'x-d1-bookmark': 'x' },
    { cookie: 'd1-bookmark=x' },
    { cookie: `other-d1-bookmark=${bookmark}` },
  ];
  for (const headers of others) {
    expect(await carried(headers)).toMatchObject({ state: 'HIT' });
  }
});

test('a request that comes back through its own origin ends, and a client cannot make it go longer', () => {
  const begun = new Request('https://shop.example.com/', { headers: { 'x-lintel-hops': '-1000' } });
  let request = begun;
  for (let hop = 0; hop < 3; hop++) {
    expect(goesRound(request)).toBe(false);
    request = requestTo('https://shop.example.com', request, nothing, undefined);
  }
  expect(goesRound(request)).toBe(true);
});

test.each([
  ['https://api.example.com/v1/orders/1?x=1#y', 'https://shop.example.com/orders/1?x=1#y'],
  ['/v1/orders/1', 'https://shop.example.com/orders/1'],
  ['https://api.example.com/v1', 'https://shop.example.com/'],
  ['https://api.example.com/admin', 'https://api.example.com/admin'],
  ['https://login.example.com/', 'https://login.example.com/'],
  ['2', 'https://shop.example.com/orders/2'],
  ['https://', 'https://'],
])('where the origin sends a client, %s, is where the gateway has it', (location, seen) => {
  expect(asSeenFromOutside(location, ORIGIN, new Request('https://shop.example.com/orders/1'))).toBe(seen);
});

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:0001:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  [null, 'unknown'],
])('%s is counted as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test.each(['/c/%252e%252e/admin', '/c/%25252fadmin', '/c/%2500', '/c/..%253badmin'])('%s is no public path', (path) => {
  expect(matches(['/c/*'], 'GET', path)).toBeUndefined();
});

test('HEAD may ask for what GET may', () => {
  expect(matches(['GET /c/*'], 'HEAD', '/c/1')).toBe('GET /c/*');
  expect(matches(['GET /c/*'], 'POST', '/c/1')).toBeUndefined();
});
