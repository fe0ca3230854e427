import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { isFile } from '../core/bundle/entry';
import type { BundlingOptions } from './bundle';

/** How many modules to bundle on the mere chance that they are handlers too. */
const MOST = 60;

/** Imports that mark a module as part of the CDK program itself, which would take a minute to bundle. */
const PROGRAM = /['"](?:aws-cdk-lib|constructs|@pulumi\/|lintel\/aws)/;

/**
 * Modules that are likely the next functions' handlers: those next to a handler, or at the same place in sibling
 * folders, that export what Lambda calls. One esbuild call bundles thirty in the time of five.
 * @param file the handler's, absolute
 * @param handler file and export that Lambda calls
 */
export function companionsOf(file: string, handler: string, { sdk = false }: BundlingOptions): readonly string[] {
  // A bundle with the SDK takes too long to make on spec.
  if (sdk) return [];
  const [, name = 'handler'] = handler.split('.');
  const escaped = name.replace(/\W/g, '\\$&');
  const exported = new RegExp(
    `^export\\s+(?:async\\s+)?(?:const|let|var|function|class)\\s+${escaped}\\b|^export\\s*\\{[^}]*\\b${escaped}\\b[^}]*\\}`,
    'm',
  );
  const [directory, own] = [dirname(file), basename(file)];
  const beside = namesIn(directory)
    .filter((other) => extname(other) === extname(file) && !/\.(test|spec|d)\.\w+$/.test(other))
    .map((other) => join(directory, other));
  const inOthers = namesIn(dirname(directory)).map((folder) => join(dirname(directory), folder, own));
  return [...beside, ...inOthers]
    .filter((other) => other !== file && isFile(other))
    .slice(0, MOST)
    .map((other) => ({ other, text: readFileSync(other, 'utf8') }))
    .filter(({ text }) => exported.test(text) && !PROGRAM.test(text))
    .map(({ other }) => other);
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).sort();
  } catch {
    return [];
  }
}
