import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { codeOf } from './errors';
import { parseJson, record } from './json';

const PREFIX = 'lintel-run-';
/** In each root: whose it is. */
const OWNER = 'owner.json';

/** Directories of one run, made when they are asked for and removed at its end. */
export class Scratch {
  private root: string | undefined;

  /** A directory by its name. */
  directory(name: string): string {
    this.root ??= newRoot();
    const directory = path.join(this.root, name);
    mkdirSync(directory, { recursive: true });
    return directory;
  }

  /** Removes them all. */
  remove(): void {
    if (this.root !== undefined) rmSync(this.root, { recursive: true, force: true });
  }
}

function newRoot(): string {
  removeOrphans();
  const root = mkdtempSync(path.join(tmpdir(), PREFIX));
  writeFileSync(path.join(root, OWNER), JSON.stringify({ pid: process.pid, host: hostname() }));
  return root;
}

/** A run that was killed leaves its directories; the next one removes them. */
function removeOrphans(): void {
  for (const name of readdirSync(tmpdir()).filter((one) => one.startsWith(PREFIX))) {
    const root = path.join(tmpdir(), name);
    if (isOrphan(root)) rmSync(root, { recursive: true, force: true });
  }
}

/** What has no owner yet, or one on another machine that shares the directory, is left alone. */
function isOrphan(root: string): boolean {
  try {
    const { pid, host } = record(parseJson(readFileSync(path.join(root, OWNER), 'utf8')));
    return host === hostname() && typeof pid === 'number' && !isAlive(pid);
  } catch {
    return false;
  }
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
