import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const root = path.join(__dirname, '../..');

/** TypeScript 7, which compiles a project (`-p tsconfig.json`). Which of them `node_modules/.bin/tsc` is, nobody knows. */
export const tsc = path.join(root, 'node_modules/typescript-7/bin/tsc');

/** The app of a stranger, with the packed packages in it. */
export interface Installed {
  readonly app: string;
  readonly tarball: string;
  /** The folder of an app that `npm create lintel` has made. */
  readonly starter: string;
  run(command: string, args: readonly string[], cwd?: string): string;
  /** Puts packages of this repository into a `node_modules`: only what comes from elsewhere, which takes a minute to unpack. */
  link(folder: string, packages: readonly string[]): void;
  remove(): void;
}

const LINKED = [
  '@aws/durable-execution-sdk-js',
  '@aws-sdk/client-dynamodb',
  '@aws-sdk/lib-dynamodb',
  '@types/aws-lambda',
  '@types/node',
  'aws-cdk',
  'aws-cdk-lib',
  'constructs',
  'esbuild',
  'tsx',
  'typescript',
  'undici-types',
];

/** Builds and packs what is published, and installs it in a folder outside of this repository. */
export function install(): Installed {
  const folder = mkdtempSync(path.join(tmpdir(), 'lintel-app-'));
  const app = path.join(folder, 'app');
  mkdirSync(app);
  const run = (command: string, args: readonly string[], cwd = app) => started(command, args, cwd);
  run(process.execPath, ['scripts/build.mjs', '--no-check'], root);
  run('npm', ['pack', '.', './create-lintel', '--silent', '--ignore-scripts', '--pack-destination', app], root);
  const packed = (name: RegExp) =>
    path.join(
      app,
      readdirSync(app).find((file) => name.test(file))!,
    );
  const tarball = packed(/^lintel-.*\.tgz$/);
  cpSync(path.join(__dirname, 'app'), app, { recursive: true });
  writeFileSync(
    path.join(app, 'package.json'),
    JSON.stringify({
      name: 'fresh-app',
      private: true,
      dependencies: { lintel: `file:${tarball}`, 'create-lintel': `file:${packed(/^create-lintel-.*\.tgz$/)}` },
    }),
  );
  run('npm', ['install', '--legacy-peer-deps', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']);
  link(path.join(app, 'node_modules'), LINKED);
  run('npm', ['create', 'lintel', 'notes', '--', '--name', 'team-notes']);
  const starter = path.join(app, 'notes');
  return { app, tarball, starter, run, link, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** What TypeScript 5 says of projects, by the file of their settings. */
export function compiledBy5(installed: Installed, configs: readonly string[]): Readonly<Record<string, string>> {
  const script = path.join(__dirname, 'compile.mjs');
  return JSON.parse(installed.run(process.execPath, [script, ...configs])) as Record<string, string>;
}

function link(folder: string, packages: readonly string[]): void {
  for (const name of packages) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    symlinkSync(path.join(root, 'node_modules', name), path.join(folder, name));
  }
}

function started(command: string, args: readonly string[], cwd: string): string {
  try {
    // TypeScript 7 and esbuild end before it is worth collecting their garbage, which is a third of their time.
    const env = { ...process.env, GOGC: 'off' };
    return execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}\n${stderr}`, { cause: error });
  }
}
