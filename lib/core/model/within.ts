import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { noteAbsent } from './files';

/** A file named by an input: found, missing, outside the given folder, or a pipe or device, which may never end. */
export type Named = { readonly file: string } | 'missing' | 'outside' | 'endless';

/**
 * Resolves a file named by an input. A template's author may not have the right to read every file: a path that leaves
 * the given folder, by `..` or a link, is not followed.
 *
 * @param folder the given folder
 * @param from the folder the path is relative to
 * @param name the path
 */
export function within(folder: string, from: string, name: string): Named {
  const file = path.resolve(from, name);
  if (name.includes('\0')) return 'missing';
  // Decided without touching the file, so as not to reveal its existence.
  if (!holds(path.resolve(folder), file)) return 'outside';
  try {
    if (holds(realpathSync(folder), realpathSync(file))) {
      const found = statSync(file);
      if (!found.isFile() && !found.isDirectory()) return 'endless';
      return { file: path.isAbsolute(from) ? file : path.join(from, name) };
    }
    noteAbsent(file);
    return 'outside';
  } catch {
    noteAbsent(file);
    return 'missing';
  }
}

/** The closest common ancestor of some folders. */
export function commonFolder(folders: readonly string[]): string {
  const [first = '.', ...others] = folders.map((folder) => path.resolve(folder));
  let common = first;
  while (!others.every((folder) => holds(common, folder))) common = path.dirname(common);
  return common;
}

/** The place of a file in a folder, the same on every machine. */
export function placeWithin(folder: string, file: string): string {
  return path.relative(folder, file).split(path.sep).join('/');
}

function holds(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative.split(path.sep)[0] !== '..' && !path.isAbsolute(relative);
}
