/** Where a database is, and the user: what the construct's `connect()` sets. */
export interface ConnectionSettings {
  readonly host: string;
  readonly port: number;
  /** The database within it. */
  readonly name: string;
  readonly user: string;
  readonly region: string;
  /** Whether it is the database itself rather than a proxy: its certificate is then one of RDS's. */
  readonly direct: boolean;
  /** Whether it is Aurora DSQL, which has its own tokens and an Amazon certificate. */
  readonly dsql: boolean;
}

const PARTS = ['HOST', 'PORT', 'NAME', 'USER', 'REGION'] as const;

/**
 * Reads the variables of a database.
 * @throws Error when some are not set; the message names all of them
 */
export function connectionSettings(access: string): ConnectionSettings {
  const missing = PARTS.map((part) => `${access}_${part}`).filter((name) => !process.env[name]);
  if (missing.length > 0) {
    const names = missing.map((name) => `'${name}'`).join(', ');
    throw new Error(
      `The variables ${names} are not set; name the database in 'access': { ${access}: db.connect(...) }`,
    );
  }
  const part = (name: (typeof PARTS)[number]) => process.env[`${access}_${name}`]!;
  const port = Number(part('PORT'));
  if (!Number.isInteger(port)) throw new Error(`The variable '${access}_PORT' must be a port, got '${part('PORT')}'`);
  const dsql = process.env[`${access}_KIND`] === 'dsql';
  return {
    host: part('HOST'),
    port,
    name: part('NAME'),
    user: part('USER'),
    region: part('REGION'),
    direct: process.env[`${access}_DIRECT`] === '1' && !dsql,
    dsql,
  };
}
