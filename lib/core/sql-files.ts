import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** A file with SQL. */
export interface SqlFile {
  /** The file's name, `0001_orders.sql`. */
  readonly name: string;
  readonly sql: string;
}

/** The `.sql` files of a directory, by their numbers; none where there is no such directory. */
export function readSqlFiles(directory: string): readonly SqlFile[] {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return [];
  // A new array: Pulumi does not know one that jest got from Node as an array.
  return [...readdirSync(directory)]
    .filter((name) => name.endsWith('.sql'))
    .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10) || (a < b ? -1 : 1))
    .map((name) => ({ name, sql: readFileSync(path.join(directory, name), 'utf8') }));
}
