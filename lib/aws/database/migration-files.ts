import { createHash } from 'node:crypto';
import type { Check } from '../../core/check/check';
import type { DatabaseEngine } from '../../core/facts/rds';
import type { SqlFile } from '../../core/sql-files';
import { statementsOf } from '../../core/sql-statements';
import { type RightsInSql, rightsIn } from './rights-in-sql';

/** A migration in the custom resource's properties: describes a file packaged with the function's code. */
export interface MigrationFile {
  readonly Name: string;
  readonly Sha256: string;
  readonly Transaction: 'yes' | 'no';
  /** Whether its SQL changes privileges: a comparison of two templates uses it to tell whether a user's privileges may widen. */
  readonly Rights: RightsInSql;
}

/** The first line of a file that must not run in a transaction. */
const NO_TRANSACTION = /^\s*--\s*no transaction\b/i;

const FILE = /^\d+_[\w.-]+\.sql$/;
const CONTROL = /^(BEGIN|START\s+TRANSACTION|COMMIT|ROLLBACK|ABORT|END|SAVEPOINT|RELEASE|PREPARE\s+TRANSACTION)\b/i;

/** What PostgreSQL refuses inside a transaction. */
const ALONE =
  /^(CREATE\s+(UNIQUE\s+)?INDEX\s+CONCURRENTLY|DROP\s+INDEX\s+CONCURRENTLY|REINDEX\b[\s\S]*\bCONCURRENTLY|VACUUM|CREATE\s+DATABASE|DROP\s+DATABASE|ALTER\s+SYSTEM)\b/i;

/** Migrations as properties of the custom resource. MySQL implicitly commits at every DDL statement. */
export function migrationFiles(engine: DatabaseEngine, files: readonly SqlFile[]): readonly MigrationFile[] {
  return files.map(({ name, sql }) => ({
    Name: name,
    Sha256: createHash('sha256').update(sql).digest('hex'),
    Transaction: engine === 'mysql' || NO_TRANSACTION.test(sql) ? 'no' : 'yes',
    Rights: rightsIn(sql, engine),
  }));
}

/** Checks of a directory of migrations. */
export function migrationChecks(engine: DatabaseEngine, directory: string, files: readonly SqlFile[]): Check[] {
  const numbers = files.map(({ name }) => Number.parseInt(name, 10));
  const row = (value: string, valid: () => boolean, rule: string, remedy: string): Check => ({
    prop: 'migrations',
    value,
    valid,
    rule,
    remedy,
  });
  return [
    row(directory, () => files.length > 0, 'must be a directory with SQL files', `create ${directory}/0001_first.sql`),
    ...files.flatMap(({ name, sql }, index) => {
      const statements = statementsOf(sql, engine);
      const alone = engine === 'mysql' || NO_TRANSACTION.test(sql);
      return [
        row(
          name,
          () => FILE.test(name) && numbers.indexOf(numbers[index]!) === index,
          'must contain files with unique numbers: 0001_orders.sql',
          'rename it, unless it has already been applied',
        ),
        row(name, () => statements.length > 0, 'must contain files with a statement', 'write it, or delete the file'),
        row(
          name,
          () => !statements.some(({ bare }) => CONTROL.test(bare)),
          'must not begin or end transactions',
          'remove the statement: a file is one transaction, or none',
        ),
        row(
          name,
          () => !alone || statements.length <= 1,
          engine === 'mysql'
            ? 'must contain files of one statement each, since MySQL commits at every DDL statement and a failed file could not be resumed'
            : 'must have only one statement in a file without a transaction, which could not be resumed in the middle',
          'put each statement in a file of its own',
        ),
        row(
          name,
          () => alone || !statements.some(({ bare }) => ALONE.test(bare)),
          'must not contain what PostgreSQL refuses in a transaction, such as CREATE INDEX CONCURRENTLY',
          "put the statement in a file of its own whose first line is '-- no transaction'",
        ),
      ];
    }),
  ];
}
