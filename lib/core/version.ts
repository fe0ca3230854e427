import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The version of this package, from the nearest `package.json` above. */
export function packageVersion(): string {
  for (let directory = __dirname; ; directory = path.dirname(directory)) {
    const file = path.join(directory, 'package.json');
    if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
    if (directory === path.dirname(directory)) return '0.0.0';
  }
}
