import { type Jwk, Keys, KeysUnavailable } from '../../lib/edge/workers/gateway/keys';

const minute = 60_000;
let published: { kid: string; use?: string }[] | undefined;
let asked: string[];
let keys: Keys;
/** The cache of the location, in which other isolates find what one has kept. */
let kept: Map<string, Response>;
const around = {
  waitUntil: (work: Promise<unknown>) => void work,
  store: {
    match: async (key: Request) => kept.get(key.url)?.clone(),
    put: async (key: Request, answer: Response) => void kept.set(key.url, answer),
  },
};

/** The key of an id. */
async function find(kid: string | undefined, now: number, from = keys): Promise<Jwk | undefined> {
  const set = await from.find(kid, now, around);
  return kid === undefined ? set.keys[0] : set.keys.find((key) => key.kid === kid);
}

beforeEach(() => {
  published = [{ kid: 'first' }];
  asked = [];
  kept = new Map();
  keys = new Keys('https://login.example.com/', undefined);
  jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (url) => {
    asked.push(String(url));
    if (!published) return new Response('', { status: 500 });
    return Response.json(
      String(url).endsWith('configuration') ? { jwks_uri: 'https://login.example.com/keys' } : { keys: published },
    );
  });
});
afterEach(() => jest.restoreAllMocks());

test('finds the keys by the metadata of the issuer, once', async () => {
  expect(await find('first', 0)).toEqual({ kid: 'first' });
  expect(await find('first', minute)).toEqual({ kid: 'first' });
  expect(asked).toEqual([
    'https://login.example.com/.well-known/openid-configuration',
    'https://login.example.com/keys',
  ]);
});

test('takes a new key as soon as one is used, and asks for an unknown one every 30 seconds at most', async () => {
  await find('first', 0);
  published = [{ kid: 'second' }];
  expect(await find('second', 29_000)).toBeUndefined();
  expect(await find('second', 31_000)).toEqual({ kid: 'second' });
  const before = asked.length;
  for (let at = 31_000; at < 60_000; at += 1000) await find('made up', at);
  expect(asked).toHaveLength(before);
});

test('forgets a key that the issuer withdrew, after 10 minutes', async () => {
  await find('first', 0);
  published = [{ kid: 'second' }];
  expect(await find('first', 9 * minute)).toEqual({ kid: 'first' });
  expect(await find('first', 11 * minute)).toBeUndefined();
});

test('goes on with the keys it has while the issuer is away, for a day', async () => {
  await find('first', 0);
  published = undefined;
  expect(await find('first', 23 * 60 * minute)).toEqual({ kid: 'first' });
  await expect(find('first', 25 * 60 * minute)).rejects.toThrow(KeysUnavailable);
});

test('cannot judge when it never had keys, and asks again after a second', async () => {
  published = undefined;
  await expect(find('first', 0)).rejects.toThrow(KeysUnavailable);
  await expect(find('first', 500)).rejects.toThrow(KeysUnavailable);
  expect(asked).toHaveLength(1);
  published = [{ kid: 'first' }];
  expect(await find('first', 1500)).toEqual({ kid: 'first' });
});

test('takes a token without a key id when the issuer has one key, and no key for encryption', async () => {
  published = [{ kid: 'only' }, { kid: 'other', use: 'enc' }];
  expect(await find(undefined, 0)).toEqual({ kid: 'only' });
  expect(await find('other', minute)).toBeUndefined();
});

test('asks once for all who come while the first one waits', async () => {
  const found = await Promise.all(Array.from({ length: 20 }, (_, at) => find('first', at)));
  expect(found).toEqual(Array.from({ length: 20 }, () => ({ kid: 'first' })));
  expect(asked).toHaveLength(2);
});

test('asks itself where the one that asked has died', async () => {
  jest.useFakeTimers({ now: 0 });
  jest.mocked(fetch).mockImplementationOnce(() => new Promise(() => undefined));
  const first = find('first', 0);
  const second = find('first', 1);
  await jest.advanceTimersByTimeAsync(10_000);
  expect(await second).toEqual({ kid: 'first' });
  void first;
  jest.useRealTimers();
});

test('takes a new key from all who use it first', async () => {
  await find('first', 0);
  published = [{ kid: 'second' }];
  const found = await Promise.all([find('second', minute), find('second', minute)]);
  expect(found).toEqual([{ kid: 'second' }, { kid: 'second' }]);
  expect(asked).toHaveLength(4);
});

describe('the cache of the location', () => {
  const another = () => new Keys('https://login.example.com/', undefined);

  test('gives another isolate the keys, at an address that no visitor can ask for', async () => {
    await find('first', 0);
    expect(await find('first', minute, another())).toEqual({ kid: 'first' });
    expect(asked).toHaveLength(2);
    expect([...kept.keys()]).toEqual(['https://keys.lintel.invalid/?issuer=https%3A%2F%2Flogin.example.com%2F&keys=']);
  });

  test('is asked for last keys while the issuer is away, for a day', async () => {
    await find('first', 0);
    published = undefined;
    expect(await find('first', 60 * minute, another())).toEqual({ kid: 'first' });
    await expect(find('first', 25 * 60 * minute, another())).rejects.toThrow(KeysUnavailable);
  });

  test('does not keep an isolate from a key that it has not', async () => {
    await find('first', 0);
    published = [{ kid: 'second' }];
    expect(await find('second', minute, another())).toEqual({ kid: 'second' });
  });

  test('may fail, or hold nonsense', async () => {
    kept.set('https://keys.lintel.invalid/?issuer=https%3A%2F%2Flogin.example.com%2F&keys=', new Response('<html>'));
    expect(await find('first', 0)).toEqual({ kid: 'first' });
    const none = { waitUntil: around.waitUntil, store: { match: fails, put: fails } };
    expect(await another().find('first', 0, none)).toMatchObject({ keys: [{ kid: 'first' }] });
  });
  const fails = () => Promise.reject(new Error('no cache'));
});

test('refuses an answer that no issuer gives', async () => {
  jest
    .mocked(fetch)
    .mockImplementation(async (url) =>
      String(url).endsWith('configuration')
        ? Response.json({ jwks_uri: 'https://login.example.com/keys' })
        : new Response(JSON.stringify({ keys: [{ kid: 'a'.repeat(256_000) }] })),
    );
  await expect(find('first', 0)).rejects.toThrow(KeysUnavailable);
  jest.mocked(fetch).mockImplementation(async () => Response.json({ jwks_uri: 'http://login.example.com/keys' }));
  await expect(find('first', minute)).rejects.toThrow(KeysUnavailable);
});

test('leaves out what is no key', async () => {
  published = [null, 'text', { kid: 'first' }] as never;
  expect(await keys.find('first', 0, around)).toMatchObject({ keys: [{ kid: 'first' }] });
});
