import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The `package.json` of this package: the nearest above. */
export function packageFile(): string {
  for (let directory = __dirname; ; directory = path.dirname(directory)) {
    const file = path.join(directory, 'package.json');
    if (existsSync(file)) return file;
  }
}

/** The version of this package. */
export function packageVersion(): string {
  return (JSON.parse(readFileSync(packageFile(), 'utf8')) as { version: string }).version;
}
