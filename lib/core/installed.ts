import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/**
 * The directory of an installed package, looked for from the working directory and from here; undefined when absent. Also of
 * one that does not export its `package.json`.
 */
export function packageDirectory(name: string): string | undefined {
  try {
    return path.dirname(require.resolve(`${name}/package.json`, { paths: [process.cwd(), __dirname] }));
  } catch {
    return packageFolders()
      .map((folder) => path.join(folder, name))
      .find((directory) => versionIn(directory) !== undefined);
  }
}

/** The version of an installed package, looked for likewise. */
export function installedVersion(name: string): string | undefined {
  const directory = packageDirectory(name);
  return directory === undefined ? undefined : versionIn(directory);
}

/** The folders that packages are looked for in. */
export function packageFolders(): readonly string[] {
  const froms = [path.join(process.cwd(), 'x'), __filename];
  return froms.flatMap((from) => createRequire(from).resolve.paths('x') ?? []);
}

/** The version of the package in a directory; undefined if there is none. */
export function versionIn(directory: string): string | undefined {
  try {
    const { version } = JSON.parse(readFileSync(path.join(directory, 'package.json'), 'utf8')) as { version?: string };
    return version;
  } catch {
    return undefined;
  }
}
