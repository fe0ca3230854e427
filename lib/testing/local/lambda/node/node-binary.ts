import { execFileSync } from 'node:child_process';
import { accessSync, constants, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { packageDirectory } from '../../../../core/installed';
import { onPath } from '../../../engines/find';

/** An installed Node.js. */
export interface NodeBinary {
  readonly file: string;
  /** `22.11.0`. */
  readonly version: string;
}

const OURS: NodeBinary = { file: process.execPath, version: process.versions.node };
const known = new Map<number, NodeBinary>();

/** The major version that a runtime names: 22 for `nodejs22.x`. */
export function majorOf(runtime: string): number {
  return Number(/^nodejs(\d+)/.exec(runtime)?.[1] ?? 0);
}

/** The Node.js of a major version if one is found, otherwise the one running this process. */
export function nodeBinary(major: number): NodeBinary {
  let binary = known.get(major);
  if (!binary) known.set(major, (binary = find(major) ?? OURS));
  return binary;
}

/** What a run reports about the Node.js versions that functions run on. */
export function runsOnNode(runtimes: readonly string[]): readonly string[] {
  return [...new Set(runtimes)].sort().map((runtime) => {
    const { version } = nodeBinary(majorOf(runtime));
    return version.startsWith(`${majorOf(runtime)}.`)
      ? `Node.js ${version}`
      : `Node.js ${version} (no Node.js ${majorOf(runtime)} is found for ${runtime})`;
  });
}

function find(major: number): NodeBinary | undefined {
  if (OURS.version.startsWith(`${major}.`)) return OURS;
  for (const file of places(major)) {
    const version = versionOf(file);
    if (version?.startsWith(`${major}.`)) return { file, version };
  }
  return undefined;
}

/** Where version managers, packages and distributions install Node.js. */
function places(major: number): readonly string[] {
  const { env } = process;
  const home = homedir();
  const inVersions = (root: string, ...rest: readonly string[]) =>
    versionsIn(root, major).map((version) => path.join(root, version, ...rest));
  return [
    onPath(`node${major}`),
    onPath(`node-${major}`),
    onPath('node'),
    binaryIn(packageDirectory('node')),
    ...inVersions(path.join(env.NVM_DIR ?? path.join(home, '.nvm'), 'versions/node'), 'bin/node'),
    ...inVersions(
      path.join(env.FNM_DIR ?? path.join(home, '.local/share/fnm'), 'node-versions'),
      'installation/bin/node',
    ),
    ...inVersions(path.join(env.VOLTA_HOME ?? path.join(home, '.volta'), 'tools/image/node'), 'bin/node'),
    ...inVersions(path.join(env.ASDF_DATA_DIR ?? path.join(home, '.asdf'), 'installs/nodejs'), 'bin/node'),
    ...inVersions(path.join(env.MISE_DATA_DIR ?? path.join(home, '.local/share/mise'), 'installs/node'), 'bin/node'),
    ...inVersions(path.join(env.N_PREFIX ?? '/usr/local', 'n/versions/node'), 'bin/node'),
    `/opt/homebrew/opt/node@${major}/bin/node`,
    `/usr/local/opt/node@${major}/bin/node`,
  ].filter((file) => file !== undefined && isExecutable(file)) as string[];
}

function binaryIn(folder: string | undefined): string | undefined {
  return folder && path.join(folder, 'bin/node');
}

/** The folders of a major version, newest first. */
function versionsIn(root: string, major: number): readonly string[] {
  try {
    return readdirSync(root)
      .filter((name) => new RegExp(`^v?${major}\\.`).test(name))
      .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  } catch {
    return [];
  }
}

function versionOf(file: string): string | undefined {
  try {
    return execFileSync(file, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .trim()
      .replace(/^v/, '');
  } catch {
    return undefined;
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
