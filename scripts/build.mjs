// Compiles lib/ and patterns/ to dist/, then makes the index files load what they export only when it is used, and modules
// of AWS load each other in the same way. With `--no-check` the types, which `npm run types` checks, are taken as right.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const dist = path.join(root, 'dist');
const require = createRequire(import.meta.url);
// Four times as fast as TypeScript 5, with the same modules.
const compiler = path.join(path.dirname(require.resolve('typescript-7/package.json')), 'bin/tsc');

rmSync(dist, { recursive: true, force: true });
const started = Date.now();
const unchecked = process.argv.includes('--no-check') ? ['--noCheck'] : [];
execFileSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', ...unchecked], {
  cwd: root,
  stdio: 'inherit',
  // It keeps nearly all that it allocates: collecting garbage is a fifth of its time, and frees a tenth of its memory.
  env: { ...process.env, GOGC: 'off' },
});
for (const file of filesIn(dist).filter((name) => path.basename(name) === 'index.js')) {
  writeFileSync(file, lazy(readFileSync(file, 'utf8'), explainedFrom(file)));
}
// TypeScript 7 writes `export =` for a CommonJS module in JavaScript, beside its `export type`, which TypeScript 5 refuses.
for (const file of filesIn(dist).filter((name) => name.endsWith('.d.ts'))) {
  const text = readFileSync(file, 'utf8');
  if (text.includes('export = _exports;')) writeFileSync(file, named(text));
}
// Bundlers take what a handler imports, and leave the rest of lintel/runtime, only out of ES modules.
const runtime = path.join(root, 'lib/runtime');
buildSync({
  entryPoints: filesIn(runtime),
  outdir: path.join(dist, 'esm/runtime'),
  format: 'esm',
  platform: 'node',
  target: 'node20',
});
for (const file of filesIn(path.join(dist, 'esm'))) {
  // ES modules name files, not modules.
  writeFileSync(file, readFileSync(file, 'utf8').replace(/(\bfrom |\bimport )"(\.{1,2}\/[^"]+)"/g, '$1"$2.js"'));
}
writeFileSync(path.join(dist, 'esm/package.json'), JSON.stringify({ type: 'module', sideEffects: false }));
// What wraps a handler imports it by name: out of an ES module, the bundler says when it does not export that.
const aws = path.join(root, 'lib/aws');
buildSync({
  entryPoints: filesIn(aws).filter((file) => readFileSync(file, 'utf8').includes("from 'lintel:handler'")),
  outbase: aws,
  outdir: path.join(dist, 'lib/aws'),
  format: 'esm',
  platform: 'node',
  target: 'node20',
});
const inFunctions = reachedFrom(filesIn(path.join(dist, 'lib/aws')).filter(runsInFunction));
for (const file of ['lib/aws', 'lib/core', 'patterns/aws'].flatMap((folder) => filesIn(path.join(dist, folder)))) {
  if (!file.endsWith('.js') || path.basename(file) === 'index.js' || inFunctions.has(file)) continue;
  writeFileSync(file, deferred(readFileSync(file, 'utf8')));
}
// Workers are shipped as they are: the program that uses one bundles it, and a local run gives it to the runtime.
for (const folder of ['lib/edge/workers', 'lib/testing/edge/workers']) {
  cpSync(path.join(root, folder), path.join(dist, folder), { recursive: true });
}
chmodSync(path.join(dist, 'lib/cli/main.js'), 0o755);
console.log(`built dist/ in ${((Date.now() - started) / 1000).toFixed(1)} s`);

/**
 * `declare const _exports: { a: typeof a; }; export = _exports;` becomes `export { a };`. One with another member has no types
 * beside it.
 * @param {string} declarations
 */
function named(declarations) {
  return declarations.replace(
    /^declare const _exports: \{\n((?: {4}(\w+): typeof \2;\n)+)\};\nexport = _exports;\n/m,
    (_, members) => `export { ${[...members.matchAll(/(\w+):/g)].map(([, name]) => name).join(', ')} };\n`,
  );
}

