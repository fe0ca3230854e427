// Finds Pulumi's command line, or builds it from its Go modules once, and prepares what it needs to run offline.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The version that is built. The SDK that runs the programs is the one in node_modules. */
const VERSION = '3.250.0';

/** The oldest Go that builds it. */
const GO = { major: 1, minor: 25 };

/** The versions under which the providers present themselves. */
export const PROVIDERS = { cloudflare: '6.22.1', aws: '7.15.0' };

const require = createRequire(import.meta.url);
const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(path.dirname(here));
export const cache = path.join(root, '.cache', 'pulumi');

/** The only file that the build needs: everything else follows from the module's own go.mod. */
const GO_MOD = `module lintel/verify-pulumi

go 1.25.11

replace github.com/atotto/clipboard => github.com/tgummerer/clipboard v0.0.0-20241001131231-d02d263e614e

require (
	github.com/pulumi/pulumi/pkg/v3 v${VERSION}
	github.com/pulumi/pulumi/sdk/v3 v${VERSION}
)
`;

/**
 * Where the command line is; undefined where it is not, and is not built.
 * @param {boolean} mayBuild
 * @returns {{ pulumi: string, built: boolean } | undefined}
 */
export function findEngine(mayBuild) {
  const binary = path.join(cache, `pulumi-${VERSION}`, 'pulumi');
  if (existsSync(binary)) return { pulumi: binary, built: true };
  const installed = onPath('pulumi');
  if (installed) return { pulumi: installed, built: false };
  if (!mayBuild || !hasGo()) return undefined;
  build(binary);
  return { pulumi: binary, built: true };
}

/**
 * A directory for plugins and programs for the path, which hold our in-memory providers and, where Pulumi has not brought
 * its own, a language host for Node.js.
 * @param {{ pulumi: string, built: boolean }} engine
 */
export function prepareHome({ pulumi, built }) {
  const home = path.join(cache, 'home');
  const bin = path.join(cache, 'bin');
  for (const [name, version] of Object.entries(PROVIDERS)) {
    const directory = path.join(home, 'plugins', `resource-${name}-v${version}`);
    program(path.join(directory, `pulumi-resource-${name}`), path.join(here, 'provider.mjs'), version);
  }
  if (built) program(path.join(bin, 'pulumi-language-nodejs'), path.join(here, 'language-host.mjs'));
  const dynamic = path.join(
    path.dirname(require.resolve('@pulumi/pulumi/package.json')),
    'pulumi-resource-pulumi-nodejs',
  );
  mkdirSync(bin, { recursive: true });
  const link = path.join(bin, path.basename(dynamic));
  if (!existsSync(link)) symlinkSync(dynamic, link);
  return { home, path: [bin, path.dirname(pulumi), process.env.PATH].join(path.delimiter) };
}

/** @param {string} binary */
function build(binary) {
  console.log(`building Pulumi's command line ${VERSION} from its Go modules, once; this takes some minutes`);
  const directory = path.dirname(binary);
  mkdirSync(directory, { recursive: true });
  writeFileSync(path.join(directory, 'go.mod'), GO_MOD);
  const version = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${VERSION}`;
  const flags = ['build', '-mod=mod', '-trimpath', '-ldflags', `-s -w ${version}`, '-o', `${binary}.new`];
  execFileSync('go', [...flags, 'github.com/pulumi/pulumi/pkg/v3/cmd/pulumi'], {
    cwd: directory,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, GOWORK: 'off', GOFLAGS: '-buildvcs=false' },
  });
  execFileSync('mv', [`${binary}.new`, binary]);
}

function hasGo() {
  const { status, stdout } = spawnSync('go', ['version'], { encoding: 'utf8' });
  const [major = 0, minor = 0] = (/go(\d+)\.(\d+)/.exec(stdout ?? '') ?? []).slice(1).map(Number);
  return status === 0 && (major > GO.major || (major === GO.major && minor >= GO.minor));
}

/** @param {string} name */
function onPath(name) {
  const directories = (process.env.PATH ?? '').split(path.delimiter);
  return directories.map((directory) => path.join(directory, name)).find((file) => existsSync(file));
}

/**
 * A program that the engine can start.
 * @param {string} file
 * @param {string} script
 * @param {string[]} args
 */
function program(file, script, ...args) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(
    file,
    `#!/bin/sh\nexec ${[process.execPath, script, ...args].map((one) => `"${one}"`).join(' ')} "$@"\n`,
  );
  chmodSync(file, 0o755);
}
