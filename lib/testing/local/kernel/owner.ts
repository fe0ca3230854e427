import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { codeOf } from './errors';
import { parseJson, recordOf } from './json';

/** The file in a run's directory that names its owner. */
export const OWNER = 'owner.json';

/** Marks a directory as owned by this process. */
export function own(directory: string): void {
  writeFileSync(path.join(directory, OWNER), JSON.stringify({ pid: process.pid, host: hostname() }));
}

/** Whether a directory has an owner file. */
export function isOwned(directory: string): boolean {
  return existsSync(path.join(directory, OWNER));
}

/** The owner of a directory: a process that is running or has ended; undefined if unknown. */
export function ownerOf(directory: string): { readonly pid: number; readonly alive: boolean } | undefined {
  let source: string;
  try {
    source = readFileSync(path.join(directory, OWNER), 'utf8');
  } catch {
    return undefined;
  }
  const { pid, host } = recordOf(parseJson(source));
  // The processes of another machine that shares the directory cannot be seen from here.
  return host === hostname() && typeof pid === 'number' ? { pid, alive: isAlive(pid) } : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process exists, but belongs to another user.
    return codeOf(error) === 'EPERM';
  }
}