/**
 * `var a_1 = require("./a"); ... get: function () { return a_1.A; }` becomes `lazy("A", () => require("./a").A);`.
 * Static analysers of CommonJS, which ES modules depend on, know each name from tsc's `exports.A = void 0`; a getter that
 * they can see and not follow would take the name away again.
 * @param {string} code
 * @param {string} peers the module that explains what a missing package means
 */
function lazy(code, peers) {
  /** @type {Map<string, string>} */
  const modules = new Map();
  const withoutRequires = code.replace(/^(?:var|const) (\w+) = require\(("[^"]+")\);\n/gm, (_, name, specifier) => {
    modules.set(name, specifier);
    return '';
  });
  const getter =
    /^Object\.defineProperty\(exports, ("\w+"), \{ enumerable: true, get: function \(\) \{ return (\w+)\.(\w+); \} \}\);$/gm;
  const lazily = withoutRequires.replace(
    getter,
    (_, name, module, member) => `lazy(${name}, () => require(${modules.get(module)}).${member});`,
  );
  const helper = [
    'const lazy = (name, load) => Object.defineProperty(exports, name, { enumerable: true, get: () => {',
    `  try { return load(); } catch (error) { throw require(${JSON.stringify(peers)}).explained(error); }`,
    '} });',
  ].join('\n');
  return lazily.replace(/^(Object\.defineProperty\(exports, "__esModule".*)$/m, `$1\n${helper}`);
}

/**
 * `const a_1 = require("./a"); ... new a_1.A()` becomes `const a_1 = deferred(() => require("./a")); ... new a_1.it.A()`.
 * Lines stay where they are, as one reads them in stack traces. Other packages are loaded at once, so that whoever lacks one is told by the index file.
 * @param {string} code
 */
function deferred(code) {
  /** @type {string[]} */
  const names = [];
  const withoutRequires = code.replace(/^const (\w+_\d+) = (require\("\.{1,2}\/[^"]+"\));$/gm, (_, name, load) => {
    names.push(name);
    return `const ${name} = deferred(() => ${load});`;
  });
  if (names.length === 0) return code;
  // A getter of a class, which V8 compiles into what reads it, as it does not with a property that is defined anew.
  const helper =
    'const deferred = (load) => new Deferred(load); class Deferred { constructor(load) { this.load = load; this.loaded = undefined; } get it() { return this.loaded ??= this.load(); } }';
  return withoutRequires
    .replace(new RegExp(`\\b(${names.join('|')})\\.(?=[\\w$])`, 'g'), '$1.it.')
    .replace(/^(Object\.defineProperty\(exports, "__esModule", \{ value: true \}\);)$/m, `$1 ${helper}`);
}

/**
 * Whether a module is the entry of a function, which does at its start whatever it can.
 * @param {string} file
 */
function runsInFunction(file) {
  return file.endsWith('.js') && /^exports\.handler = |"lintel:handler"/m.test(readFileSync(file, 'utf8'));
}

/**
 * Modules, and all that they import of ours.
 * @param {readonly string[]} files
 */
function reachedFrom(files) {
  const reached = new Set(files);
  for (const file of reached) {
    for (const [, name] of readFileSync(file, 'utf8').matchAll(/(?:require\(|from )"(\.{1,2}\/[^"]+)"/g)) {
      const imported = [`${name}.js`, `${name}/index.js`]
        .map((one) => path.join(path.dirname(file), one))
        .find(existsSync);
      if (imported !== undefined) reached.add(imported);
    }
  }
  return reached;
}

/** @param {string} file an index file */
function explainedFrom(file) {
  return path
    .relative(path.dirname(file), path.join(dist, 'lib/core/peers'))
    .split(path.sep)
    .join('/')
    .replace(/^(?!\.)/, './');
}

/**
 * @param {string} directory
 * @returns {string[]}
 */
function filesIn(directory) {
  return readdirSync(directory).flatMap((name) => {
    const file = path.join(directory, name);
    return statSync(file).isDirectory() ? filesIn(file) : [file];
  });
}
