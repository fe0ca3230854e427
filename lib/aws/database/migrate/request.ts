import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { MigrationFile } from '../migration-files';
import type { DatabaseUser } from '../user-statements';

/** What CloudFormation, or somebody who wants to know, asks of the function. */
export interface MigrationEvent {
  /** Without one, nobody is answered but who invokes: it is asked what would be done. */
  readonly RequestType?: 'Create' | 'Update' | 'Delete';
  readonly ResponseURL?: string;
  readonly StackId?: string;
  readonly RequestId?: string;
  readonly LogicalResourceId?: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: MigrationProperties;
}

/** The properties of the custom resource. CloudFormation makes texts of numbers. */
export interface MigrationProperties {
  readonly Engine: 'postgres' | 'mysql';
  /** Whether the construct made the database: only there may what everybody may do be taken away. */
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

/** Where the files are, beside the code. */
const DIRECTORY = 'migrations';

/** The files that the template names, as they are in the function's code. */
export function migrationsOf({ Files = [] }: MigrationProperties, directory = DIRECTORY): readonly Migration[] {
  const root = path.resolve(process.env.LAMBDA_TASK_ROOT ?? '.', directory);
  return Files.map((file) => ({ ...file, sql: readFileSync(path.join(root, file.Name), 'utf8') }));
}

/** The users, with numbers. */
export function usersOf({ Users = [] }: MigrationProperties): readonly DatabaseUser[] {
  return Users.map(({ StatementTimeoutSeconds: seconds, ...user }) => ({
    ...user,
    ...(seconds !== undefined && { StatementTimeoutSeconds: Number(seconds) }),
  }));
}
