/**
 * `npx tsx scripts/assemblies.ts FOLDER`: runs every cloud assembly below a folder, sends it what its triggers take, and
 * prints a table. Made for other people's apps, synthesized outside of this repository.
 */
import { fork } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { processIo } from '../lib/cli/io';
import { type AppResult, tryAssembly } from './assemblies/try-assembly';

/** One app may take so long, in milliseconds. */
const LIMIT = 120_000;
const io = processIo();

const COLUMNS: readonly (readonly [title: string, value: (result: AppResult) => string | number])[] = [
  ['app', ({ app }) => app],
  ['verdict', ({ verdict }) => verdict],
  ['ready', ({ ready }) => (ready === undefined ? '' : `${ready} ms`)],
  ['functions', ({ functions }) => functions],
  ['sent', ({ sent }) => sent],
  [
    'answers',
    ({ answers }) =>
      Object.entries(answers)
        .map(([status, count]) => `${count}x${status}`)
        .join(' '),
  ],
  ['invoked', ({ invoked }) => invoked],
  ['failed', ({ failed }) => failed],
  ['not run', ({ notRun }) => notRun.length],
  ['beside', ({ beside }) => beside.length],
  ['kinds', ({ kinds }) => kinds.join(' ')],
];

async function main(): Promise<void> {
  const [folder = '', ...rest] = process.argv.slice(2);
  const directories = assembliesBelow(folder);
  if (directories.length === 0) throw new Error(`there is no cloud assembly below '${folder}'`);
  const results: AppResult[] = [];
  for (const directory of directories) results.push(await inProcess(directory));
  io.out(table(results));
  const kinds = new Set(
    results.filter(({ verdict }) => verdict === 'runs' || verdict === 'partly').flatMap((one) => one.kinds),
  );
  const count = (verdict: AppResult['verdict']) => results.filter((one) => one.verdict === verdict).length;
  io.out(
    `\n${results.length} apps: ${count('runs')} run, ${count('partly')} in part, ${count('empty')} have nothing to run, ` +
      `${count('fails')} fail; ${kinds.size} kinds run\n`,
  );
  if (rest.includes('--details')) for (const result of results) io.out(details(result));
}

function assembliesBelow(folder: string): readonly string[] {
  if (existsSync(path.join(folder, 'manifest.json'))) return [folder];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => existsSync(path.join(folder, entry.name, 'manifest.json')))
    .map(({ name }) => path.join(folder, name))
    .sort();
}

/** A process for each, so that an app that ends its process ends no other. */
function inProcess(directory: string): Promise<AppResult> {
  const child = fork(__filename, ['--one', directory], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let complaint = '';
  child.stderr?.on('data', (chunk) => (complaint = `${complaint}${String(chunk)}`.slice(-500)));
  const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT);
  return new Promise((resolve) => {
    let result: AppResult | undefined;
    child.on('message', (message) => (result = message as AppResult));
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      const failure = `ended with ${signal ?? code}: ${complaint.trim()}`;
      resolve(result ?? { ...NOTHING, app: path.basename(directory), verdict: 'fails', failure });
    });
  });
}

const NOTHING = {
  kinds: [],
  functions: 0,
  sent: 0,
  answers: {},
  invoked: 0,
  failed: 0,
  notRun: [],
  beside: [],
  calls: [],
};

function table(results: readonly AppResult[]): string {
  const rows = [
    COLUMNS.map(([title]) => title),
    ...results.map((one) => COLUMNS.map(([, value]) => String(value(one)))),
  ];
  const widths = COLUMNS.map((_, index) => Math.max(...rows.map((row) => row[index]!.length)));
  return (
    rows
      .map((row) =>
        row
          .map((cell, index) => cell.padEnd(widths[index]!))
          .join('  ')
          .trimEnd(),
      )
      .join('\n') + '\n'
  );
}

function details({ app, failure, notRun, calls, complaints = [] }: AppResult): string {
  const lines = [
    ...(failure === undefined ? [] : [`fails: ${failure}`]),
    ...notRun.map((reason) => `not run: ${reason}`),
    ...calls.map((call) => `not answered: ${call}`),
    ...complaints.map((line) => `log: ${line}`),
  ];
  return lines.length === 0 ? '' : `\n${app}\n${lines.map((line) => `  ${line}`).join('\n')}\n`;
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}

if (process.argv[2] === '--one') {
  tryAssembly(process.argv[3]!)
    .then((result) => process.send?.(result, () => process.exit(0)))
    .catch(fail);
} else {
  main().catch(fail);
}
