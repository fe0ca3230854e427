'use strict';
// Applies SQL migrations to a D1 database, each once and as a whole. The file has two uses, so it imports nothing:
// the local run calls `migrate`, and a deployment passes the file's text to Pulumi's dynamic provider, which calls `handler`.

/** @typedef {{ name: string, sql: string }} Migration */
/** @typedef {Record<string, unknown>} Row */
/** @typedef {{ query(sql: string): Promise<Row[]>, apply(sql: string): Promise<unknown> }} Database runs a statement; runs statements as a whole */
/** @typedef {{ accountId: string, databaseId: string, migrations: Migration[], restorePoint?: boolean }} Inputs */

/** The table of `wrangler d1 migrations`, so that a database migrated by it is taken over as it is. */
const TABLE = `CREATE TABLE IF NOT EXISTS d1_migrations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT UNIQUE,
  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`;

/** Suffix of a record's name until the last statement of its migration has run. */
const BEGUN = ' (begun)';

/** It is unknown whether a request was carried out. */
class NoAnswer extends Error {}

/**
 * A migration's text, independent of the line endings of a checkout.
 * @param {string} sql
 */
function text(sql) {
  return sql.replace(/\r\n?/g, '\n');
}

/**
 * A migration between its records. The first insert fails if another run has already recorded it, so of two that apply a migration at once
 * only one does; the record gets the migration's own name only after the last statement, which proves that all before have run.
 * @param {Migration} migration
 */
function recorded({ name, sql }) {
  const isEnded = code(sql).trimEnd().endsWith(';');
  return [
    `INSERT INTO d1_migrations (name) VALUES ('${name}');`,
    `UPDATE d1_migrations SET name = '${name}${BEGUN}' WHERE name = '${name}';`,
    `${text(sql)}${isEnded ? '' : '\n;'}`,
    `UPDATE d1_migrations SET name = '${name}' WHERE name = '${name}${BEGUN}';`,
  ].join('\n');
}

/**
 * Applies the migrations that the database does not have yet, in order. After a failure the database is inspected, since
 * the service's error may be wrong.
 * @param {Database} database
 * @param {readonly Migration[]} migrations in order; their names are file names without quotes
 * @param {{ looks?: number, pause?: number }} [patience] how often to check whether an unanswered request was carried out after all,
 *   and the milliseconds between checks
 * @returns {Promise<string[]>} the names of those applied now
 */
async function migrate(database, migrations, { looks = 30, pause = 1_000 } = {}) {
  await database.query(TABLE);
  const applied = async () => new Set((await database.query('SELECT name FROM d1_migrations')).map((row) => row.name));
  const done = await applied();
  const begun = [...done].map(String).find((name) => name.endsWith(BEGUN));
  if (begun !== undefined) {
    const name = begun.slice(0, -BEGUN.length);
    throw new Error(
      `migration '${name}' was started but has not finished: either another run is applying it, or it is half applied; in that case repair the database, and in d1_migrations rename '${begun}' to '${name}', or delete it to apply the migration again`,
    );
  }
  /** @type {string[]} */
  const now = [];
  for (const migration of migrations.filter(({ name }) => !done.has(name))) {
    const { name } = migration;
    const before = await schema(database);
    try {
      await database.apply(recorded(migration));
      now.push(name);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const records = await looked(name, reason, applied);
      // An unanswered request may be in progress: an import continues whether or not its start was answered.
      for (let wait = 0; error instanceof NoAnswer && !records.has(name) && wait < looks; wait++) {
        await new Promise((resolve) => setTimeout(resolve, pause));
        records.clear();
        for (const record of await looked(name, reason, applied)) records.add(record);
      }
      // Another run has applied it in the meantime, or the response was lost.
      if (records.has(name)) continue;
      if (error instanceof NoAnswer && records.has(name + BEGUN))
        throw new Error(
          `migration '${name}' got no answer, and was started but has not finished: it is in progress, or half applied; check d1_migrations before the next deployment: ${reason}`,
        );
      const after = await schema(database);
      const left = [...after].filter(([key, made]) => before.get(key) !== made).map(([key]) => key);
      const gone = [...before.keys()].filter((key) => !after.has(key));
      const traces = [
        ...(records.has(name + BEGUN) ? [`its record '${name}${BEGUN}'`] : []),
        ...left.map((key) => `${key} as it creates it`),
        ...gone.map((key) => `no ${key}`),
      ];
      const came = error instanceof NoAnswer ? 'got no answer' : 'failed';
      throw new Error(
        traces.length === 0
          ? `migration '${name}' ${came}, without a record or a change of the schema: ${reason}`
          : `migration '${name}' is half applied: it ${came}, and there is ${traces.join(', ')}; repair the database before the next deployment: ${reason}`,
      );
    }
  }
  return now;
}

