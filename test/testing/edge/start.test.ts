import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import * as cloudflare from '@pulumi/cloudflare';
import { EdgeApi, EdgeDatabase } from 'lintel/edge';
import { runEdgeLocally } from 'lintel/testing';

const start = (script: Partial<cloudflare.WorkersScriptArgs>) =>
  runEdgeLocally(
    () => {
      new cloudflare.WorkersScript('api', { accountId: 'acc', scriptName: 'api', mainModule: 'api.js', ...script });
    },
    { onLog: () => undefined },
  );

test('refuses a Worker that does not load, and says why', async () => {
  await expect(start({ content: 'export default {' })).rejects.toThrow(/did not start: [^]*Uncaught SyntaxError/);
});

test('refuses a Worker without code', async () => {
  await expect(start({})).rejects.toThrow("'api' has no code; set 'content' or 'contentFile'");
});

test('may be stopped twice', async () => {
  const run = await start({ content: 'export default {}' });
  await run.stop();
  await expect(run.stop()).resolves.toBeUndefined();
});

describe('a request that comes while the databases are migrated', () => {
  const directory = '.cache/test/start';
  const config = { 'cloudflare:accountId': 'acc' };
  const handler = `${directory}/api.ts`;
  const migrated = (name: string, last: string) => {
    const migrations = `${directory}/${name}`;
    mkdirSync(migrations, { recursive: true });
    writeFileSync(
      handler,
      "export default { fetch: async (_: Request, env: { DB: D1Database }) => Response.json(await env.DB.prepare('SELECT * FROM t').first()) };",
    );
    const rows = Array.from({ length: 3_000 }, (_, id) => `INSERT INTO other VALUES (${id});`);
    writeFileSync(`${migrations}/0001_first.sql`, ['CREATE TABLE other (id);', ...rows].join('\n'));
    writeFileSync(`${migrations}/0002_last.sql`, last);
    return () => {
      const db = new EdgeDatabase('db', { migrations });
      new EdgeApi('api', { handler, access: { DB: db.readWrite() } });
    };
  };
  const freePort = async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return port;
  };
  /** The first answer of a port, or undefined where it was open and closed without one. */
  const firstAnswer = async (port: number): Promise<string | undefined> => {
    for (const end = Date.now() + 4_000; Date.now() < end;) {
      try {
        return await (await fetch(`http://127.0.0.1:${port}/`)).text();
      } catch (error) {
        if (!String((error as Error).cause).includes('ECONNREFUSED')) return undefined;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    }
    return 'never open';
  };

  test('waits for them', async () => {
    const port = await freePort();
    const starting = runEdgeLocally(migrated('good', 'CREATE TABLE t (id); INSERT INTO t VALUES (7);'), {
      port,
      config,
    });
    const answer = firstAnswer(port);
    const run = await starting;
    await expect(answer).resolves.toBe('{"id":7}');
    await run.stop();
  });

  test('is given no answer when they cannot be', async () => {
    const port = await freePort();
    const starting = runEdgeLocally(migrated('bad', 'INSERT INTO missing VALUES (1);'), { port, config });
    const answer = firstAnswer(port);
    await expect(starting).rejects.toThrow(/migration '0002_last.sql' failed.*no such table: missing/);
    await expect(answer).resolves.toBeUndefined();
  });
});
