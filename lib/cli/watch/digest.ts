import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** A digest of a file's or folder's content; undefined if it does not exist. */
export function digestOf(place: string): string | undefined {
  const stats = statSync(place, { throwIfNoEntry: false });
  if (!stats) return undefined;
  const hash = createHash('sha256');
  const names = stats.isDirectory() ? readdirSync(place, { recursive: true, encoding: 'utf8' }).sort() : [''];
  for (const name of names) {
    const file = path.join(place, name);
    if (statSync(file, { throwIfNoEntry: false })?.isFile()) hash.update(`${name}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}
