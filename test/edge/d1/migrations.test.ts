import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Miniflare } from 'miniflare';
import { handler, migrate } from '../../../lib/edge/d1/migrations';

const first = { name: '0001_a.sql', sql: 'CREATE TABLE a (x TEXT UNIQUE);\nINSERT INTO a VALUES (1);' };
const second = { name: '0002_b.sql', sql: "INSERT INTO a VALUES (2); INSERT INTO a VALUES ('three; four')" };
const faulty = { name: '0003_c.sql', sql: 'INSERT INTO a VALUES (5); INSERT INTO a VALUES (1);' };

let cloud: Miniflare;
let api: Server;
let calls: { authorization: string; url: string }[] = [];

/** Statements on the real engine of D1, as one call of its API runs them. */
async function query(sql: string): Promise<Record<string, unknown>[]> {
  const database = await cloud.getD1Database('DB');
  return (await database.prepare(sql).all()).results;
}

beforeEach(async () => {
  cloud = new Miniflare({ modules: true, script: 'export default {}', d1Databases: { DB: 'db' } });
  await cloud.ready;
  calls = [];
});
afterEach(() => cloud.dispose());

const values = async () => (await query('SELECT x FROM a ORDER BY x')).map(({ x }) => x);

test('applies each migration once, in order', async () => {
  expect(await migrate(query, [first])).toEqual(['0001_a.sql']);
  expect(await migrate(query, [first, second])).toEqual(['0002_b.sql']);
  expect(await migrate(query, [first, second])).toEqual([]);
  expect(await values()).toEqual(['1', '2', 'three; four']);
});

test('leaves nothing of a migration that fails, and says which it was', async () => {
  await expect(migrate(query, [first, faulty])).rejects.toThrow(
    /^migration '0003_c\.sql' failed and was rolled back: .*UNIQUE constraint failed: a\.x/,
  );
  expect(await values()).toEqual(['1']);
  expect(await migrate(query, [first, { ...faulty, sql: 'INSERT INTO a VALUES (5)' }])).toEqual(['0003_c.sql']);
});

test('two who migrate at once apply each migration once', async () => {
  const applied = await Promise.all([migrate(query, [first, second]), migrate(query, [first, second])]);
  expect(applied.flat().sort()).toEqual(['0001_a.sql', '0002_b.sql']);
  expect(await values()).toHaveLength(3);
});

test('goes on where wrangler stopped', async () => {
  await query(
    'CREATE TABLE d1_migrations(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)',
  );
  await query(`INSERT INTO d1_migrations (name) VALUES ('${first.name}');\n${first.sql}`);
  expect(await migrate(query, [first, second])).toEqual(['0002_b.sql']);
});

describe('in a deployment', () => {
  const config = (values: Record<string, string>) => ({ config: { get: (key: string) => values[key] } });
  const inputs = { accountId: 'account', databaseId: 'db', migrations: [first] };

  beforeEach(async () => {
    api = createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        calls.push({ authorization: request.headers.authorization ?? '', url: request.url ?? '' });
        query((JSON.parse(body) as { sql: string }).sql).then(
          (results) => response.end(JSON.stringify({ success: true, result: [{ results }], errors: [] })),
          (error: Error) => {
            response.statusCode = 400;
            response.end(JSON.stringify({ success: false, errors: [{ message: error.message }], result: [] }));
          },
        );
      });
    });
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => api.close(resolve)));

  async function provider(values: Record<string, string> = { 'cloudflare:apiToken': 't0ken' }) {
    const made = handler();
    const { port } = api.address() as AddressInfo;
    await made.configure(config({ 'cloudflare:baseUrl': `http://127.0.0.1:${port}`, ...values }));
    return made;
  }

  test('speaks to the API with the token of the deployment', async () => {
    const cloudflare = await provider();
    expect(await cloudflare.create(inputs)).toEqual({ id: 'db/migrations', outs: inputs });
    expect(calls[0]).toEqual({ authorization: 'Bearer t0ken', url: '/accounts/account/d1/database/db/query' });
    await cloudflare.update('db/migrations', inputs, { ...inputs, migrations: [first, second] });
    expect(await values()).toHaveLength(3);
  });

  test('fails the deployment with the reason of the API', async () => {
    const cloudflare = await provider();
    await expect(cloudflare.create({ ...inputs, migrations: [first, faulty] })).rejects.toThrow(
      /migration '0003_c\.sql' failed and was rolled back: .*UNIQUE/,
    );
  });

  test('asks for the token when there is none', async () => {
    delete process.env.CLOUDFLARE_API_TOKEN;
    await expect((await provider({})).create(inputs)).rejects.toThrow('set CLOUDFLARE_API_TOKEN or');
  });

  test('refuses in the preview a migration that was applied and has changed or gone', async () => {
    const cloudflare = await provider();
    const failure = (name: string) => ({
      property: 'migrations',
      reason: `'${name}' has been applied and must stay as it was; restore it and add a new migration`,
    });
    const judge = async (migrations: (typeof first)[]) =>
      (await cloudflare.check({ ...inputs, migrations: [first, second] }, { ...inputs, migrations })).failures;
    expect(await judge([first, second, faulty])).toEqual([]);
    expect(await judge([{ ...first, sql: 'SELECT 1' }, second])).toEqual([failure('0001_a.sql')]);
    expect(await judge([first])).toEqual([failure('0002_b.sql')]);
    expect((await cloudflare.check({}, inputs)).failures).toEqual([]);
  });

  test('takes a migration for the same with other line endings, and sends one kind of them', async () => {
    const cloudflare = await provider();
    const [lines, others] = ['\n', '\r\n'].map((end) => ({ ...first, sql: ['SELECT 1;', 'SELECT 2;'].join(end) }));
    const [before, after] = [lines!, others!].map((one) => ({ ...inputs, migrations: [one] }));
    expect((await cloudflare.check(before!, after!)).failures).toEqual([]);
    expect(await cloudflare.diff('id', before!, after!)).toEqual({ changes: false, replaces: [] });
    const sent: string[] = [];
    await migrate((sql) => (sent.push(sql), Promise.resolve([])), [others!]);
    expect(sent.join('')).toContain('SELECT 1;\nSELECT 2;');
    expect(sent.join('')).not.toContain('\r');
  });

  test('changes nothing when nothing changed, and starts over on another database', async () => {
    const cloudflare = await provider();
    expect(await cloudflare.diff('id', inputs, { ...inputs })).toEqual({ changes: false, replaces: [] });
    expect(await cloudflare.diff('id', inputs, { ...inputs, migrations: [first, second] })).toEqual({
      changes: true,
      replaces: [],
    });
    expect(await cloudflare.diff('id', inputs, { ...inputs, databaseId: 'other' })).toMatchObject({
      replaces: ['databaseId'],
    });
  });
});
