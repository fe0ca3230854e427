import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Installed } from './installed';

/**
 * Makes a project beside the app, which imports entry points, has the packages that they need to compile, and checks every
 * declaration of ours. Those of a CDK app are checked in `app`, which has no Pulumi.
 */
export function projectOf(
  { app, link }: Installed,
  entries: readonly string[],
  packages: readonly string[] = [],
): string {
  const folder = mkdtempSync(path.join(app, '../types-'));
  const installed = path.join(app, 'node_modules/lintel');
  const own = path.join(folder, 'node_modules/lintel');
  mkdirSync(own, { recursive: true });
  const declares = (file: string) => path.extname(file) === '' || /\.(d\.m?ts|json)$/.test(file);
  for (const part of ['dist', 'package.json'])
    cpSync(path.join(installed, part), path.join(own, part), { recursive: true, filter: declares });
  link(path.join(folder, 'node_modules'), ['@types/node', 'undici-types', ...packages]);
  // An import without a name may be of what is not there.
  const uses = entries.map((entry, at) => `export * as entry${at} from '${entry}';`);
  writeFileSync(path.join(folder, 'app.ts'), uses.join('\n'));
  const strict = { strict: true, skipLibCheck: false, noEmit: true };
  const compilerOptions = { ...strict, module: 'node16', target: 'ES2022', types: ['node'] };
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['app.ts'] }));
  return folder;
}
