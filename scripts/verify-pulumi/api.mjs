// The part of Cloudflare's own interface that a deployment calls: running SQL in a D1 database.
import { createServer } from 'node:http';

/**
 * Answers statements well enough for the record of migrations, and keeps what was run.
 * @returns {Promise<{ url: string, statements: string[], close: () => void }>}
 */
export async function startApi() {
  /** @type {string[]} */
  const statements = [];
  /** @type {Map<string, string[]>} */
  const applied = new Map();
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const sql = String(JSON.parse(body).sql);
    const names = applied.get(request.url ?? '') ?? [];
    applied.set(request.url ?? '', names);
    const record = /^INSERT INTO d1_migrations \(name\) VALUES \('([^']+)'\)/.exec(sql)?.[1];
    if (record !== undefined) {
      names.push(record);
      statements.push(sql);
    }
    const results = /^SELECT name FROM d1_migrations/.test(sql) ? names.map((name) => ({ name })) : [];
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ success: true, result: [{ results }] }));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return { url: `http://127.0.0.1:${port}`, statements, close: () => server.close() };
}
