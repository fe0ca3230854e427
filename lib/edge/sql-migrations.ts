import { readFileSync } from 'node:fs';
import * as pulumi from '@pulumi/pulumi';
import type { Check } from '../core/check/check';
import { cloudflare as facts } from '../core/facts';
import { type SqlFile, withoutComments } from '../core/sql-files';

const FILE = /^(\d+)_[\w.-]+\.sql$/;

/** Statements that D1 refuses, because it runs a migration as one transaction already. */
const TRANSACTION =
  /^\s*(BEGIN(\s+(TRANSACTION|DEFERRED|IMMEDIATE|EXCLUSIVE)[^;]*)?|COMMIT|ROLLBACK|SAVEPOINT[^;]*)\s*;/im;

/** The rows of the validation table for a directory of migrations. */
export function migrationChecks(directory: string, migrations: readonly SqlFile[]): Check[] {
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
      readonly migrations: readonly SqlFile[];
    },
    opts: pulumi.CustomResourceOptions,
  ) {
    const __provider = readFileSync(require.resolve('./d1/migrations.js'), 'utf8');
    super('pulumi-nodejs:dynamic/lintel:SqlMigrations', name, { ...args, __provider }, opts);
  }
}
