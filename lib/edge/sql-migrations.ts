import { readFileSync } from 'node:fs';
import * as pulumi from '@pulumi/pulumi';
import type { Check } from '../core/check/check';
import { cloudflare as facts } from '../core/facts';
import type { SqlFile } from '../core/sql-files';
import { type Statement, statementsOf } from './d1/statements';

const FILE = /^(\d+)_[\w.-]+\.sql$/;

const TRANSACTIONS = {
  rule: 'must not start or end transactions',
  remedy: 'remove the statement: each migration is one transaction',
};
const DATABASES = {
  rule: 'must not attach, detach or vacuum databases',
  remedy: 'remove the statement: D1 refuses it',
};

/** Statements that D1 refuses in a migration, by first word. */
const REFUSED: Readonly<Record<string, typeof TRANSACTIONS>> = {
  BEGIN: TRANSACTIONS,
  COMMIT: TRANSACTIONS,
  END: TRANSACTIONS,
  ROLLBACK: TRANSACTIONS,
  SAVEPOINT: TRANSACTIONS,
  RELEASE: TRANSACTIONS,
  ATTACH: DATABASES,
  DETACH: DATABASES,
  VACUUM: DATABASES,
};

/** Checks of a directory of migrations, or of seeds. */
export function migrationChecks(directory: string, migrations: readonly SqlFile[], prop = 'migrations'): Check[] {
  const numbers = migrations.map(({ name }) => Number(FILE.exec(name)?.[1]));
  return [
    {
      prop,
      value: directory,
      valid: () => migrations.length > 0,
      rule: 'must be a directory with SQL files',
      remedy: `create ${directory}/0001_first.sql`,
    },
    ...migrations.flatMap(({ name, sql }, index) => [
      {
        prop,
        value: name,
        valid: () => FILE.test(name) && numbers.indexOf(numbers[index]!) === index,
        rule: 'must contain files with unique numbers: 0001_orders.sql',
        remedy: 'rename it',
      },
      {
        prop,
        value: name,
        valid: () => statementsOf(sql).length > 0,
        rule: 'must contain files with at least one statement',
        remedy: 'write it or delete the file',
      },
      ...statementChecks(prop, name, statementsOf(sql)),
    ]),
  ];
}

/** Checks of a migration's statements: the first failure of each kind. */
function statementChecks(prop: string, name: string, statements: readonly Statement[]): Check[] {
  const open = statements.find(({ isOpen }) => isOpen);
  const refused = new Set(statements.flatMap(({ words }) => REFUSED[words[0]!] ?? []));
  return [
    {
      prop,
      value: name,
      valid: () => open === undefined,
      rule: `has an unterminated statement: ${shortened(open?.text ?? '')}`,
      remedy: 'close its string, comment or trigger',
    },
    ...[...refused].map(({ rule, remedy }) => ({ prop, value: name, valid: () => false, rule, remedy })),
    {
      prop,
      value: name,
      valid: () => statements.every(({ text }) => Buffer.byteLength(text) <= facts.databaseStatementSize.value),
      rule: `must not contain a statement of more than ${facts.databaseStatementSize.value} bytes`,
      remedy: 'split it; several statements can insert the rows',
    },
  ];
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length <= 60 ? line : `${line.slice(0, 57)}...`;
}

/**
 * Applies migrations in a deployment: a dynamic resource whose provider is the text of `d1/migrations.js`. It is passed
 * as text rather than serialized from a function, which would load the TypeScript compiler into every program.
 */
export class SqlMigrations extends pulumi.CustomResource {
  declare readonly databaseId: pulumi.Output<string>;
  /** Bookmark in D1's Time Travel of the state before the last migrations. */
  declare readonly bookmark: pulumi.Output<string | undefined>;

  constructor(
    name: string,
    args: {
      readonly accountId: pulumi.Input<string>;
      readonly databaseId: pulumi.Input<string>;
      readonly migrations: readonly SqlFile[];
      readonly restorePoint?: boolean;
    },
    opts: pulumi.CustomResourceOptions,
  ) {
    const __provider = readFileSync(require.resolve('./d1/migrations.js'), 'utf8');
    super('pulumi-nodejs:dynamic/lintel:SqlMigrations', name, { ...args, bookmark: undefined, __provider }, opts);
  }
}
