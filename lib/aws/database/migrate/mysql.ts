import { statementsOf } from '../../../core/sql-statements';
import { userStatements, type DatabaseUser } from '../user-statements';
import { applyInTurn } from './apply-in-turn';
import { MigrationFailed } from './migration-failed';
import type { Applied } from './plan';
import type { Migration } from './request';
import { literal, type Session, type TimeLeft } from './session';

const LEDGER = 'lintel_migrations';
const PATIENCE = 60;
/** Plugin for IAM authentication. */
const PLUGIN = 'AWSAuthenticationPlugin';
/** A statement that waits for a table lock blocks everyone after it. In seconds. */
const LOCK_TIMEOUT = 5;

/** Creates the ledger if missing, and reads it. */
export async function openLedger(session: Session): Promise<readonly Applied[]> {
  await session.run(
    `CREATE TABLE IF NOT EXISTS ${LEDGER} (name varchar(255) PRIMARY KEY, sha256 char(64) NOT NULL, applied_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP, duration_ms int NOT NULL)`,
  );
  const rows = await session.run(`SELECT name, sha256 FROM ${LEDGER} ORDER BY name`);
  return rows.map(({ name, sha256 }) => ({ name: String(name), sha256: String(sha256) }));
}

/** Waits until no other deployment is migrating. The Data API holds no lock: there, only CloudFormation serializes deployments, within one stack. */
export async function lock(session: Session, left: TimeLeft): Promise<void> {
  if (!session.keepsState) return;
  const seconds = Math.max(1, Math.min(PATIENCE, Math.floor(left() / 2000)));
  const [row] = await session.run(`SELECT GET_LOCK('${LEDGER}', ${seconds}) AS got`);
  if (Number(row?.got) !== 1)
    throw new MigrationFailed('another deployment is migrating this database; deploy again once it has ended');
  await session.run(`SET SESSION lock_wait_timeout = ${LOCK_TIMEOUT}`);
}

/** Applies pending migrations, statement by statement: MySQL commits at every DDL statement. */
export async function apply(
  session: Session,
  pending: readonly Migration[],
  left: TimeLeft,
): Promise<readonly string[]> {
  let ran: Migration | undefined;
  return applyInTurn(pending, {
    apply: async (migration) => {
      const begun = Date.now();
      if (left() <= 0) throw new Error('no time was left to start it');
      for (const { text } of statementsOf(migration.sql, 'mysql')) await session.run(text);
      ran = migration;
      const values = `${literal(migration.Name)}, ${literal(migration.Sha256)}, ${Date.now() - begun}`;
      await session.run(`INSERT INTO ${LEDGER} (name, sha256, duration_ms) VALUES (${values})`);
    },
    trace: (failed) =>
      ran === failed
        ? `its statement was executed, but not recorded in ${LEDGER}: add the row before you deploy again`
        : 'MySQL rolls back a single failed statement as a whole',
  });
}

/**
 * Creates the users.
 * @throws MigrationFailed for an existing user that authenticates other than by IAM
 */
export async function makeUsers(
  session: Session,
  { users, own }: { readonly users: readonly DatabaseUser[]; readonly own: boolean },
): Promise<void> {
  if (users.length === 0) return;
  await refuseOthers(session, users);
  const place = { engine: 'mysql', database: session.database, owner: session.user, own } as const;
  for (const statement of userStatements(place, users)) await session.run(statement);
}

/** `CREATE USER IF NOT EXISTS` leaves an existing user as it is: IAM would not work for it, and its password would still be valid. */
async function refuseOthers(session: Session, users: readonly DatabaseUser[]): Promise<void> {
  const names = users.map(({ Name }) => literal(Name)).join(', ');
  const there = await session.run(
    `SELECT User AS name, plugin AS plugin FROM mysql.user WHERE Host = '%' AND User IN (${names})`,
  );
  const others = there.filter(({ plugin }) => plugin !== PLUGIN);
  if (others.length === 0) return;
  throw new MigrationFailed(
    `${others.map(({ name, plugin }) => `'${String(name)}' already exists and authenticates with ${String(plugin)}`).join(', ')}, not IAM; ` +
      `drop it, change it to ${PLUGIN}, or name another`,
  );
}
