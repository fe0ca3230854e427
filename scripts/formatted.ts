import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

/** Writes a file of this repository as `npm run format` would. */
export function writeFormatted(file: string, text: string): void {
  writeFileSync(file, text);
  execFileSync('node_modules/.bin/oxfmt', [file]);
}
