import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** SHA-256 of a string, as 64 hexadecimal digits. */
export function hashOfText(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * SHA-256 of a file's content, or of all names and contents below a directory.
 * @throws Error of the file system when there is no such file
 */
export function hashOfFile(file: string): string {
  if (!statSync(file).isDirectory()) return hashOfText(readFileSync(file));
  const entries = readdirSync(file).sort();
  return hashOfText(entries.map((name) => `${name}\0${hashOfFile(path.join(file, name))}\n`).join(''));
}
