import { databaseSession } from 'lintel/runtime/edge';

interface Env {
  readonly DB: D1Database;
}

/** Orders, listed and placed in the client's session; `/plain` uses the database as it is, `/raw` a bookmark of the query. */
export default {
  async fetch(request, { DB }) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === '/plain') return listed(await DB.prepare('SELECT id FROM orders ORDER BY id').all());
    if (pathname === '/raw') {
      const raw = DB.withSession(searchParams.get('bookmark') ?? undefined);
      return raw.prepare('SELECT id FROM orders ORDER BY id').all().then(listed).catch(failed);
    }
    const carry = searchParams.has('header') ? 'header' : 'cookie';
    const { db, answer } = databaseSession(DB, request, { carry });
    if (pathname === '/none') return answer(new Response('no query'));
    if (request.method === 'POST') {
      await db
        .prepare('INSERT INTO orders (id) VALUES (?)')
        .bind(await request.text())
        .run();
    }
    const found = await db.prepare('SELECT id FROM orders ORDER BY id').all();
    return answer(await listed(found));
  },
} satisfies ExportedHandler<Env>;

async function listed({ results, meta }: D1Result): Promise<Response> {
  return Response.json(
    { ids: results.map((row) => (row as { id: string }).id), primary: meta.served_by_primary },
    { headers: { 'cache-control': 'public, max-age=60' } },
  );
}

function failed(error: unknown): Response {
  return new Response(String(error), { status: 500 });
}
