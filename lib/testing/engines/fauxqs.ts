import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { LocalRunError } from '../local/kernel/errors';
import { packageFolder } from './find';
import { type Program, startProgram } from './program';

/**
 * Starts fauxqs, which serves S3 from memory. It is an ES module and runs in a process of its own.
 * @throws LocalRunError when it is not installed
 */
export async function startFauxqs(): Promise<Program> {
  const folder = packageFolder('fauxqs');
  if (!folder) throw new LocalRunError("buckets need the package 'fauxqs'; run 'npm i -D fauxqs'");
  const main = pathToFileURL(path.join(folder, 'dist', 'app.js')).href;
  return startProgram({
    name: 'fauxqs',
    command: process.execPath,
    args: (port) => [path.join(__dirname, 'fauxqs-server.mjs'), main, String(port)],
    startTimeout: 20,
  });
}
