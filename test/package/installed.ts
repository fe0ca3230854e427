import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const root = path.join(__dirname, '../..');

/**
 * Scripts that compile a project (`-p tsconfig.json`) as the compilers do that users have. Which of them
 * `node_modules/.bin/tsc` is, nobody knows.
 */
export const tsc = {
  5: path.join(__dirname, 'compile.mjs'),
  7: path.join(root, 'node_modules/typescript-7/bin/tsc'),
};

/** The app of a stranger, with the packed packages in it. */
export interface Installed {
  readonly app: string;
  readonly tarball: string;
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
  const app = mkdtempSync(path.join(tmpdir(), 'lintel-app-'));
  const run = (command: string, args: readonly string[], cwd = app) => started(command, args, cwd);
  run(process.execPath, ['scripts/build.mjs', '--no-check'], root);
  for (const folder of [root, path.join(root, 'create-lintel')])
    run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', app], folder);
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
  return { app, tarball, run, link, remove: () => rmSync(app, { recursive: true, force: true }) };
}

function link(folder: string, packages: readonly string[]): void {
  for (const name of packages) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    symlinkSync(path.join(root, 'node_modules', name), path.join(folder, name));
  }
}

function started(command: string, args: readonly string[], cwd: string): string {
  try {
    return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}\n${stderr}`, { cause: error });
  }
}
