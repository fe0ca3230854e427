import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Miniflare } from 'miniflare';
import { createHash } from 'node:crypto';
import { handler, migrate } from '../../../lib/edge/d1/migrations';
import { statementsOf } from '../../../lib/edge/d1/statements';

const first = { name: '0001_a.sql', sql: 'CREATE TABLE a (x TEXT UNIQUE);\nINSERT INTO a VALUES (1);' };
const second = { name: '0002_b.sql', sql: "INSERT INTO a VALUES (2); INSERT INTO a VALUES ('three; four')" };
const faulty = { name: '0003_c.sql', sql: 'INSERT INTO a VALUES (5); INSERT INTO a VALUES (1);' };

let cloud: Miniflare;
let api: Server;
let calls: { authorization: string; url: string }[] = [];
/** What is said to the next call instead of doing it, or after it was done. */
let trouble: {
  instead?: [number, string];
  after?: [number, string];
  /** Only so many statements are run, and then this is said. */
  half?: [count: number, message: string];
  /** So many questions how far an import is get no answer, and one an answer that breaks off. */
  polls?: number;
  cut?: boolean;
  /** The beginning of an import gets no answer, and it is done so many milliseconds later. */
  lost?: number | { carriedOut?: () => Promise<unknown> };
  /** From the beginning of an import on, nothing is answered. */
  gone?: boolean;
} = {};
/** Files that were sent, by their names. */
let files: Map<string, string>;

/** Statements on the real engine of D1, as one call of its API runs them. */
async function query(sql: string): Promise<Record<string, unknown>[]> {
  const database = await cloud.getD1Database('DB');
  return (await database.prepare(sql).all()).results;
}

/** Statements as one batch: all or nothing. */
async function batch(sql: string): Promise<Record<string, unknown>[]> {
  const local = await cloud.getD1Database('DB');
  const results = await local.batch(statementsOf(sql).map(({ text }) => local.prepare(text)));
  return results.flatMap((each) => each.results as Record<string, unknown>[]);
}

const database = { query, apply: batch };

beforeEach(async () => {
  trouble = {};
  files = new Map();
  cloud = new Miniflare({ modules: true, script: 'export default {}', d1Databases: { DB: 'db' } });
  await cloud.ready;
  calls = [];
});
afterEach(() => cloud.dispose());

const values = async () => (await query('SELECT x FROM a ORDER BY x')).map(({ x }) => x);

test('applies each migration once, in order', async () => {
  expect(await migrate(database, [first])).toEqual(['0001_a.sql']);
  expect(await migrate(database, [first, second])).toEqual(['0002_b.sql']);
  expect(await migrate(database, [first, second])).toEqual([]);
  const noted = { name: '0003_n.sql', sql: 'SELECT 1; -- the end; or not' };
  expect(await migrate(database, [first, second, noted])).toEqual(['0003_n.sql']);
  expect(await values()).toEqual(['1', '2', 'three; four']);
});

test('leaves nothing of a migration that fails, and says which it was', async () => {
  await expect(migrate(database, [first, faulty])).rejects.toThrow(
    /^migration '0003_c\.sql' failed, without a record or a change of the schema: .*UNIQUE constraint failed: a\.x/,
  );
  expect(await values()).toEqual(['1']);
  expect(await migrate(database, [first, { ...faulty, sql: 'INSERT INTO a VALUES (5)' }])).toEqual(['0003_c.sql']);
});

test('two who migrate at once apply each migration once', async () => {
  const applied = await Promise.all([migrate(database, [first, second]), migrate(database, [first, second])]);
  expect(applied.flat().sort()).toEqual(['0001_a.sql', '0002_b.sql']);
  expect(await values()).toHaveLength(3);
});

test('goes on where wrangler stopped', async () => {
  await query(
    'CREATE TABLE d1_migrations(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)',
  );
  await query(`INSERT INTO d1_migrations (name) VALUES ('${first.name}');\n${first.sql}`);
  expect(await migrate(database, [first, second])).toEqual(['0002_b.sql']);
});

