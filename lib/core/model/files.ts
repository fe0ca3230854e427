import { readFileSync } from 'node:fs';
import { ReadError } from './read-error';
import type { JsonObject } from '../record';

/**
 * The text of a file.
 * @throws ReadError when it cannot be read
 */
export function readText(file: string): string {
  try {
    const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
    noted?.set(file, text);
    return text;
  } catch (error) {
    noteAbsent(file);
    throw new ReadError(file, `cannot be read: ${reasonOf(error)}`, 'check the path');
  }
}

/** The content of files when a result was computed; undefined for a missing one. */
export type Held = ReadonlyMap<string, string | undefined>;

let noted: Map<string, string | undefined> | undefined;

/** Computes a result, and records the content of the files it read. */
export function noting<T>(make: () => T): { readonly made: T; readonly held: Held } {
  const before = noted;
  const held = new Map<string, string | undefined>();
  noted = held;
  try {
    return { made: make(), held };
  } finally {
    noted = before;
  }
}

/** Records that a file was looked up but not read. */
export function noteAbsent(file: string): void {
  noted?.set(file, undefined);
}

/** Whether files are unchanged. */
export function unchanged(held: Held): boolean {
  return [...held].every(([file, text]) => {
    try {
      return readText(file) === text;
    } catch (error) {
      if (!(error instanceof ReadError)) throw error;
      return text === undefined;
    }
  });
}

/**
 * The object in a JSON file.
 * @throws ReadError when it cannot be read or holds something else
 */
export function readJsonObject(file: string): JsonObject {
  const text = readText(file);
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new ReadError(file, `is not JSON: ${reasonOf(error)}`, 'synthesize the app again');
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw new ReadError(file, 'does not contain an object', 'synthesize the app again');
  }
  return data as JsonObject;
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a directory' : message;
}
