import { EdgeApi, EdgeDatabase, EdgeGateway } from 'lintel/edge';
import type { EdgeRun } from '../../../lib/testing/edge/edge-run';
import { runEdgeLocally } from '../../../lib/testing/edge/run-edge-locally';

const config = { 'cloudflare:accountId': 'account' };
const handler = 'test/testing/edge/workers/replicated.ts';

let run: EdgeRun;
beforeAll(async () => {
  run = await runEdgeLocally(
    () => {
      const db = new EdgeDatabase('db', { migrations: 'test/testing/edge/replicated' });
      const api = new EdgeApi('api', { handler, access: { DB: db.readWrite({ consistency: 'session' }) } });
      new EdgeGateway('gate', { origin: api.call(), authorizer: 'none', cache: { '/orders': 60 } });
    },
    { config, onLog: () => undefined },
  );
});
afterAll(() => run.stop());

interface Listed {
  readonly ids: readonly string[];
  readonly primary: boolean;
}

async function ask(path: string, request: RequestInit = {}, worker = 'api') {
  const answer = await run.worker(worker).fetch(path, request);
  const text = await answer.text();
  const cookie = answer.headers.get('set-cookie')?.split(';')[0];
  return {
    ...(answer.ok && text.startsWith('{') ? (JSON.parse(text) as Listed) : {}),
    text,
    cookie,
    headers: answer.headers,
  };
}

/** Writes an order, and gives the cookie of who wrote it. */
async function place(id: string): Promise<string> {
  return (await ask('/orders', { method: 'POST', body: id })).cookie!;
}

/** What the run itself writes is in the copies before they are read again. */
const catchUp = () => run.database('db').query('UPDATE orders SET id = id');

test('a copy has what the migrations and the test wrote, and answers who has not written', async () => {
  await run.database('db').query("INSERT INTO orders VALUES ('of the test')");
  expect(await ask('/orders')).toMatchObject({ ids: ['first', 'of the test'], primary: false });
});

test('a client sees what it wrote; others see it when the copies have caught up', async () => {
  await catchUp();
  const cookie = await place('mine');
  expect(await ask('/orders', { headers: { cookie } })).toMatchObject({
    ids: expect.arrayContaining(['mine']) as unknown,
    primary: true,
  });
  expect((await ask('/orders')).ids).not.toContain('mine');
  expect((await ask('/plain')).ids).toContain('mine');
  await catchUp();
  expect(await ask('/orders', { headers: { cookie } })).toMatchObject({
    ids: expect.arrayContaining(['mine']) as unknown,
    primary: false,
  });
});

test('a write begins at the primary, so that what it reads first is new', async () => {
  await place('before');
  const { ids } = await ask('/orders', { method: 'POST', body: 'after' });
  expect(ids).toEqual(expect.arrayContaining(['before', 'after']));
});

test('a bookmark that is none is dropped, and the primary answers', async () => {
  await place('hidden');
  for (const bad of ['x', '', "'; DROP TABLE orders", '00000000-00000001-00000000-0']) {
    expect(await ask('/orders', { headers: { cookie: `__Host-d1-bookmark=${bad}` } })).toMatchObject({ primary: true });
  }
});

test('refuses a bookmark that is none where code hands it on unchecked', async () => {
  expect((await ask('/raw?bookmark=x')).text).toBe("Error: D1_ERROR: local run: 'x' is not a bookmark");
});

test('an answer with a bookmark is for its client alone, by cookie or header; one before any query is as it was', async () => {
  const byCookie = await ask('/orders');
  expect(byCookie.headers.get('cache-control')).toBe('private, no-cache');
  expect(byCookie.headers.get('set-cookie')).toMatch(
    /^__Host-d1-bookmark=[0-9a-f]{8}(-[0-9a-f]{8}){2}-[0-9a-f]{32}; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  );
  const { headers } = await ask('/orders?header');
  expect(headers.get('x-d1-bookmark')).toMatch(/^[0-9a-f-]{59}$/);
  expect([headers.get('cache-control'), headers.has('set-cookie')]).toEqual(['private, no-cache', false]);
  const none = await ask('/none');
  expect([none.headers.has('set-cookie'), none.headers.has('cache-control')]).toEqual([false, false]);
});

test('no client ever sees less than it saw or wrote, whoever writes in between', async () => {
  const clients = [0, 1, 2].map(() => ({ cookie: '', saw: [] as readonly string[] }));
  let stale = 0;
  for (let step = 0; step < 60; step++) {
    const client = clients[(step * 7) % 3]!;
    const isWrite = step % 4 === 0;
    const headers = { cookie: client.cookie };
    const request = isWrite ? { method: 'POST', body: `step ${step}`, headers } : { headers };
    const { ids, cookie, primary } = await ask('/orders', request);
    expect(ids).toEqual(expect.arrayContaining([...client.saw, ...(isWrite ? [`step ${step}`] : [])]));
    if (!primary) stale++;
    Object.assign(client, { cookie, saw: ids });
    if (step % 10 === 9) await catchUp();
  }
  // Copies did answer, or nothing was shown.
  expect(stale).toBeGreaterThan(5);
});

test('a database of which no copy can be made is read at the primary, and that is said', async () => {
  const searched = await runEdgeLocally(
    () => {
      const db = new EdgeDatabase('db', { migrations: 'test/testing/edge/replicated-search' });
      new EdgeApi('api', { handler, access: { DB: db.readWrite({ consistency: 'session' }) } });
    },
    { config, onLog: () => undefined },
  );
  try {
    const answer = await searched.worker('api').fetch('/orders', { method: 'POST', body: 'a' });
    expect(await answer.json()).toEqual({ ids: ['a'] });
    expect(searched.unsupported.map(({ reason }) => reason)).toEqual([
      'its copies for reading are not run, since it has virtual tables: sessions read the primary',
    ]);
  } finally {
    await searched.stop();
  }
});

describe('behind a gateway that keeps answers', () => {
  test.each(['/orders', '/orders?header'])('no client gets the bookmark of another one: %s', async (path) => {
    const answers = [await ask(path, {}, 'gate'), await ask(path, {}, 'gate')];
    expect(answers.map(({ headers }) => headers.get('x-cache'))).toEqual(['MISS', 'MISS']);
    expect(answers.map(({ headers }) => headers.get('cache-control'))).toEqual(Array(2).fill('private, no-cache'));
  });

  test('a bookmark reaches the origin also where answers are kept', async () => {
    await catchUp();
    const cookie = await place('through');
    expect((await ask('/orders', { headers: { cookie: `a=b; ${cookie}` } }, 'gate')).ids).toContain('through');
    const bookmark = cookie.split('=')[1]!;
    expect((await ask('/orders?header', { headers: { 'x-d1-bookmark': bookmark } }, 'gate')).ids).toContain('through');
    expect((await ask('/orders', {}, 'gate')).ids).not.toContain('through');
  });
});
