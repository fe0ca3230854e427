import { statementsOf } from '../../../core/sql-statements';
import { userStatements, type DatabaseUser } from '../user-statements';
import { applyInTurn } from './apply-in-turn';
import { MigrationFailed } from './migration-failed';
import type { Applied } from './plan';
import type { Migration } from './request';
import { literal, type Session, type TimeLeft } from './session';

const LEDGER = 'lintel_migrations';
const PATIENCE = 60;
/** By which users come with IAM. */
const PLUGIN = 'AWSAuthenticationPlugin';
/** Who waits for a lock on a table holds up everybody who comes after, in seconds. */
const LOCK_TIMEOUT = 5;

/** Makes the ledger, and reads it. */
export async function openLedger(session: Session): Promise<readonly Applied[]> {
  await session.run(
    `CREATE TABLE IF NOT EXISTS ${LEDGER} (name varchar(255) PRIMARY KEY, sha256 char(64) NOT NULL, applied_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP, duration_ms int NOT NULL)`,
  );
  const rows = await session.run(`SELECT name, sha256 FROM ${LEDGER} ORDER BY name`);
  return rows.map(({ name, sha256 }) => ({ name: String(name), sha256: String(sha256) }));
}

/** Waits until no other deployment migrates. The Data API keeps no lock: there, only CloudFormation keeps them apart, within one stack. */
export async function lock(session: Session, left: TimeLeft): Promise<void> {
  if (!session.keepsState) return;
  const seconds = Math.max(1, Math.min(PATIENCE, Math.floor(left() / 2000)));
  const [row] = await session.run(`SELECT GET_LOCK('${LEDGER}', ${seconds}) AS got`);
  if (Number(row?.got) !== 1)
    throw new MigrationFailed('another deployment is migrating this database; deploy again when it has ended');
  await session.run(`SET SESSION lock_wait_timeout = ${LOCK_TIMEOUT}`);
}

/** Applies what is pending, a statement at a time: MySQL commits at each that makes something. */
export async function apply(
  session: Session,
  pending: readonly Migration[],
  left: TimeLeft,
): Promise<readonly string[]> {
  let ran: Migration | undefined;
  return applyInTurn(pending, {
    apply: async (migration) => {
      const begun = Date.now();
      if (left() <= 0) throw new Error('no time was left to begin with it');
      for (const { text } of statementsOf(migration.sql, 'mysql')) await session.run(text);
      ran = migration;
      const values = `${literal(migration.Name)}, ${literal(migration.Sha256)}, ${Date.now() - begun}`;
      await session.run(`INSERT INTO ${LEDGER} (name, sha256, duration_ms) VALUES (${values})`);
    },
    trace: (failed) =>
      ran === failed
        ? `its statement was done, and only ${LEDGER} does not know: add the row before you deploy again`
        : 'a statement that fails is taken back by MySQL as a whole, where it is one',
  });
}

/**
 * Makes the users.
 * @throws MigrationFailed for one who is there already, and comes by something else than IAM
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

/** `CREATE USER IF NOT EXISTS` leaves a user as it is: nobody could come as one by IAM, and its password would be good still. */
async function refuseOthers(session: Session, users: readonly DatabaseUser[]): Promise<void> {
  const names = users.map(({ Name }) => literal(Name)).join(', ');
  const there = await session.run(
    `SELECT User AS name, plugin AS plugin FROM mysql.user WHERE Host = '%' AND User IN (${names})`,
  );
  const others = there.filter(({ plugin }) => plugin !== PLUGIN);
  if (others.length === 0) return;
  throw new MigrationFailed(
    `${others.map(({ name, plugin }) => `'${String(name)}' is there already and comes by ${String(plugin)}`).join(', ')}, not by IAM; ` +
      `drop it, change it to ${PLUGIN}, or name another`,
  );
}
