import { realpathSync } from 'node:fs';
import path from 'node:path';
import { noteAbsent } from './files';

/** A file that something given names: there, missing, or outside of the folder that was given. */
export type Named = { readonly file: string } | 'missing' | 'outside';

/**
 * A file by the path that something given names it by. What a template names is not always its writer's to read: a path
 * that leads out of the folder that was given, by `..` or by a link, is not followed.
 *
 * @param folder the folder that was given
 * @param from the folder that the path starts in
 * @param name the path
 */
export function within(folder: string, from: string, name: string): Named {
  const file = path.resolve(from, name);
  if (name.includes('\0')) return 'missing';
  // Told without looking at the file, so that nobody learns what is there.
  if (!holds(path.resolve(folder), file)) return 'outside';
  try {
    if (holds(realpathSync(folder), realpathSync(file)))
      return { file: path.isAbsolute(from) ? file : path.join(from, name) };
    noteAbsent(file);
    return 'outside';
  } catch {
    noteAbsent(file);
    return 'missing';
  }
}

/** The nearest folder that holds all of some folders. */
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
