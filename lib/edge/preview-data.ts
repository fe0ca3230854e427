import { createHash } from 'node:crypto';
import * as pulumi from '@pulumi/pulumi';
import { readSqlFiles, type SqlFile } from '../core/sql-files';
import { type PhysicalName, physicalName, shortened } from './physical-name';
import { isPreview } from './preview';

/** Files of a directory with seeds, under names that no migration has. */
export function seedFiles(directory: string | undefined): readonly SqlFile[] {
  return directory === undefined ? [] : readSqlFiles(directory).map(({ name, sql }) => ({ name: `seed-${name}`, sql }));
}

/**
 * The name of a database. In a preview it contains a hash of the files: migrations and seeds change while a pull request is worked
 * on, and what was applied cannot be undone, so different files mean a different database.
 */
export function databaseName(
  given: pulumi.Input<string> | undefined,
  name: string,
  files: readonly SqlFile[],
): PhysicalName {
  const named = physicalName(given, name, 'name');
  if (!isPreview() || files.length === 0) return named;
  const made = createHash('sha256')
    .update(JSON.stringify(files.map((file) => [file.name, file.sql.replace(/\r\n?/g, '\n')])))
    .digest('hex')
    .slice(0, 8);
  const ended = (text: string) => shortened(`${text}-${made}`);
  return { value: typeof named.value === 'string' ? ended(named.value) : pulumi.output(named.value).apply(ended) };
}
