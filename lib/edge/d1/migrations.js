'use strict';
// Applies SQL migrations to a D1 database, each once and as a whole. This file is used in two ways, so it imports nothing:
// the local run calls `migrate`, and a deployment hands the file's text to Pulumi's dynamic provider, which calls `handler`.

/** @typedef {{ name: string, sql: string }} Migration */
/** @typedef {Record<string, unknown>} Row */
/** @typedef {{ query(sql: string): Promise<Row[]>, apply(record: string, sql: string): Promise<unknown> }} Database runs a statement; runs a record and a migration as a whole */
/** @typedef {{ accountId: string, databaseId: string, migrations: Migration[], restorePoint?: boolean }} Inputs */

/** The table, as `wrangler d1 migrations` has it: a database that it has migrated is taken over as it is. */
const TABLE = `CREATE TABLE IF NOT EXISTS d1_migrations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT UNIQUE,
  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`;

/** Nobody can say whether what was asked for was done. */
class NoAnswer extends Error {}

/**
 * A migration's text, whichever line endings a checkout gave it: they are no part of what it is.
 * @param {string} sql
 */
function text(sql) {
  return sql.replace(/\r\n?/g, '\n');
}

/**
 * Applies the migrations that the database does not have yet, in order. The record comes first, so of two who apply a migration
 * at once only one does. After a failure the database is looked at: what the service says of it may be wrong.
 * @param {Database} database
 * @param {readonly Migration[]} migrations in order; their names are file names without quotes
 * @returns {Promise<string[]>} the names that were applied now
 */
async function migrate(database, migrations) {
  await database.query(TABLE);
  const applied = async () => new Set((await database.query('SELECT name FROM d1_migrations')).map((row) => row.name));
  const done = await applied();
  /** @type {string[]} */
  const now = [];
  for (const { name, sql } of migrations.filter((migration) => !done.has(migration.name))) {
    const before = await schema(database);
    try {
      await database.apply(`INSERT INTO d1_migrations (name) VALUES ('${name}')`, text(sql));
      now.push(name);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const isRecorded = (await applied()).has(name);
      // Another one has applied it in the meantime, or the answer was lost on its way.
      if (isRecorded && (error instanceof NoAnswer || /d1_migrations\.name/.test(reason))) continue;
      const after = await schema(database);
      const left = [...after].filter(([key, made]) => before.get(key) !== made).map(([key]) => key);
      const gone = [...before.keys()].filter((key) => !after.has(key));
      const traces = [
        ...(isRecorded ? ['its record'] : []),
        ...left.map((key) => `${key} as it makes it`),
        ...gone.map((key) => `no ${key}`),
      ];
      throw new Error(
        traces.length === 0
          ? `migration '${name}' failed, without a record or a change of the schema: ${reason}`
          : `migration '${name}' is half applied: it failed, and there is ${traces.join(', ')}; put the database right before the next deployment: ${reason}`,
      );
    }
  }
  return now;
}

/**
 * What the database consists of, by kind and name.
 * @param {Database} database
 * @returns {Promise<Map<string, unknown>>}
 */
async function schema(database) {
  const rows = await database.query(
    "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%' ORDER BY name",
  );
  return new Map(rows.map(({ type, name, sql }) => [`the ${type} '${name}'`, sql]));
}

/**
 * Whether a migration cannot be sent to `/query`, which splits it by itself and fails on triggers in several spellings: it goes
 * as a file that is imported.
 * @param {string} sql
 * @see https://github.com/cloudflare/workers-sdk/issues/15314
 */
