// Compiles lib/ and patterns/ to dist/, then makes the index files load what they export only when it is used.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const dist = path.join(root, 'dist');
const require = createRequire(import.meta.url);

rmSync(dist, { recursive: true, force: true });
const started = Date.now();
execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
for (const file of filesIn(dist).filter((name) => path.basename(name) === 'index.js')) {
  writeFileSync(file, lazy(readFileSync(file, 'utf8')));
}
// Workers are shipped as they are: the program that uses one bundles it.
cpSync(path.join(root, 'lib/edge/workers'), path.join(dist, 'lib/edge/workers'), { recursive: true });
chmodSync(path.join(dist, 'lib/cli/main.js'), 0o755);
console.log(`built dist/ in ${((Date.now() - started) / 1000).toFixed(1)} s`);

/**
 * `var a_1 = require("./a"); ... get: function () { return a_1.A; }` becomes `... return require("./a").A;`.
 * Static analysers of CommonJS still see each name, because tsc declares them all (`exports.A = void 0`).
 */
function lazy(code) {
  const modules = new Map();
  const withoutRequires = code.replace(/^var (\w+) = require\(("[^"]+")\);\n/gm, (_, name, specifier) => {
    modules.set(name, specifier);
    return '';
  });
  return withoutRequires.replace(/return (\w+)\.(\w+);/g, (line, module, name) =>
    modules.has(module) ? `return require(${modules.get(module)}).${name};` : line,
  );
}

function filesIn(directory) {
  return readdirSync(directory).flatMap((name) => {
    const file = path.join(directory, name);
    return statSync(file).isDirectory() ? filesIn(file) : [file];
  });
}
