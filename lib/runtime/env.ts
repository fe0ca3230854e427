import type { VariableName } from './declared';

/**
 * A variable of the function. Read outside of the handler, a missing one fails at startup, before any event, and is named in
 * the error. With the declaration from `lintel types`, a misspelt name does not compile.
 * @throws Error when it is not set
 * @example
 * const table = env('ORDERS');
 */
export function env(name: VariableName): string {
  const value = process.env[name];
  if (value !== undefined) return value;
  throw new Error(`The variable '${name}' is not set; name it in the 'access' or the 'environment' of the function`);
}
