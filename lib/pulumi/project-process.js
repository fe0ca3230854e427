'use strict';
// Runs the program of a Pulumi project offline, and sends its graph to the process that started this one.
const { existsSync, readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

process.once('disconnect', () => process.exit());

process.once('message', async (/** @type {import('./project').PulumiProject} */ project) => {
  const { loadInternalsOf } = require('./internals');
  const { synthesizeWith } = require('./synthesize');
  /** @type {import('./project').ProjectAnswer} */
  const answer = await synthesizeWith(loadInternalsOf(project.main), () => load(project.main), project).then(
    (graph) => ({ graph }),
    (error) => ({ failure: { name: String(error?.name), message: String(error?.message ?? error) } }),
  );
  process.send?.(answer);
});

/** The module's exports are the outputs; an exported function is called for them. @param {string} main */
async function load(main) {
  const exported = isModule(main) ? await importModule(main) : createRequire(main)(main);
  return typeof exported === 'function' ? exported() : exported;
}

/** @param {string} main */
async function importModule(main) {
  const names = await import(pathToFileURL(main).href);
  return 'default' in names ? names.default : names;
}

/** Whether a file is an ES module, as Node.js decides it. @param {string} file */
function isModule(file) {
  if (/\.m[jt]s$/.test(file)) return true;
  if (/\.c[jt]s$/.test(file)) return false;
  for (let directory = path.dirname(file); ; directory = path.dirname(directory)) {
    const manifest = path.join(directory, 'package.json');
    if (existsSync(manifest)) return JSON.parse(readFileSync(manifest, 'utf8')).type === 'module';
    if (directory === path.dirname(directory)) return false;
  }
}
