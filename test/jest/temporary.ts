import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { own, ownerOf } from '../../lib/testing/local/kernel/owner';

const PREFIX = 'lintel-test-';

/**
 * Makes a run of the tests a directory of its own for temporary files, and removes those of runs that were interrupted:
 * the assemblies that tests leave behind would slow down every search of the system's own.
 * @param system the directory that holds them
 */
export function openTemporary(system: string): string {
  for (const name of readdirSync(system).filter((one) => one.startsWith(PREFIX))) {
    const directory = path.join(system, name);
    if (ownerOf(directory)?.alive === false) closeTemporary(directory);
  }
  const directory = mkdtempSync(path.join(system, PREFIX));
  // As the system's own: PostgreSQL, which does not run as root, works there as another user.
  chmodSync(directory, 0o1777);
  own(directory);
  return directory;
}

/** Removes the directory of a run; anything else is left alone. */
export function closeTemporary(directory: string): void {
  if (!path.basename(directory).startsWith(PREFIX)) return;
  // Another run may be removing it too.
  rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
}
