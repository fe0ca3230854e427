import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Path of one of our modules that runs in a function: compiled in the package, TypeScript in this repository. */
export function shippedModule(name: string): string {
  const path = join(__dirname, name);
  return [`${path}.js`, `${path}.ts`].find(existsSync) ?? path;
}
