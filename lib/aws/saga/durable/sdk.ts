import { createRequire } from 'node:module';
import { PatternError } from '../../../core/errors';

/** The package to bundle: a fixed version, since one invocation must be able to read what another wrote. */
const SDK = '@aws/durable-execution-sdk-js';
const VERSION = '2.4.0';

/** Entries for which it was found: a program may create many sagas. */
const found = new Set<string>();

/**
 * Looks for the SDK of durable functions where the bundler will.
 * @param path of the construct, for the error
 * @param entry the module that imports it
 * @throws PatternError when it is not installed
 */
export function checkSdk(path: string, entry: string): void {
  if (found.has(entry)) return;
  try {
    createRequire(entry).resolve(SDK);
    found.add(entry);
  } catch {
    const message = `'engine' must not be 'durable-function' without the package '${SDK}'; run 'npm install --save-dev --save-exact ${SDK}@${VERSION}'`;
    throw new PatternError(path, [{ prop: 'engine', message }]);
  }
}
