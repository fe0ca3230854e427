import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** What tells whether the content of a file or folder is the same; undefined where it is not there. */
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
