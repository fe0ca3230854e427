import { identifier, literal } from '../wire/query';

/** The master user of a new PostgreSQL. */
export interface FirstUser {
  readonly name: string;
  /** Whether it authenticates with IAM. */
  readonly iam: boolean;
}

/**
 * What RDS creates in a new PostgreSQL: its own roles and the master user, who is not a superuser. Only the owner of the
 * schema `public` may create objects in it.
 */
export function bootstrapOf({ name, iam }: FirstUser, databases: readonly string[]): string {
  const first = identifier(name);
  return [
    'CREATE ROLE rds_superuser',
    'CREATE ROLE rds_iam',
    'CREATE ROLE rds_password',
    'CREATE ROLE rdsproxyadmin LOGIN',
    'GRANT rds_iam, pg_monitor, pg_signal_backend TO rds_superuser WITH ADMIN OPTION',
    `CREATE ROLE ${first} LOGIN CREATEDB CREATEROLE`,
    `GRANT rds_superuser TO ${first}`,
    ...(iam ? [`GRANT rds_iam TO ${first}`] : []),
    ...['postgres', ...databases].map((database) => `ALTER DATABASE ${identifier(database)} OWNER TO ${first}`),
  ].join(';\n');
}

/** Sets the master user's password. */
export function passwordOf(name: string, password: string): string {
  return `ALTER ROLE ${identifier(name)} PASSWORD ${literal(password)}`;
}
