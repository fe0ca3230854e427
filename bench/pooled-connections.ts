// How many connections to the database some clients take, by the share of their time that they are in a transaction: directly, by a
// proxy that lends them, and by one whose clients are pinned. Prints a table in Markdown: npx tsx bench/pooled-connections.ts
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { CertificateAuthority } from '../lib/testing/engines/certificates';
import { Engine } from '../lib/testing/local/services/rds/database/engine';
import { packageOf } from '../lib/testing/local/services/rds/database/versions';
import { ConnectionPool } from '../lib/testing/local/services/rds/proxy/connection-pool';
import { PooledSession } from '../lib/testing/local/services/rds/proxy/session';
import { Gate } from '../lib/testing/local/services/rds/wire/gate';

const CLIENTS = 100;
/** How long a transaction takes, in milliseconds. */
const BUSY = 40;
/** In percent. */
const SHARES = [1, 5, 20, 50, 80];
const TIME = 6000;

async function main(): Promise<void> {
  const found = packageOf(18);
  if (typeof found === 'string') throw new Error(found);
  const engine = await Engine.start({ package: found.directory, databases: ['app'], limit: 4 * CLIENTS });
  await engine.query('CREATE ROLE app_user LOGIN');
  console.log('| in a transaction | directly | by a proxy | pinned | borrowed for long |');
  console.log('| --- | --- | --- | --- | --- |');
  try {
    for (const share of SHARES) {
      const pooled = await measured(engine, share);
      const pinned = await measured(engine, share, { first: "SET work_mem = '8MB'" });
      const held = await measured(engine, share, { outside: 200 });
      console.log(`| ${share} % | 100 | ${pooled} | ${pinned} | ${held} |`);
    }
  } finally {
    await engine.stop();
  }
}

/** The most connections for 100 clients. @param how `outside`: milliseconds that a transaction waits for something else */
async function measured(
  engine: Engine,
  share: number,
  how: { first?: string; outside?: number } = {},
): Promise<number> {
  const open = (key: { user: string; database: string }) => engine.connect({ user: key.user, database: key.database });
  const pool = new ConnectionPool({ limit: CLIENTS, borrowTimeout: 60_000, open });
  const gate = new Gate(new CertificateAuthority('Bench').issue(['localhost']), {
    refuseStartup: () => undefined,
    authenticate: async () => undefined,
    cancel: () => undefined,
    serve: (guest) => {
      const key = { user: guest.startup.user, database: guest.startup.database, readOnly: false };
      const nothing = () => undefined;
      new PooledSession(guest, key, pool, { pinned: nothing, rested: nothing, ended: nothing }).begin(
        engine.parameters,
      );
    },
  });
  await gate.listen();
  const until = Date.now() + TIME;
  const clients = await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      const client = new pg.Client({
        port: gate.port,
        host: '127.0.0.1',
        user: 'app_user',
        database: 'app',
        password: '-',
      });
      await client.connect();
      return client;
    }),
  );
  await Promise.all(
    clients.map(async (client) => {
      const period = (BUSY * 100) / share;
      await sleep(Math.random() * period);
      if (how.first !== undefined) await client.query(how.first);
      while (Date.now() < until) {
        if (how.outside === undefined) await client.query(`SELECT pg_sleep(${BUSY / 1000})`);
        else {
          await client.query('BEGIN');
          await client.query(`SELECT pg_sleep(${BUSY / 1000})`);
          await sleep(how.outside);
          await client.query('COMMIT');
        }
        await sleep((period - BUSY) * (0.5 + Math.random()));
      }
    }),
  );
  const { peak } = pool.use;
  await Promise.all(clients.map((client) => client.end()));
  pool.stop();
  await gate.stop();
  return peak;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
