import type { TursoSettings } from '../database/http';

/**
 * Settings for an `EdgeHttpDatabase` of kind `turso`, for `createClient(...)` of `@libsql/client/web`: each statement, batch or
 * interactive transaction of the driver is a request or a few.
 *
 * @example
 * import { createClient } from '@libsql/client/web';
 * import { turso } from 'lintel/runtime/edge';
 *
 * const { rows } = await createClient(turso(env, 'DB')).execute('SELECT * FROM orders');
 *
 * @param env the Worker's bindings
 * @param access the name in the Worker's `access`
 * @throws Error when there is no such access, or it is of another kind
 */
export function turso(env: object, access: string): TursoSettings {
  const part = (name: string): string => {
    const value = (env as Readonly<Record<string, unknown>>)[name];
    if (typeof value === 'string' && value !== '') return value;
    throw new Error(`There is no binding '${name}'; name the database in 'access': { ${access}: db.connect() }`);
  };
  const kind = part(`${access}_KIND`);
  if (kind !== 'turso') throw new Error(`The database '${access}' is of kind '${kind}', not 'turso'`);
  // The driver for the web speaks HTTP, whatever the scheme is called.
  return { url: part(`${access}_URL`).replace(/^libsql:/, 'https:'), authToken: part(access) };
}
