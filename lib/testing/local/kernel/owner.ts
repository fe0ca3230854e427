import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { codeOf } from './errors';
import { parseJson, record } from './json';

/** In a directory of a run: whose it is. */
const OWNER = 'owner.json';

/** Writes into a directory that it is this process's. */
export function own(directory: string): void {
  writeFileSync(path.join(directory, OWNER), JSON.stringify({ pid: process.pid, host: hostname() }));
}

/** Whether a directory says whose it is. */
export function isOwned(directory: string): boolean {
  return existsSync(path.join(directory, OWNER));
}

/** Whose a directory is: of a process that runs, of one that has ended, or it is not known. */
export function ownerOf(directory: string): { readonly pid: number; readonly alive: boolean } | undefined {
  let source: string;
  try {
    source = readFileSync(path.join(directory, OWNER), 'utf8');
  } catch {
    return undefined;
  }
  const { pid, host } = record(parseJson(source));
  // The processes of another machine that shares the directory cannot be seen from here.
  return host === hostname() && typeof pid === 'number' ? { pid, alive: isAlive(pid) } : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: there is such a process, of another user.
    return codeOf(error) === 'EPERM';
  }
}
