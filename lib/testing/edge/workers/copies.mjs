// Stands before a database with read replicas: writes and everything that must be new go to the primary, what a session may
// read elsewhere goes to a copy that lags behind.

import { WorkerEntrypoint } from 'cloudflare:workers';

/** The header in which the platform's own binding sends a constraint or a bookmark, and gets the next bookmark. */
const TOKEN = 'x-cf-d1-session-commit-token';
const UNCONSTRAINED = 'first-unconstrained';
const BOOKMARK = /^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{32}$/;
/** How long a write stays unseen by the copy, in milliseconds. */
const LAG = 2000;

/** @typedef {{ PRIMARY: Fetcher, COPIES: readonly Fetcher[] }} Databases */
/** @typedef {{ sql: string, params?: unknown }} Statement */

/** Writes that the primary has had. */
let written = 0;
/** The copy that is read: how many of them it has, and since when it lacks one. */
/** @type {{ at: number, slot: number, behindSince: number | undefined }} */
const copy = { at: 0, slot: 0, behindSince: undefined };
/** @type {Promise<unknown>} */
let last = Promise.resolve();

/** One at a time, as a database works. @template T @param {() => Promise<T>} work @returns {Promise<T>} */
function inTurn(work) {
  const done = last.then(work);
  last = done.catch(() => undefined);
  return done;
}

/** @param {Record<string, Fetcher>} env @returns {Databases} */
const databasesOf = (env) => ({
  PRIMARY: /** @type {Fetcher} */ (env.__D1_BETA__PRIMARY),
  COPIES: /** @type {Fetcher[]} */ ([env.__D1_BETA__COPY_A, env.__D1_BETA__COPY_B]),
});

/** For Workers of the program. */
export default {
  /** @param {Request} request @param {Record<string, Fetcher>} env */
  fetch: (request, env) => inTurn(() => answer(request, databasesOf(env), false)),
};

/** For the run itself, whose writes the copy has before it is read again. */
export class Own extends WorkerEntrypoint {
  /**
   * @override
   * @param {Request} request
   */
  fetch(request) {
    const databases = databasesOf(/** @type {Record<string, Fetcher>} */ (this.env));
    return inTurn(() => answer(request, databases, true));
  }
}

/** @param {Request} request @param {Databases} databases @param {boolean} own */
async function answer(request, databases, own) {
  const asked = request.headers.get(TOKEN) ?? 'first-primary';
  if (!asked.startsWith('first-') && !BOOKMARK.test(asked)) return failed(`'${asked}' is not a bookmark`);
  const body = await request.text();
  /** @type {Statement[]} */
  const statements = [JSON.parse(body)].flat();
  try {
    if (!own && isOverdue()) await catchUp(databases);
    if (!statements.every(isRead)) {
      written += 1;
      copy.behindSince = own ? 0 : (copy.behindSince ?? Date.now());
      return await forwarded(request, body, databases.PRIMARY, { bookmark: bookmarkOf(written), primary: true });
    }
    const isEnough = asked === UNCONSTRAINED || (BOOKMARK.test(asked) && asked <= bookmarkOf(copy.at));
    return await (isEnough
      ? forwarded(request, body, databases.COPIES[copy.slot], { bookmark: bookmarkOf(copy.at), primary: false })
      : forwarded(request, body, databases.PRIMARY, { bookmark: bookmarkOf(written), primary: true }));
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
}

const isOverdue = () => copy.behindSince !== undefined && Date.now() - copy.behindSince >= LAG;

/** @param {string} reason */
const failed = (reason) => Response.json({ success: false, error: `local run: ${reason}` });

/** @param {number} at */
const bookmarkOf = (at) => `00000000-${at.toString(16).padStart(8, '0')}-00000000-${'0'.repeat(32)}`;

/** Whether a statement certainly changes nothing; what cannot be told goes to the primary. @param {Statement} statement */
function isRead({ sql }) {
  const text = sql.replace(/^(?:\s|--[^\n]*\n|\/\*[^]*?\*\/)+/, '').replace(/[\s;]+$/, '');
  if (text.includes(';')) return false;
  return (
    /^(?:select|values)\b/i.test(text) || (/^with\b/i.test(text) && !/\b(?:insert|update|delete|replace)\b/i.test(text))
  );
}

/**
 * @param {Request} request @param {string} body @param {Fetcher | undefined} to
 * @param {{ bookmark: string, primary: boolean }} served
 */
async function forwarded({ url, method, headers }, body, to, { bookmark, primary }) {
  const response = await /** @type {Fetcher} */ (to).fetch(url, { method, headers, body });
  const results = /** @type {any} */ (await response.json());
  for (const result of [results].flat()) if (result.meta) result.meta.served_by_primary = primary;
  return Response.json(results, { status: response.status, headers: { [TOKEN]: bookmark } });
}

/** The other copy becomes what the primary is now, and is read from then on. @param {Databases} databases */
async function catchUp({ PRIMARY, COPIES }) {
  const slot = 1 - copy.slot;
  const next = /** @type {Fetcher} */ (COPIES[slot]);
  const [exported] = await run(PRIMARY, [{ sql: 'PRAGMA miniflare_d1_export(?,?,?);', params: [0, 0] }]);
  const [old] = await run(next, [
    {
      sql: `SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'view', 'table') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\' ORDER BY type = 'table'`,
    },
  ]);
  const dropped = old.results.map(
    (/** @type {{ type: string, name: string }} */ { type, name }) => `DROP ${type} "${name.replaceAll('"', '""')}"`,
  );
  const all = ['PRAGMA defer_foreign_keys = TRUE', ...dropped, ...exported.results[0]];
  await run(
    next,
    all.map((sql) => ({ sql })),
  );
  Object.assign(copy, { at: written, slot, behindSince: undefined });
}

/** @param {Fetcher} on @param {Statement[]} statements @returns {Promise<any[]>} */
async function run(on, statements) {
  const response = await on.fetch('http://d1/query?resultsFormat=ARRAY_OF_OBJECTS', {
    method: 'POST',
    body: JSON.stringify(statements),
  });
  const results = [/** @type {any} */ (await response.json())].flat();
  const failure = results.find(({ success }) => !success);
  if (failure) throw new Error(`a read replica cannot be made: ${failure.error}`);
  return results;
}