/**
 * The records after a failure.
 * @param {string} name @param {string} reason @param {() => Promise<Set<unknown>>} records
 */
async function looked(name, reason, records) {
  return records().catch((error) => {
    const why = error instanceof Error ? error.message : error;
    throw new Error(
      `the outcome of migration '${name}' is unknown: ${reason}, and the database cannot be inspected: ${why}`,
    );
  });
}

/**
 * Schema objects of the database, by kind and name.
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
 * A migration without comments, and with emptied strings and quoted names.
 * @param {string} sql
 */
function code(sql) {
  return sql.replace(/--[^\n]*|\/\*[^]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"/g, (found) =>
    /^['"]/.test(found) ? "''" : ' ',
  );
}

/**
 * Whether a migration cannot be sent to `/query`, which splits it itself and fails on triggers in several spellings: it is then
 * imported as a file.
 * @param {string} sql
 * @see https://github.com/cloudflare/workers-sdk/issues/15314
 */
function needsImport(sql) {
  return /\b(trigger|begin|case)\b/i.test(code(sql));
}

/**
 * The provider of the resource that applies migrations in a deployment, through Cloudflare's API.
 * @param {{ looks?: number, pause?: number }} [patience] as of `migrate`
 * @see https://www.pulumi.com/docs/iac/concepts/resources/dynamic-providers/
 */
function handler(patience = {}) {
  let baseUrl = '';
  let apiToken = '';
  /** How long an import may take, and how often to poll, in milliseconds. */
  const [most, pause] = [15 * 60_000, patience.pause ?? 1_000];

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
      const answer = await response.json().catch(() => undefined);
      /** @type {{ success?: boolean, result?: any, errors?: { message: string }[] }} */
      const { success, result, errors = [] } = Object(answer);
      if (success) return result;
      const reason = errors.map(({ message }) => message).join('; ') || `Cloudflare answered ${response.status}`;
      // A truncated response says as little as none.
      const isKnown = answer !== undefined && response.status < 500 && response.status !== 429;
      throw isKnown ? new Error(reason) : new NoAnswer(reason);
    };
    /** @param {string} sql @returns {Promise<Row[]>} */
    const query = async (sql) =>
      (await ask('query', { sql })).flatMap((/** @type {{ results?: Row[] }} */ { results = [] }) => results);
    /** @param {string} sql */
    const importFile = async (sql) => {
      // Different content each time: the service remembers the outcome of a file.
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
        if (Date.now() > end) throw new NoAnswer('the import did not finish within 15 minutes');
        await new Promise((resolve) => setTimeout(resolve, pause));
        const poll = { action: 'poll', current_bookmark: state.at_bookmark };
        state = await ask('import', poll).catch((error) => {
          // The import continues, whether or not this poll was answered.
          if (error instanceof NoAnswer) return state;
          throw error;
        });
      }
    };
    return {
      query,
      /** @param {string} sql */
      apply: (sql) => (needsImport(sql) ? importFile(sql) : query(sql)),
      bookmark: async () => String((await ask('time_travel/bookmark')).bookmark),
    };
  };

  /** @param {Inputs} inputs @param {{ bookmark?: string }} [olds] */
  const apply = async (inputs, olds) => {
    if (!apiToken) throw new Error("set CLOUDFLARE_API_TOKEN or 'pulumi config set --secret cloudflare:apiToken'");
    const database = databaseOf(inputs);
    const bookmark = inputs.restorePoint ? await database.bookmark() : olds?.bookmark;
    try {
      await migrate(database, inputs.migrations, patience);
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
      const reason = `'${changed?.name}' has been applied and must not be changed; restore it and add a new migration`;
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
