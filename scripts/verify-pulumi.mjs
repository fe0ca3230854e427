// npm run verify:pulumi: the real Pulumi engine previews, deploys, previews again, refreshes and destroys programs of this
// repository, against an imaginary cloud, without an account. Nothing of it needs a network once the engine is there.
import { findEngine, prepareHome } from './verify-pulumi/engine.mjs';
import { startApi } from './verify-pulumi/api.mjs';
import { SCENARIOS } from './verify-pulumi/scenarios.mjs';

const mayBuild = !process.argv.includes('--no-build');
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const engine = findEngine(mayBuild);
if (!engine) {
  const otherwise = mayBuild ? 'no Go 1.25 or newer to build it with' : 'none was built';
  console.log(`verify:pulumi is skipped: there is no 'pulumi' on the path, and ${otherwise}`);
  process.exit(0);
}

const home = prepareHome(engine);
const api = await startApi();
const started = Date.now();
let failed = 0;
for (const [name, scenario] of Object.entries(SCENARIOS)) {
  if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
  console.log(name);
  try {
    await scenario({ home, api, step });
  } catch (error) {
    failed++;
    console.error(`  FAILED ${error instanceof Error ? error.message : error}`);
  }
}
api.close();
console.log(`${failed === 0 ? 'verified' : `${failed} failed`} in ${((Date.now() - started) / 1000).toFixed(0)} s`);
process.exitCode = failed === 0 ? 0 : 1;

/**
 * One thing that is shown.
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} body
 */
async function step(what, body) {
  const start = Date.now();
  const result = await body();
  console.log(`  ok ${what} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
  return result;
}
