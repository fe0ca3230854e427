import { setTimeout as sleep } from 'node:timers/promises';
import { statementsOf } from '../../../core/sql-statements';
import { userStatements, type DatabaseUser } from '../user-statements';
import { applyInTurn } from './apply-in-turn';
import { MigrationFailed } from './migration-failed';
import type { Applied } from './plan';
import type { Migration } from './request';
import { literal, type Session, type TimeLeft } from './session';

const LEDGER = 'lintel.lintel_migrations';
/** Advisory lock key of "lintel migrations", unlikely to be used by anything else. */
const LOCK = "hashtextextended('lintel_migrations', 0)";
/** A statement that waits for a lock blocks everyone after it. In milliseconds. */
const LOCK_TIMEOUT = 5_000;
const ATTEMPTS = 5;
/** With less time left than this, no retry is started. In milliseconds. */
const LEAST = 1000;
/** PostgreSQL did not get a lock in time. */
const NO_LOCK = '55P03';
/** How long to wait for another deployment before giving up, in milliseconds. */
const PATIENCE = 60_000;

/** Creates the ledger if missing, and reads it. From here on unqualified names mean `public`, whatever the user's name. */
export async function openLedger(session: Session): Promise<readonly Applied[]> {
  if (session.keepsState) await session.run('SET search_path TO public');
  await session.run('CREATE SCHEMA IF NOT EXISTS lintel');
  await session.run(
    `CREATE TABLE IF NOT EXISTS ${LEDGER} (name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now(), duration_ms integer NOT NULL)`,
  );
  return readLedger(session);
}

/** Waits until no other deployment is migrating. With the Data API, each transaction takes the lock itself. */
export async function lock(session: Session, left: TimeLeft): Promise<void> {
  if (!session.keepsState) return;
  for (const until = Date.now() + Math.min(PATIENCE, left() / 2); ; await sleep(500)) {
    const [row] = await session.run(`SELECT pg_try_advisory_lock(${LOCK}) AS got`);
    if (row?.got === true) return;
    if (Date.now() > until)
      throw new MigrationFailed('another deployment is migrating this database; deploy again once it has ended');
  }
}

/** Applies pending migrations, each file in its own transaction, or in none. */
export async function apply(
  session: Session,
  pending: readonly Migration[],
  left: TimeLeft,
): Promise<readonly string[]> {
  return applyInTurn(pending, {
    apply: (migration) =>
      isAlone(migration) ? applyAlone(session, migration, left) : applyPatiently(session, migration, left),
    trace: (failed) =>
      isAlone(failed)
        ? 'it ran outside a transaction, so check what it left behind (CREATE INDEX CONCURRENTLY leaves an invalid index) before you deploy again'
        : 'it was one transaction, and was rolled back',
  });
}

function isAlone({ Transaction }: Migration): boolean {
  return Transaction === 'no';
}

/** Creates the users in one transaction, so that none is without privileges in between. */
export async function makeUsers(
  session: Session,
  { users, own }: { readonly users: readonly DatabaseUser[]; readonly own: boolean },
  left: TimeLeft,
): Promise<void> {
  if (users.length === 0) return;
  const place = { engine: 'postgres', database: session.database, owner: session.user, own } as const;
  await inTransaction(session, left, async () => {
    for (const statement of userStatements(place, users)) await session.run(statement);
  });
}

/** Retries while another session holds a lock; in between, others make progress. */
async function applyPatiently(session: Session, migration: Migration, left: TimeLeft): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await applyOnce(session, migration, left);
    } catch (error) {
      const again = (error as { readonly code?: string }).code === NO_LOCK && attempt < ATTEMPTS;
      if (!again || left() < LEAST) throw error;
      await sleep(attempt * 500);
    }
  }
}

async function applyOnce(session: Session, migration: Migration, left: TimeLeft): Promise<void> {
  const begun = Date.now();
  await inTransaction(session, left, async () => {
    if (!session.keepsState) {
      // The Data API cannot return a column of type void.
      await session.run(`SELECT 1 FROM pg_advisory_xact_lock(${LOCK})`);
      // The previous holder of the lock may have applied it.
      if ((await readLedger(session)).some(({ name }) => name === migration.Name)) return;
    }
    for (const sql of session.takesSeveral ? [migration.sql] : textsOf(migration)) await session.run(sql);
    await session.run(entry(migration, begun));
  });
}

async function applyAlone(session: Session, migration: Migration, left: TimeLeft): Promise<void> {
  const begun = Date.now();
  if (session.keepsState) for (const limit of limits(left, 'SESSION')) await session.run(limit);
  for (const sql of textsOf(migration)) await session.run(sql);
  await session.run(entry(migration, begun));
}

function textsOf({ sql }: Migration): readonly string[] {
  return statementsOf(sql, 'postgres').map(({ text }) => text);
}

async function inTransaction(session: Session, left: TimeLeft, work: () => Promise<void>): Promise<void> {
  await session.begin();
  try {
    for (const limit of limits(left, 'LOCAL')) await session.run(limit);
    await session.run('SET LOCAL search_path TO public');
    await work();
    await session.commit();
  } catch (error) {
    await session.rollback().catch(() => undefined);
    throw error;
  }
}

function limits(left: TimeLeft, scope: 'LOCAL' | 'SESSION'): readonly string[] {
  const time = Math.max(LEAST, Math.floor(left()));
  return [
    `SET ${scope} lock_timeout = ${Math.min(LOCK_TIMEOUT, Math.floor(time / 4))}`,
    `SET ${scope} statement_timeout = ${time}`,
  ];
}

async function readLedger(session: Session): Promise<readonly Applied[]> {
  const rows = await session.run(`SELECT name, sha256 FROM ${LEDGER} ORDER BY name`);
  return rows.map(({ name, sha256 }) => ({ name: String(name), sha256: String(sha256) }));
}

function entry({ Name, Sha256 }: Migration, begun: number): string {
  return `INSERT INTO ${LEDGER} (name, sha256, duration_ms) VALUES (${literal(Name)}, ${literal(Sha256)}, ${Date.now() - begun})`;
}
