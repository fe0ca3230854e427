import { readFileSync } from 'node:fs';
import { type Raw } from './intrinsics';
import { ReadError } from './read-error';

/**
 * The text of a file.
 * @throws ReadError when it cannot be read
 */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new ReadError(file, `cannot be read: ${reasonOf(error)}`, 'check the path');
  }
}

/**
 * The object that a JSON file holds.
 * @throws ReadError when it cannot be read or holds something else
 */
export function readJsonObject(file: string): Raw {
  const text = readText(file);
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new ReadError(file, `is not JSON: ${reasonOf(error)}`, 'synthesize the app again');
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw new ReadError(file, 'holds no object', 'synthesize the app again');
  }
  return data as Raw;
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a directory' : message;
}
