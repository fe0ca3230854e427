import { Keys, KeysUnavailable } from '../../lib/edge/workers/gateway/keys';

const minute = 60_000;
let published: { kid: string; use?: string }[] | undefined;
let asked: string[];
let keys: Keys;

beforeEach(() => {
  published = [{ kid: 'first' }];
  asked = [];
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
  expect(await keys.find('first', 0)).toEqual({ kid: 'first' });
  expect(await keys.find('first', minute)).toEqual({ kid: 'first' });
  expect(asked).toEqual([
    'https://login.example.com/.well-known/openid-configuration',
    'https://login.example.com/keys',
  ]);
});

test('takes a new key as soon as one is used, and asks for an unknown one every 30 seconds at most', async () => {
  await keys.find('first', 0);
  published = [{ kid: 'second' }];
  expect(await keys.find('second', 29_000)).toBeUndefined();
  expect(await keys.find('second', 31_000)).toEqual({ kid: 'second' });
  const before = asked.length;
  for (let at = 31_000; at < 60_000; at += 1000) await keys.find('made up', at);
  expect(asked).toHaveLength(before);
});

test('forgets a key that the issuer withdrew, after 10 minutes', async () => {
  await keys.find('first', 0);
  published = [{ kid: 'second' }];
  expect(await keys.find('first', 9 * minute)).toEqual({ kid: 'first' });
  expect(await keys.find('first', 11 * minute)).toBeUndefined();
});

test('goes on with the keys it has while the issuer is away, for a day', async () => {
  await keys.find('first', 0);
  published = undefined;
  expect(await keys.find('first', 23 * 60 * minute)).toEqual({ kid: 'first' });
  await expect(keys.find('first', 25 * 60 * minute)).rejects.toThrow(KeysUnavailable);
});

test('cannot judge when it never had keys, and asks again after a second', async () => {
  published = undefined;
  await expect(keys.find('first', 0)).rejects.toThrow(KeysUnavailable);
  await expect(keys.find('first', 500)).rejects.toThrow(KeysUnavailable);
  expect(asked).toHaveLength(1);
  published = [{ kid: 'first' }];
  expect(await keys.find('first', 1500)).toEqual({ kid: 'first' });
});

test('takes a token without a key id when the issuer has one key, and no key for encryption', async () => {
  published = [{ kid: 'only' }, { kid: 'other', use: 'enc' }];
  expect(await keys.find(undefined, 0)).toEqual({ kid: 'only' });
  expect(await keys.find('other', minute)).toBeUndefined();
});

test('lets in everybody who comes while the first one asks for the keys', async () => {
  const found = await Promise.all([keys.find('first', 0), keys.find('first', 1), keys.find('first', 2)]);
  expect(found).toEqual([{ kid: 'first' }, { kid: 'first' }, { kid: 'first' }]);
});

test('takes a new key from all who use it first', async () => {
  await keys.find('first', 0);
  published = [{ kid: 'second' }];
  const found = await Promise.all([keys.find('second', minute), keys.find('second', minute)]);
  expect(found).toEqual([{ kid: 'second' }, { kid: 'second' }]);
});