function needsImport(sql) {
  const code = sql.replace(/--[^\n]*|\/\*[^]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"/g, ' ');
  return /\b(trigger|begin|case)\b/i.test(code);
}

/**
 * The provider of the resource that applies migrations in a deployment, through Cloudflare's API.
 * @see https://www.pulumi.com/docs/iac/concepts/resources/dynamic-providers/
 */
function handler() {
  let baseUrl = '';
  let apiToken = '';
  /** How long an import may take, and how often is asked, in milliseconds. */
  const [most, pause] = [15 * 60_000, 1_000];

  /** @param {Inputs} inputs */
  const databaseOf = ({ accountId, databaseId }) => {
    /** @param {string} action @param {unknown} [body] @returns {Promise<any>} */
    const ask = async (action, body) => {
      const response = await fetch(`${baseUrl}/accounts/${accountId}/d1/database/${databaseId}/${action}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }).catch((error) => {
        throw new NoAnswer(`no answer of ${baseUrl}: ${error instanceof Error ? error.message : error}`);
      });
      /** @type {{ success?: boolean, result?: any, errors?: { message: string }[] }} */
      const { success, result, errors = [] } = Object(await response.json().catch(() => undefined));
      if (success) return result;
      const reason = errors.map(({ message }) => message).join('; ') || `Cloudflare answered ${response.status}`;
      throw response.status < 500 ? new Error(reason) : new NoAnswer(reason);
    };
    /** @param {string} sql @returns {Promise<Row[]>} */
    const query = async (sql) =>
      (await ask('query', { sql })).flatMap((/** @type {{ results?: Row[] }} */ { results = [] }) => results);
    /** @param {string} sql */
    const importFile = async (sql) => {
      // Of another content each time: the service remembers what came of a file.
      const file = `-- ${new Date().toISOString()}\n${sql}\n`;
      const etag = require('node:crypto').createHash('md5').update(file).digest('hex');
      let state = await ask('import', { action: 'init', etag });
      if (state.upload_url !== undefined) {
        const sent = await fetch(state.upload_url, { method: 'PUT', body: file });
        if (!sent.ok) throw new Error(`the file could not be sent: ${sent.status}`);
        state = await ask('import', { action: 'ingest', etag, filename: state.filename });
      }
      for (const end = Date.now() + most; ;) {
        if (state.status === 'complete') return;
        if (state.status === 'error' || state.success === false)
          throw new Error([state.error ?? state.errors, state.messages].flat().filter(Boolean).join('; '));
        if (Date.now() > end) throw new NoAnswer('the import has not ended within 15 minutes');
        await new Promise((resolve) => setTimeout(resolve, pause));
        state = await ask('import', { action: 'poll', current_bookmark: state.at_bookmark });
      }
    };
    return {
      query,
      /** @param {string} record @param {string} sql */
      apply: (record, sql) => (needsImport(sql) ? importFile(`${record};\n${sql}`) : query(`${record};\n${sql}`)),
      bookmark: async () => String((await ask('time_travel/bookmark')).bookmark),
    };
  };

  /** @param {Inputs} inputs @param {{ bookmark?: string }} [olds] */
  const apply = async (inputs, olds) => {
    if (!apiToken) throw new Error("set CLOUDFLARE_API_TOKEN or 'pulumi config set --secret cloudflare:apiToken'");
    const database = databaseOf(inputs);
    const bookmark = inputs.restorePoint ? await database.bookmark() : olds?.bookmark;
    try {
      await migrate(database, inputs.migrations);
    } catch (error) {
      const restore = `; it can be restored to '${bookmark}': POST ${baseUrl}/accounts/${inputs.accountId}/d1/database/${inputs.databaseId}/time_travel/restore?bookmark=${bookmark}`;
      throw new Error(`${error instanceof Error ? error.message : error}${inputs.restorePoint ? restore : ''}`);
    }
    return { outs: bookmark === undefined ? inputs : { ...inputs, bookmark } };
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
        changes: ['accountId', 'databaseId', 'migrations', 'restorePoint'].some(
          (key) => JSON.stringify(Reflect.get(olds, key), plain) !== JSON.stringify(Reflect.get(news, key), plain),
        ),
        replaces: olds.databaseId === news.databaseId ? [] : ['databaseId'],
      };
    },
    /** @param {Inputs} inputs */
    async create(inputs) {
      return { id: `${inputs.databaseId}/migrations`, ...(await apply(inputs)) };
    },
    /** @param {string} _id @param {Inputs & { bookmark?: string }} olds @param {Inputs} news */
    async update(_id, olds, news) {
      return apply(news, olds);
    },
  };
}

module.exports = { migrate, handler };
