/** `npm run bench [name...]`: what ours costs in terms of something else, measured in the same run. */
import { fork } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { buildSync } from 'esbuild';

/** What the benchmarks share, and a table that is printed by itself. */
const OTHERS = ['run', 'measure', 'by-hand', 'synthesis', 'pooled-connections'];
const wanted = process.argv.slice(2);

async function main(): Promise<void> {
  const names = readdirSync(__dirname)
    .map((file) => path.parse(file))
    .filter(
      ({ name, ext }) => ext === '.ts' && !OTHERS.includes(name) && (wanted.length === 0 || wanted.includes(name)),
    )
    .map(({ name }) => name);
  for (const name of names) {
    console.log(`
${name}`);
    await run(name);
  }
}

/** A process of its own for each, without the source maps of a TypeScript runner, which make stack traces expensive. */
function run(name: string): Promise<void> {
  const outfile = path.join(path.dirname(__dirname), '.cache/bench', `${name}.cjs`);
  const contents = `import { run } from './${name}';
import { lineOf } from './measure';
void (async () => { for (const result of await run()) console.log('  ' + lineOf(result)); process.exit(); })();`;
  buildSync({
    stdin: { contents, resolveDir: __dirname },
    outfile,
    bundle: true,
    packages: 'external',
    // What is published, which `npm run bench` builds first, and not the sources that tsconfig.json leads to.
    tsconfigRaw: {},
    // Some constructs look for modules of theirs that run in functions beside themselves, where the bundle is not.
    define: { __dirname: JSON.stringify(path.join(path.dirname(__dirname), 'lib/aws')) },
    platform: 'node',
    logLevel: 'error',
  });
  const child = fork(outfile, { execArgv: ['--expose-gc'], stdio: ['ignore', 'inherit', 'pipe', 'ipc'] });
  // Bundlers and deprecations have much to say, which matters only when something fails.
  const said: Buffer[] = [];
  child.stderr?.on('data', (chunk: Buffer) => said.push(chunk));
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`bench/${name}.ts ended with ${code}: ${Buffer.concat(said).toString()}`));
    });
  });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