/** The API of D1. `/query` splits statements at semicolons unless a trigger is written as it likes. */
async function serve(url: string, body: string): Promise<unknown> {
  const action = /(query|import|bookmark|upload)$/.exec(url)![1];
  const fail = ([status, message]: [number, string]) => {
    trouble = {};
    throw Object.assign(new Error(message), { status });
  };
  if (action === 'bookmark') return { bookmark: '00000001-book' };
  if (action === 'upload') return void files.set('file', body);
  const asked = JSON.parse(body) as { sql: string; action?: string; etag?: string };
  const { instead, after, half } = trouble;
  if (action === 'import') {
    const { port } = api.address() as AddressInfo;
    if (asked.action === 'init') return { upload_url: `http://127.0.0.1:${port}/upload`, filename: 'file' };
    if (asked.action === 'poll') {
      trouble.polls = (trouble.polls ?? 0) - 1;
      if (trouble.polls >= 0) throw Object.assign(new Error('bad gateway'), { status: 502 });
      return { success: true, status: 'complete' };
    }
    if (trouble.gone) throw Object.assign(new Error('bad gateway'), { status: 502 });
    if (trouble.lost !== undefined) {
      const { lost } = trouble;
      const carriedOut = () => batch(files.get('file')!);
      if (typeof lost === 'number') setTimeout(() => void carriedOut(), lost);
      else lost.carriedOut = carriedOut;
      fail([502, 'bad gateway']);
    }
    expect(createHash('md5').update(files.get('file')!).digest('hex')).toBe(asked.etag);
    const error = await batch(files.get('file')!).then(
      () => undefined,
      (reason: Error) => reason.message,
    );
    return error === undefined
      ? { success: true, status: 'active', at_bookmark: 'b' }
      : { success: true, status: 'error', error };
  }
  if (trouble.gone && files.size > 0) throw Object.assign(new Error('bad gateway'), { status: 502 });
  const isMigration = asked.sql.startsWith('INSERT INTO d1_migrations');
  if (isMigration && instead) fail(instead);
  if (isMigration && half) {
    for (const { text } of statementsOf(asked.sql).slice(0, half[0])) await query(text);
    fail([400, half[1]]);
  }
  if (/\bbegin\b/.test(asked.sql)) fail([400, 'incomplete input: SQLITE_ERROR']);
  const results = isMigration ? await batch(asked.sql) : await query(asked.sql);
  if (isMigration && after) fail(after);
  return [{ results }];
}

