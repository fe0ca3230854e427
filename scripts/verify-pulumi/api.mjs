// The part of Cloudflare's own interface that a deployment calls: running SQL in a D1 database, as statements or as a file, and
// indexes of vectors.
import { createServer } from 'node:http';
import { Vectorize } from './vectorize.mjs';

const INSERTED = /^INSERT INTO d1_migrations \(name\) VALUES \('([^']+)'\)/;
const RENAMED = /^UPDATE d1_migrations SET name = '([^']+)' WHERE name = '([^']+)'/;

/**
 * Answers statements well enough for the record of migrations, and keeps what was run.
 * @returns {Promise<{ url: string, statements: string[], vectorize: Vectorize, close: () => void }>}
 */
export async function startApi() {
  /** @type {string[]} */
  const statements = [];
  /** The names in the ledger of each database. @type {Map<string, Set<string>>} */
  const ledgers = new Map();
  const vectorize = new Vectorize();
  /** Files that were sent, by name. @type {Map<string, string>} */
  const files = new Map();

  /** @param {string} database @param {string} sql */
  const run = (database, sql) => {
    const names = ledgers.get(database) ?? new Set();
    ledgers.set(database, names);
    const lines = sql.split('\n');
    for (const line of lines) {
      const [, inserted] = INSERTED.exec(line) ?? [];
      if (inserted !== undefined) names.add(inserted);
      const [, to, from] = RENAMED.exec(line) ?? [];
      if (to !== undefined && from !== undefined && names.delete(from)) names.add(to);
    }
    if (lines.some((line) => INSERTED.test(line))) statements.push(sql);
    const results = /^SELECT name FROM d1_migrations/.test(sql) ? [...names].map((name) => ({ name })) : [];
    return [{ results }];
  };

  /** @param {string} database @param {{ action: string, etag: string, filename: string }} asked */
  const importFile = (database, { action, etag, filename }) => {
    if (action === 'init') return { upload_url: `${url}/upload/${etag}`, filename: etag };
    if (action === 'ingest') run(database, files.get(filename) ?? '');
    return action === 'ingest' ? { status: 'active', at_bookmark: 'begun' } : { status: 'complete' };
  };

  /** @param {string} method @param {string} at @param {string} body @returns {unknown} */
  const answer = (method, at, body) => {
    if (at.includes('/vectorize/')) return vectorize.answer(method, at, body);
    const [, database = '', action] = /\/database\/([^/]+)\/(.+)$/.exec(at) ?? [];
    if (action === 'query') return run(database, String(JSON.parse(body).sql));
    if (action === 'import') return importFile(database, JSON.parse(body));
    if (action === 'time_travel/bookmark') return { bookmark: '00000001-book' };
    throw new Error(`the imaginary cloud does not answer ${at}`);
  };

  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const at = request.url ?? '';
    if (at.startsWith('/upload/')) {
      files.set(at.slice('/upload/'.length), body);
      response.end();
      return;
    }
    response.setHeader('content-type', 'application/json');
    try {
      response.end(JSON.stringify({ success: true, result: answer(request.method ?? '', at, body) }));
    } catch (error) {
      response.statusCode = 400;
      response.end(JSON.stringify({ success: false, errors: [{ message: String(error), code: Object(error).code }] }));
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  return { url, statements, vectorize, close: () => server.close() };
}
