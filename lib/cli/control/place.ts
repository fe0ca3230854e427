import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { isRecord, parseJson } from '../../testing/local/kernel/json';

/** How other commands reach a run. */
export interface ControlPlace {
  readonly url: string;
  /** The token that a command must send. */
  readonly token: string;
  readonly pid: number;
  /** When it started to listen, in milliseconds since the epoch. */
  readonly since: number;
}

/**
 * Writes how commands in the same working directory reach this run; only this user can read it.
 * @returns a function that removes it
 */
export function announce(place: ControlPlace): () => void {
  const file = path.join(ownDirectory(), `${keyOf(process.cwd())}-${place.pid}.json`);
  rmSync(file, { force: true });
  writeFileSync(file, JSON.stringify(place), { mode: 0o600, flag: 'wx' });
  return () => rmSync(file, { force: true });
}

/** The latest run in the working directory; undefined if none is running. */
export function runningHere(): ControlPlace | undefined {
  const directory = ownDirectory();
  const found = readdirSync(directory)
    .filter((name) => name.startsWith(`${keyOf(process.cwd())}-`))
    .flatMap((name) => {
      const file = path.join(directory, name);
      const place = read(file);
      if (place && isAlive(place.pid)) return [place];
      rmSync(file, { force: true });
      return [];
    });
  return found.sort((a, b) => b.since - a.since)[0];
}

/** A directory that is this user's alone. */
function ownDirectory(): string {
  const { uid, username } = userInfo();
  const directory = path.join(tmpdir(), `lintel-control-${uid < 0 ? username : uid}`);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const { uid: owner, mode } = lstatSync(directory);
  if (uid >= 0 && (owner !== uid || (mode & 0o077) !== 0)) {
    throw new Error(`'${directory}' is open to other users; remove it`);
  }
  return directory;
}

function read(file: string): ControlPlace | undefined {
  const content = parseJson(readFileSync(file, 'utf8'));
  return isRecord(content) ? (content as unknown as ControlPlace) : undefined;
}

function keyOf(directory: string): string {
  return createHash('sha256').update(directory).digest('hex').slice(0, 16);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
