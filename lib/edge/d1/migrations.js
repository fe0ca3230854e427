'use strict';
// Applies SQL migrations to a D1 database, each once and as a whole. This file is used in two ways, so it imports nothing:
// the local run calls `migrate`, and a deployment hands the file's text to Pulumi's dynamic provider, which calls `handler`.

/** @typedef {{ name: string, sql: string }} Migration */
/** @typedef {(sql: string) => Promise<Record<string, unknown>[]>} Query runs statements in one transaction; gives the rows */
/** @typedef {{ accountId: string, databaseId: string, migrations: Migration[] }} Inputs */

/** The table, as `wrangler d1 migrations` has it: a database that it has migrated is taken over as it is. */
const TABLE = `CREATE TABLE IF NOT EXISTS d1_migrations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT UNIQUE,
  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`;

/**
 * A migration's text, whichever line endings a checkout gave it: they are no part of what it is, and D1 splits statements by lines.
 * @param {string} sql
 */
function text(sql) {
  return sql.replace(/\r\n?/g, '\n');
}

/**
 * Applies the migrations that the database does not have yet, in order. The record and the statements of a migration are
 * one transaction, so a failed one leaves nothing behind, and of two who apply it at once only one does.
 * @param {Query} query
 * @param {readonly Migration[]} migrations in order; their names are file names without quotes
 * @returns {Promise<string[]>} the names that were applied now
 */
async function migrate(query, migrations) {
  await query(TABLE);
  const applied = async () => new Set((await query('SELECT name FROM d1_migrations')).map((row) => row.name));
  const done = await applied();
  /** @type {string[]} */
  const now = [];
  for (const { name, sql } of migrations.filter((migration) => !done.has(migration.name))) {
    try {
      await query(`INSERT INTO d1_migrations (name) VALUES ('${name}');\n${text(sql)}`);
      now.push(name);
    } catch (error) {
      if (!(await applied()).has(name)) {
        throw new Error(
          `migration '${name}' failed and was rolled back: ${error instanceof Error ? error.message : error}`,
        );
      }
    }
  }
  return now;
}

/**
 * The provider of the resource that applies migrations in a deployment, through Cloudflare's API.
 * @see https://www.pulumi.com/docs/iac/concepts/resources/dynamic-providers/
 */
function handler() {
  let baseUrl = '';
  let apiToken = '';
  /** @param {Inputs} inputs @returns {Query} */
  const queryOf =
    ({ accountId, databaseId }) =>
    async (sql) => {
      const response = await fetch(`${baseUrl}/accounts/${accountId}/d1/database/${databaseId}/query`, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ sql }),
      });
      /** @type {{ success?: boolean, result?: { results?: Record<string, unknown>[] }[], errors?: { message: string }[] }} */
      const { success, result = [], errors = [] } = Object(await response.json().catch(() => undefined));
      if (success) return result.flatMap(({ results = [] }) => results);
      throw new Error(errors.map(({ message }) => message).join('; ') || `Cloudflare answered ${response.status}`);
    };
  /** @param {Inputs} inputs */
  const apply = async (inputs) => {
    if (!apiToken) throw new Error("set CLOUDFLARE_API_TOKEN or 'pulumi config set --secret cloudflare:apiToken'");
    await migrate(queryOf(inputs), inputs.migrations);
    return { outs: inputs };
  };
  return {
    /** @param {{ config: { get(key: string): string | undefined } }} request */
    async configure({ config }) {
      apiToken = config.get('cloudflare:apiToken') ?? process.env.CLOUDFLARE_API_TOKEN ?? '';
      baseUrl = config.get('cloudflare:baseUrl') ?? 'https://api.cloudflare.com/client/v4';
    },
    /** @param {Partial<Inputs>} olds @param {Inputs} news */
    async check(olds, news) {
      const before = olds.databaseId === news.databaseId ? (olds.migrations ?? []) : [];
      const changed = before.find(({ name, sql }, index) => {
        const after = news.migrations[index];
        return after?.name !== name || text(after.sql) !== text(sql);
      });
      const reason = `'${changed?.name}' has been applied and must stay as it was; restore it and add a new migration`;
      return { inputs: news, failures: changed ? [{ property: 'migrations', reason }] : [] };
    },
    /** @param {string} _id @param {Inputs} olds @param {Inputs} news */
    async diff(_id, olds, news) {
      /** @param {string} key @param {unknown} value */
      const plain = (key, value) => (key === 'sql' && typeof value === 'string' ? text(value) : value);
      return {
        changes: ['accountId', 'databaseId', 'migrations'].some(
          (key) => JSON.stringify(Reflect.get(olds, key), plain) !== JSON.stringify(Reflect.get(news, key), plain),
        ),
        replaces: olds.databaseId === news.databaseId ? [] : ['databaseId'],
      };
    },
    /** @param {Inputs} inputs */
    async create(inputs) {
      return { id: `${inputs.databaseId}/migrations`, ...(await apply(inputs)) };
    },
    /** @param {string} _id @param {Inputs} _olds @param {Inputs} news */
    async update(_id, _olds, news) {
      return apply(news);
    },
  };
}

module.exports = { migrate, handler };
