import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** The main module of an installed package, resolved from the working directory and from here; undefined if missing. */
export function moduleFile(name: string): string | undefined {
  try {
    return require.resolve(name, { paths: [process.cwd(), __dirname] });
  } catch {
    return undefined;
  }
}

/** The full path of a program on the PATH; undefined if missing. */
export function onPath(program: string): string | undefined {
  const names = process.platform === 'win32' ? [`${program}.exe`, `${program}.cmd`] : [program];
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter((directory) => directory !== '')
    .flatMap((directory) => names.map((name) => path.join(directory, name)))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
