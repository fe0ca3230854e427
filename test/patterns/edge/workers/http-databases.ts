import { createClient } from '@libsql/client/web';
import { neon } from '@neondatabase/serverless';
import { turso } from 'lintel/runtime/edge';

interface Env {
  readonly ORDERS: string;
  readonly PEOPLE: string;
}

type Route = (env: Env) => Promise<unknown>;

const routes: Readonly<Record<string, Route>> = {
  '/turso': async (env) => {
    const client = createClient(turso(env, 'ORDERS'));
    await client.execute('CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, total INTEGER)');
    await client.batch(
      [
        { sql: 'INSERT INTO orders VALUES (?, ?)', args: ['a', 5] },
        { sql: 'INSERT INTO orders VALUES (:id, :total)', args: { id: 'b', total: 7 } },
      ],
      'write',
    );
    const transaction = await client.transaction('write');
    await transaction.execute("DELETE FROM orders WHERE id = 'a'");
    await transaction.rollback();
    const { rows } = await client.execute('SELECT id, total FROM orders ORDER BY id');
    return rows;
  },
  '/turso/twice': async (env) => {
    const insert = { sql: 'INSERT INTO orders VALUES (?, ?)', args: ['c', 1] };
    return createClient(turso(env, 'ORDERS')).batch([insert, insert], 'write');
  },
  '/turso/count': async (env) =>
    (await createClient(turso(env, 'ORDERS')).execute('SELECT count(*) n FROM orders')).rows,
  '/turso/wrong': async (env) => turso(env, 'PEOPLE'),
  '/turso/none': async (env) => turso(env, 'NOTHING'),
  '/neon': async ({ PEOPLE }) => {
    const sql = neon(PEOPLE);
    await sql`CREATE TABLE people (name text PRIMARY KEY, age integer)`;
    await sql.transaction([
      sql`INSERT INTO people VALUES (${'Ada'}, ${36})`,
      sql`INSERT INTO people VALUES (${'Grace'}, ${85})`,
    ]);
    return sql`SELECT name, age FROM people WHERE age > ${40}`;
  },
  '/neon/twice': async ({ PEOPLE }) => neon(PEOPLE)`INSERT INTO people VALUES ('Ada', 1)`,
};

export default {
  async fetch(request, env) {
    try {
      return Response.json(await routes[new URL(request.url).pathname]!(env));
    } catch (error) {
      return Response.json((error as Error).message, { status: 500 });
    }
  },
} satisfies ExportedHandler<Env>;
