import { synthesize } from 'lintel/pulumi';
import { type EdgeRun, runEdgeLocally } from 'lintel/testing';
import { links } from '../../../../examples/edge/links/links';
import { inDirectory } from '../in-directory';
import { until } from '../until';

const example = 'examples/edge/links';
const program = () => links('k3y');
const config = { 'cloudflare:accountId': 'account' };

test('gives each Worker what it uses, and nothing else', async () => {
  const graph = await inDirectory(example, () => synthesize(program, { project: 'links', stack: 'dev', config }));
  const bindings = Object.fromEntries(
    graph.resources
      .filter(({ type }) => type.endsWith(':WorkersScript'))
      .map(({ parent, inputs }) => [parent, (inputs.bindings as { name: string }[]).map(({ name }) => name)]),
  );
  expect(bindings).toEqual({
    api: ['API_KEY', 'CACHE', 'CLICKS', 'DB'],
    cleanup: ['CACHE', 'DB'],
    clicks: ['DB'],
  });
  expect(JSON.stringify(graph)).not.toContain('k3y');
  expect(graph.outputs).toEqual({ database: 'links-dev-db', deadLetters: 'links-dev-clicks-dead-letters' });
});

describe('running locally', () => {
  let run: EdgeRun;
  beforeAll(async () => {
    run = await inDirectory(example, () =>
      runEdgeLocally(program, { config, secrets: { API_KEY: 'k3y' }, timeScale: 50 }),
    );
  });
  afterAll(() => run.stop());

  const ask = (path: string, request = {}) => run.worker('api').fetch(`https://l.example.com${path}`, request);
  const create = (body: unknown, key = 'k3y') =>
    ask('/links', { method: 'POST', body: JSON.stringify(body), headers: { authorization: `Bearer ${key}` } });
  const show = async (slug: string) =>
    (await ask(`/links/${slug}`, { headers: { authorization: 'Bearer k3y' } })).json() as Promise<{ clicks: number }>;

  test('everything in the program has its place', () => {
    expect(run.unsupported).toEqual([]);
  });

  test('a link leads where it should, and its clicks are counted', async () => {
    const created = await create({ url: 'https://example.com/a?b=c', slug: 'spring' });
    expect([created.status, await created.json()]).toEqual([
      201,
      { slug: 'spring', url: 'https://l.example.com/spring' },
    ]);
    for (const country of ['CH', 'FR', 'CH']) {
      const followed = await ask('/spring', { cf: { country } });
      expect([followed.status, followed.headers.get('location')]).toEqual([302, 'https://example.com/a?b=c']);
    }
    await until(
      () => show('spring'),
      ({ clicks }) => clicks === 3,
    );
    const countries = await run.database('db').query('SELECT country, count(*) AS n FROM clicks GROUP BY country');
    expect(countries).toEqual([
      { country: 'CH', n: 2 },
      { country: 'FR', n: 1 },
    ]);
    expect(await run.store('cache').get('spring')).toContain('https://example.com/a');
  });

  test('a click that is delivered twice counts once', async () => {
    await create({ url: 'https://example.com', slug: 'twice' });
    await ask('/twice');
    await until(
      () => show('twice'),
      ({ clicks }) => clicks === 1,
    );
    const [click] = await run.database('db').query("SELECT * FROM clicks WHERE slug = 'twice'");
    await run
      .database('db')
      .query('INSERT OR IGNORE INTO clicks (id, slug, clicked_at) VALUES (?, ?, ?)', click!.id, 'twice', 'now');
    expect((await show('twice')).clicks).toBe(1);
  });

  test('a message that is no click goes to the dead-letter queue, and holds up no other', async () => {
    await create({ url: 'https://example.com', slug: 'beside' });
    const at = new Date().toISOString();
    await run.queue('clicks').send({ poison: true }, { slug: 'beside', at });
    await until(
      () => show('beside'),
      ({ clicks }) => clicks === 1,
    );
    await until(
      () => run.queue('clicks-dead-letter-queue').messages(),
      (messages) => messages.length === 1,
    );
    expect(await run.queue('clicks-dead-letter-queue').messages()).toEqual([{ poison: true }]);
  });

  test('the nightly clean-up removes what has ended, and nothing else', async () => {
    await create({ url: 'https://example.com', slug: 'brief', expiresAt: '2030-01-01T00:00:00Z' });
    await create({ url: 'https://example.com', slug: 'lasting' });
    await ask('/brief');
    await until(
      async () => run.store('cache').get('brief'),
      (kept) => kept !== undefined,
    );
    await run.database('db').query("INSERT INTO clicks VALUES ('old', 'lasting', '2029-09-01T00:00:00.000Z', NULL)");
    await run.fire('cleanup', { at: new Date('2030-01-01T03:00:00Z') });
    await run.fire('cleanup', { at: new Date('2030-01-01T03:00:00Z') });
    expect((await ask('/brief')).status).toBe(404);
    expect(await run.database('db').query("SELECT * FROM clicks WHERE id = 'old'")).toEqual([]);
    expect((await show('lasting')).clicks).toBe(1);
    expect((await ask('/lasting')).status).toBe(302);
  });

  test('a link that has ended says so before it is cleaned up', async () => {
    await create({ url: 'https://example.com', slug: 'ended', expiresAt: '2020-01-01T00:00:00Z' });
    expect((await ask('/ended')).status).toBe(410);
  });

  test.each([
    [{ url: 'javascript:alert(1)' }, 400, "'url' must be an address"],
    [{ url: 'https://example.com', slug: 'No' }, 400, "'slug' must have 3 to 40 lower-case letters, digits and dashes"],
    [{ url: 'https://example.com', expiresAt: 'soon' }, 400, "'expiresAt' must be a time in ISO 8601"],
    ['no link', 400, "'url' must be an address"],
  ])('refuses %j', async (body, status, title) => {
    const answer = await create(body);
    expect([answer.status, await answer.json()]).toEqual([status, { status, title }]);
  });

  test('refuses to give a slug twice, and to whom has no key', async () => {
    expect((await create({ url: 'https://example.com', slug: 'mine' })).status).toBe(201);
    expect((await create({ url: 'https://example.org', slug: 'mine' })).status).toBe(409);
    expect((await create({ url: 'https://example.com' }, 'guess')).status).toBe(401);
    expect((await ask('/links/mine')).status).toBe(401);
  });

  test('makes slugs that nobody guesses', async () => {
    const slugs = await Promise.all(
      Array.from(
        { length: 5 },
        async () => ((await (await create({ url: 'https://example.com' })).json()) as { slug: string }).slug,
      ),
    );
    expect(new Set(slugs).size).toBe(5);
    for (const slug of slugs) expect(slug).toMatch(/^[0-9a-z]{12}$/);
  });
});
