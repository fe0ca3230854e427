import path from 'node:path';
import { ReadError } from './read-error';
import { within } from './within';

/** A directory of an assembly, with the outermost one that contains everything. */
export interface Inside {
  readonly directory: string;
  readonly root: string;
}

const WHY = {
  missing: 'not there',
  outside: 'outside of the assembly and was not read',
  endless: 'a pipe or a device',
} as const;

/**
 * A file that the assembly names.
 * @throws ReadError when it is not there, or outside of the assembly
 */
export function fileIn(inside: Inside, name: string): string {
  const named = within(inside.root, inside.directory, name);
  if (typeof named === 'string') throw notInside(inside, name, named);
  return named.file;
}

/** Why the assembly may not name a file. */
export function notInside({ directory }: Inside, name: string, why: keyof typeof WHY): ReadError {
  const reason = `which is ${WHY[why]}`;
  return new ReadError(path.join(directory, 'manifest.json'), `names '${name}', ${reason}`, 'synthesize the app again');
}
