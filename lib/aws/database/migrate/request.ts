import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { MigrationFile } from '../migration-files';
import type { DatabaseUser } from '../user-statements';

/** What CloudFormation, or a direct caller, asks of the function. */
export interface MigrationEvent {
  /** Without one it is a dry run: only the caller gets an answer, and CloudFormation none. */
  readonly RequestType?: 'Create' | 'Update' | 'Delete';
  readonly ResponseURL?: string;
  readonly StackId?: string;
  readonly RequestId?: string;
  readonly LogicalResourceId?: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: MigrationProperties;
}

/** Properties of the custom resource. CloudFormation turns numbers into strings. */
export interface MigrationProperties {
  readonly Engine: 'postgres' | 'mysql';
  /** Whether the construct created the database: only then may PUBLIC's privileges be revoked. */
  readonly Own?: 'yes' | 'no';
  readonly Files?: readonly MigrationFile[];
  readonly Users?: readonly (Omit<DatabaseUser, 'StatementTimeoutSeconds'> & {
    readonly StatementTimeoutSeconds?: number | string;
  })[];
  readonly SnapshotIdentifier?: string;
}

/** A migration with its statements. */
export interface Migration extends Omit<MigrationFile, 'Rights'> {
  readonly sql: string;
}

/** Directory of the files, next to the code. */
const DIRECTORY = 'migrations';

/** The files named in the template, as packaged with the function's code. */
export function migrationsOf({ Files = [] }: MigrationProperties, directory = DIRECTORY): readonly Migration[] {
  const root = path.resolve(process.env.LAMBDA_TASK_ROOT ?? '.', directory);
  return Files.map((file) => ({ ...file, sql: readFileSync(path.join(root, file.Name), 'utf8') }));
}

/** The users, with numbers parsed. */
export function usersOf({ Users = [] }: MigrationProperties): readonly DatabaseUser[] {
  return Users.map(({ StatementTimeoutSeconds: seconds, ...user }) => ({
    ...user,
    ...(seconds !== undefined && { StatementTimeoutSeconds: Number(seconds) }),
  }));
}
