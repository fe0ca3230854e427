import { statSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { userCalls } from '../user-calls';

/** The file that a user means by a path, or the two that it may mean. */
export interface EntryFile {
  /** Its absolute path; undefined if there is none. */
  readonly file: string | undefined;
  /** Where it was looked for, the file that was found first. */
  readonly candidates: readonly string[];
  /** Whether two files are meant equally well. */
  readonly ambiguous: boolean;
}

/**
 * Finds a module by a path as a user writes it: absolute, a `file:` URL, relative to the working directory, or else relative
 * to the file that makes the construct. One that begins with a dot says nothing of what it is relative to: where there are
 * two such files, neither is taken.
 */
export function findEntry(entry: string): EntryFile {
  const path = pathOf(entry);
  const here = resolve(path);
  if (isAbsolute(path)) return { file: isFile(here) ? here : undefined, candidates: [here], ambiguous: false };
  const dotted = /^\.{1,2}[\\/]/.test(path);
  const found = isFile(here);
  if (found && !dotted) return { file: here, candidates: [here], ambiguous: false };
  const caller = callingFile();
  const beside = caller === undefined ? here : resolve(dirname(caller), path);
  const candidates = [...new Set([here, beside])];
  const files = candidates.filter(isFile);
  return { file: files.length > 1 ? undefined : files[0], candidates, ambiguous: files.length > 1 };
}

/** Whether there is a file of that name. */
export function isFile(file: string): boolean {
  try {
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** A path relative to the working directory, as messages show it. */
export function shown(file: string): string {
  return relative(process.cwd(), file) || '.';
}

function pathOf(entry: string): string {
  if (!entry.startsWith('file:')) return entry;
  try {
    return fileURLToPath(entry);
  } catch {
    return entry;
  }
}

/** The file of the user's program that is calling. */
function callingFile(): string | undefined {
  const [call] = userCalls(callingFile, DEEP);
  const place = call && /(?:\(|^|async )((?:file:|\/|[A-Za-z]:\\)[^()]*?):\d+:\d+\)?$/.exec(call)?.[1];
  return place && pathOf(place);
}

/** Frames that may be between a user's file and here. */
const DEEP = 100;
