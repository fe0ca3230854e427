import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/**
 * The Git repository that a folder is in: sources of an app may lie beside it (`../services`). Undefined outside of one,
 * and for a home folder, which holds far more than sources.
 */
export function repositoryOf(folder: string): string | undefined {
  if (existsSync(path.join(folder, '.git'))) return folder === homedir() ? undefined : folder;
  const above = path.dirname(folder);
  return above === folder ? undefined : repositoryOf(above);
}
