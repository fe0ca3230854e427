import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { EngineWorker } from '../engines/engine-worker';

/** The module of one of the run's own Workers: `workers/<name>.mjs`. */
export function ownWorker(name: string): Pick<EngineWorker, 'modules'> {
  const file = path.join(__dirname, 'workers', `${name}.mjs`);
  return { modules: [{ type: 'ESModule', path: `${name}.mjs`, contents: readFileSync(file, 'utf8') }] };
}
