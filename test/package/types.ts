import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Installed, tsc } from './installed';

/**
 * Entry points, and the packages that they need to compile where every declaration of ours is checked. Those of a CDK app are
 * checked in `app`, which has no Pulumi.
 */
const ENTRIES: readonly (readonly [compiler: 5 | 7, entries: readonly string[], packages: readonly string[]])[] = [
  [7, ['lintel/testing', 'lintel/access', 'lintel/runtime', 'lintel/runtime/edge'], []],
  // Pulumi takes no newer one.
  [5, ['lintel/edge'], ['@pulumi/pulumi', '@pulumi/cloudflare']],
];

export function describeTypes(of: () => Installed): void {
  test.each(ENTRIES)(
    'TypeScript %i compiles %j with the packages %j',
    (compiler, entries, packages) => {
      const { app, link, run } = of();
      const folder = mkdtempSync(path.join(app, '../lintel-types-'));
      const own = path.join(folder, 'node_modules/lintel');
      mkdirSync(own, { recursive: true });
      for (const part of ['dist', 'package.json'])
        cpSync(path.join(app, 'node_modules/lintel', part), path.join(own, part), { recursive: true });
      link(path.join(folder, 'node_modules'), ['@types/node', 'undici-types', ...packages]);
      writeFileSync(path.join(folder, 'app.ts'), entries.map((entry) => `import '${entry}';`).join(''));
      const strict = { strict: true, skipLibCheck: false, noEmit: true };
      const compilerOptions = { ...strict, module: 'node16', target: 'ES2022', types: ['node'] };
      writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['app.ts'] }));
      run(process.execPath, [tsc[compiler], '-p', 'tsconfig.json'], folder);
      rmSync(folder, { recursive: true });
    },
    180_000,
  );
}
