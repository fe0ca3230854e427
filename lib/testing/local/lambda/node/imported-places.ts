import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

/** An import by absolute path from one of Lambda's directories. */
const IMPORT = /\bimport\b[^;'"`]*['"`](?:file:\/\/)?\/(?:opt|tmp|var\/task)\//;
const LARGEST = 4 * 1024 * 1024;

/** Whether code imports a module by a path such as `/opt/nodejs/shared.mjs`. Installed packages are not searched. */
export async function importsPlaces(directories: readonly string[]): Promise<boolean> {
  for (const directory of directories) {
    const names = await readdir(directory, { recursive: true });
    for (const name of names) {
      if (!/\.[cm]?js$/.test(name) || /(^|\/)node_modules\//.test(name)) continue;
      const file = path.join(directory, name);
      const stats = await stat(file);
      if (stats.isFile() && stats.size <= LARGEST && IMPORT.test(await readFile(file, 'utf8'))) return true;
    }
  }
  return false;
}