describe('in a deployment', () => {
  const config = (values: Record<string, string>) => ({ config: { get: (key: string) => values[key] } });
  const inputs = { accountId: 'account', databaseId: 'db', migrations: [first] };

  beforeEach(async () => {
    api = createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        calls.push({ authorization: request.headers.authorization ?? '', url: request.url ?? '' });
        serve(request.url!, body).then(
          (result) => {
            const all = JSON.stringify({ success: true, result, errors: [] });
            const isCut = trouble.cut && body.includes('"poll"');
            if (isCut) trouble = {};
            response.end(isCut ? all.slice(0, -9) : all);
          },
          (error: Error & { status?: number }) => {
            response.statusCode = error.status ?? 400;
            response.end(JSON.stringify({ success: false, errors: [{ message: error.message }], result: [] }));
          },
        );
      });
    });
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => api.close(resolve)));

  async function provider(values: Record<string, string> = { 'cloudflare:apiToken': 't0ken' }) {
    const made = handler({ looks: 4, pause: 20 });
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
      /migration '0003_c\.sql' failed, without a record or a change of the schema: .*UNIQUE/,
    );
  });

  const trigger = {
    name: '0004_t.sql',
    sql: "CREATE TRIGGER t AFTER INSERT ON a begin UPDATE a SET x = 'y; z' WHERE x = CASE new.x WHEN '1' THEN 2 end; end; INSERT INTO a VALUES (6);",
  };

  test('sends a migration with a trigger as a file, which has no splitter in its way', async () => {
    const cloudflare = await provider();
    await cloudflare.create({ ...inputs, migrations: [first, trigger] });
    expect(await values()).toEqual(['1', '6']);
    expect(calls.map(({ url }) => url.split('/').at(-1))).toContain('import');
    const broken = { ...trigger, name: '0005_u.sql', sql: `${trigger.sql} INSERT INTO a VALUES (6);` };
    await expect(cloudflare.create({ ...inputs, migrations: [first, trigger, broken] })).rejects.toThrow(
      /^migration '0005_u\.sql' failed, without a record or a change of the schema: .*trigger t already exists/,
    );
  });

  test('takes a migration for applied whose answer was lost, and for none what was never done', async () => {
    const cloudflare = await provider();
    trouble = { after: [502, 'bad gateway'] };
    await cloudflare.create(inputs);
    expect(await values()).toEqual(['1']);
    trouble = { instead: [502, 'bad gateway'] };
    await expect(cloudflare.update('id', inputs, { ...inputs, migrations: [first, second] })).rejects.toThrow(
      "migration '0002_b.sql' got no answer, without a record or a change of the schema: bad gateway",
    );
  });

  test('waits for an import whose beginning got no answer, and says where nobody can look', async () => {
    const cloudflare = await provider();
    trouble = { lost: 50 };
    await cloudflare.create({ ...inputs, migrations: [first, trigger] });
    expect(await values()).toEqual(['1', '6']);
    const more = { name: '0005_u.sql', sql: trigger.sql.replace('TRIGGER t', 'TRIGGER u').replace('6', '7') };
    const lost: { carriedOut?: () => Promise<unknown> } = {};
    trouble = { lost };
    const again = () => cloudflare.update('id', inputs, { ...inputs, migrations: [first, trigger, more] });
    await expect(again()).rejects.toThrow(
      "migration '0005_u.sql' got no answer, without a record or a change of the schema: bad gateway",
    );
    await lost.carriedOut!();
    await again();
    expect(await values()).toEqual(['1', '6', '7']);
    const last = { ...more, name: '0006_v.sql' };
    files.clear();
    trouble = { gone: true };
    await expect(
      cloudflare.update('id', inputs, { ...inputs, migrations: [first, trigger, more, last] }),
    ).rejects.toThrow("the outcome of migration '0006_v.sql' is unknown: bad gateway, and the database cannot be");
  });

  test('names a migration that is half applied, and what of it is there', async () => {
    const cloudflare = await provider();
    await cloudflare.create(inputs);
    const half = { name: '0002_h.sql', sql: 'CREATE TABLE b (y); CREATE INDEX i ON a (x);' };
    trouble = { half: [3, 'incomplete input: SQLITE_ERROR'] };
    const again = () => cloudflare.update('id', inputs, { ...inputs, migrations: [first, half] });
    await expect(again()).rejects.toThrow(
      "migration '0002_h.sql' is half applied: it failed, and there is its record '0002_h.sql (begun)', the table 'b' as it creates it; repair the database before the next deployment: incomplete input: SQLITE_ERROR",
    );
    await expect(again()).rejects.toThrow(
      "migration '0002_h.sql' was started but has not finished: either another run is applying it, or it is half applied; in that case repair the database, and in d1_migrations rename '0002_h.sql (begun)' to '0002_h.sql', or delete it to apply the migration again",
    );
    await query("UPDATE d1_migrations SET name = '0002_h.sql' WHERE name = '0002_h.sql (begun)'");
    await again();
  });

  test('asks on how far an import is when a question gets no answer', async () => {
    const cloudflare = await provider();
    trouble = { polls: 2 };
    await cloudflare.create({ ...inputs, migrations: [first, trigger] });
    expect(calls.filter(({ url }) => url.endsWith('import'))).toHaveLength(5);
    trouble = { cut: true };
    const more = { name: '0005_u.sql', sql: trigger.sql.replace('TRIGGER t', 'TRIGGER u').replace('6', '7') };
    await cloudflare.update('id', inputs, { ...inputs, migrations: [first, trigger, more] });
    expect(await values()).toEqual(['1', '6', '7']);
  });

  test('notes the state before by choice, and says in a failure how to come back to it', async () => {
    const cloudflare = await provider();
    const noting = { ...inputs, restorePoint: true };
    expect(await cloudflare.create(noting)).toEqual({
      id: 'db/migrations',
      outs: { ...noting, bookmark: '00000001-book' },
    });
    await expect(cloudflare.update('id', noting, { ...noting, migrations: [first, faulty] })).rejects.toThrow(
      /; it can be restored to '00000001-book': POST http.*\/db\/time_travel\/restore\?bookmark=00000001-book$/,
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
      reason: `'${name}' has been applied and must not be changed; restore it and add a new migration`,
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
    const take = async (sql: string) => (sent.push(sql), []);
    await migrate({ query: take, apply: take }, [others!]);
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
