import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import type { Check } from '../core/check/check';
import { cloudflare as facts } from '../core/facts';

/** One SQL migration. */
export interface SqlMigration {
  /** The file's name, `0001_orders.sql`. */
  readonly name: string;
  readonly sql: string;
}

const FILE = /^(\d+)_[\w.-]+\.sql$/;

/** Statements that D1 refuses, because it runs a migration as one transaction already. */
const TRANSACTION =
  /^\s*(BEGIN(\s+(TRANSACTION|DEFERRED|IMMEDIATE|EXCLUSIVE)[^;]*)?|COMMIT|ROLLBACK|SAVEPOINT[^;]*)\s*;/im;

/** The `.sql` files of a directory, by their numbers. */
export function readMigrations(directory: string): readonly SqlMigration[] {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return [];
  // A new array: Pulumi does not know one that jest got from Node as an array.
  return [...readdirSync(directory)]
    .filter((name) => name.endsWith('.sql'))
    .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10) || (a < b ? -1 : 1))
    .map((name) => ({ name, sql: readFileSync(path.join(directory, name), 'utf8') }));
}

/** The rows of the validation table for a directory of migrations. */
export function migrationChecks(directory: string, migrations: readonly SqlMigration[]): Check[] {
  const numbers = migrations.map(({ name }) => Number(FILE.exec(name)?.[1]));
  return [
    {
      prop: 'migrations',
      value: directory,
      valid: () => migrations.length > 0,
      rule: 'must be a directory with SQL files',
      remedy: `create ${directory}/0001_first.sql`,
    },
    ...migrations.flatMap(({ name, sql }, index) => [
      {
        prop: 'migrations',
        value: name,
        valid: () => FILE.test(name) && numbers.indexOf(numbers[index]!) === index,
        rule: 'must hold files named by a number of their own: 0001_orders.sql',
        remedy: 'rename it',
      },
      {
        prop: 'migrations',
        value: name,
        valid: () => withoutComments(sql).trim() !== '',
        rule: 'must hold files with at least one statement',
        remedy: 'write it or delete the file',
      },
      {
        prop: 'migrations',
        value: name,
        valid: () => !TRANSACTION.test(withoutComments(sql)),
        rule: 'must not start or end transactions',
        remedy: 'remove the statement: each migration is one transaction',
      },
      {
        prop: 'migrations',
        value: name,
        valid: () =>
          Math.max(...sql.split(';').map((part) => Buffer.byteLength(part))) <= facts.databaseStatementSize.value,
        rule: `must not hold a statement of more than ${facts.databaseStatementSize.value} bytes`,
        remedy: 'split it; rows can be inserted by several statements',
      },
    ]),
  ];
}

function withoutComments(sql: string): string {
  return sql.replace(/'(?:[^']|'')*'/g, "''").replace(/--.*$|\/\*[\s\S]*?\*\//gm, '');
}

/**
 * Applies migrations in a deployment: a dynamic resource, whose provider is the text of `d1/migrations.js`. It is written
 * as such rather than serialised from a function, which would load the TypeScript compiler into every program.
 */
export class SqlMigrations extends pulumi.CustomResource {
  declare readonly databaseId: pulumi.Output<string>;

  constructor(
    name: string,
    args: {
      readonly accountId: pulumi.Input<string>;
      readonly databaseId: pulumi.Input<string>;
      readonly migrations: readonly SqlMigration[];
    },
    opts: pulumi.CustomResourceOptions,
  ) {
    const __provider = readFileSync(require.resolve('./d1/migrations.js'), 'utf8');
    super('pulumi-nodejs:dynamic/lintel:SqlMigrations', name, { ...args, __provider }, opts);
  }
}
