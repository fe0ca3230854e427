import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { packageDirectory } from '../../core/installed';
import { onPath } from './find';
import type { ProgramCommand } from './program';

/**
 * The embedded engine: one small binary, from this platform's npm package or the PATH; undefined if there is none.
 * @param directory keeps the tables; without one they are in memory
 */
export function dynoxide(directory?: string): ProgramCommand | undefined {
  const binary = inPackage() ?? onPath('dynoxide');
  if (!binary) return undefined;
  const kept = directory === undefined ? [] : ['--db-path', path.join(directory, 'tables.sqlite')];
  return {
    name: 'dynoxide',
    command: binary,
    args: (port) => ['--host', '127.0.0.1', '--port', String(port), ...kept],
    startTimeout: 10,
  };
}

function inPackage(): string | undefined {
  const directory = packageDirectory(`@dynoxide/${process.platform}-${process.arch}`);
  if (!directory) return undefined;
  const binary = path.join(directory, process.platform === 'win32' ? 'dynoxide.exe' : 'dynoxide');
  try {
    accessSync(binary, constants.X_OK);
    return binary;
  } catch {
    return undefined;
  }
}
