import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check } from '../../core/check/check';
import { binariesForOthers } from './binaries';
import { lockedPart, type LockedPart, type Platform } from './lock-file';

/** Packages installed next to a bundle. */
export interface InstalledModules {
  /** Their `node_modules` folder. */
  readonly folder: string;
  /** Changes with what is installed: packages, versions, platform. */
  readonly hash: string;
}

/**
 * Installs packages as locked by the project, for the platform of the function: once, until their entries in the lock
 * file change.
 * @param path the function's construct path
 * @param project the directory of the package that the handler belongs to
 * @param cache where installations are kept
 * @throws PatternError when they are not locked, cannot be installed, or are not built for the platform
 */
export function installedModules(
  path: string,
  names: readonly string[],
  project: string,
  platform: Platform,
  cache: string,
): InstalledModules {
  const part = lockedPart(names, project, platform);
  if ('rule' in part) return refused(path, names, part.rule, part.remedy);
  const { directory: _, ...content } = part;
  const hash = createHash('sha256')
    .update(JSON.stringify([content, platform]))
    .digest('hex');
  const home = join(cache, hash.slice(0, 32));
  if (!existsSync(home)) install(path, names, part, platform, home);
  return { folder: join(home, 'node_modules'), hash };
}

/** Installs into a draft folder that is moved into place when complete, since several programs may run at once. */
function install(path: string, names: readonly string[], part: LockedPart, platform: Platform, home: string): void {
  const draft = `${home}.${process.pid}`;
  try {
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { recursive: true });
    const { dependencies, packages, directory } = part;
    const root = { name: 'modules', version: '0.0.0', private: true, dependencies };
    writeFileSync(join(draft, 'package.json'), JSON.stringify(root));
    const lock = { ...root, lockfileVersion: 3, requires: true, packages: { '': root, ...packages } };
    writeFileSync(join(draft, 'package-lock.json'), JSON.stringify(lock));
    // Use the project's registries and tokens.
    if (existsSync(join(directory, '.npmrc'))) copyFileSync(join(directory, '.npmrc'), join(draft, '.npmrc'));
    const failure = npmCi(draft, platform);
    rmSync(join(draft, '.npmrc'), { force: true });
    rmSync(join(draft, 'node_modules/.bin'), { recursive: true, force: true });
    if (failure !== undefined)
      refused(
        path,
        names,
        `must be installed for ${platform.os} on ${platform.cpu}, which npm could not (${failure})`,
        'connect to the registry once; installed packages are kept until the lock file changes',
      );
    const wrong = binariesForOthers(join(draft, 'node_modules'), platform);
    if (wrong.length > 0)
      refused(
        path,
        names,
        `must be built for ${platform.os} on ${platform.cpu} (${wrong.join(', ')})`,
        'choose a package that has binaries for it, synthesize on such a machine, or bring it in a layer',
      );
    try {
      renameSync(draft, home);
    } catch (error) {
      // Another process got there first.
      if (!existsSync(home)) throw error;
    }
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Installs; returns npm's last message on failure. */
function npmCi(directory: string, { os, cpu, libc }: Platform): string | undefined {
  const options = ['--omit=dev', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  try {
    execFileSync('npm', ['ci', `--os=${os}`, `--cpu=${cpu}`, `--libc=${libc}`, ...options], {
      cwd: directory,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
      // For packages that download a binary on installation.
      env: { ...process.env, npm_config_platform: os, npm_config_arch: cpu, npm_config_libc: libc },
    });
    return undefined;
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    const lines = stderr.split('\n').map((line) => line.replace(/^npm (error|ERR!) ?/, '').trim());
    const messages = lines.filter(
      (line) => line !== '' && !/^(code|errno|syscall|path|type|A complete log)\b/.test(line),
    );
    return messages.slice(0, 3).join('; ') || String(error);
  }
}

function refused(path: string, names: readonly string[], rule: string, remedy: string): never {
  check(path, [{ prop: 'bundling.nodeModules', value: names, valid: () => false, rule, remedy }]);
  throw new Error('a check that fails always throws');
}
