import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import * as pulumi from '@pulumi/pulumi';
import type { Check } from '../../core/check/check';
import { refuse } from '../check-args';

/** How a site's files are built. */
export interface SiteBuild {
  /** Run in a shell before anything is read: `npm run build`. It must end with exit code 0. */
  readonly command: string;
  /** Folder of the output, relative to `directory`. */
  readonly output: string;
  /**
   * Where it runs, relative to the working directory.
   * @default - the working directory
   */
  readonly directory?: string;
}

/** The folder of the files, relative to the working directory. */
export function outputOf({ directory = '', output }: SiteBuild): string {
  return path.join(directory, output);
}

/** What each program has already built: two sites may share one build. */
const built = new WeakMap<pulumi.Resource, Set<string>>();

/**
 * Builds a site. The command gets the program's environment without what Pulumi added, which contains the
 * configuration with its secrets; nothing of it ends up in the state. With the configuration
 * `lintel:build` set to `false` nothing is run, and the output is used as it is.
 * @param name of the component, which ends every message
 * @throws InputPropertiesError when it cannot be run, or fails
 */
export function buildSite(name: string, { command, directory = '.' }: SiteBuild): void {
  refuse(name, directoryChecks(directory));
  if (new pulumi.Config('lintel').getBoolean('build') === false || !isFirst(`${path.resolve(directory)}\n${command}`))
    return;
  const { status, stdout, error } = spawnSync(
    process.execPath,
    [path.join(__dirname, 'run-build.mjs'), command, name],
    {
      cwd: directory,
      env: Object.fromEntries(Object.entries(process.env).filter(([variable]) => !variable.startsWith('PULUMI_'))),
      stdio: ['ignore', 'pipe', 'inherit'],
      maxBuffer: 256 * 1024 * 1024,
    },
  );
  refuse(name, [
    {
      prop: 'build.command',
      value: command,
      valid: () => status === 0,
      rule: `must end with exit code 0 (it ended with ${status ?? error?.message})`,
      remedy: `fix what it reports:\n${endOf(stdout)}\n`,
    },
  ]);
}

function directoryChecks(directory: string): Check[] {
  return [
    {
      prop: 'build.directory',
      value: directory,
      valid: () => existsSync(directory) && statSync(directory).isDirectory(),
      rule: 'must be a directory',
      remedy: `name one in ${process.cwd()}, or leave it out`,
    },
  ];
}

function isFirst(key: string): boolean {
  const stack = pulumi.runtime.getStackResource();
  if (!stack) return true;
  const done = built.get(stack) ?? new Set<string>();
  built.set(stack, done);
  if (done.has(key)) return false;
  done.add(key);
  return true;
}

/** The last lines of a command's output. */
function endOf(output: Buffer | null): string {
  const lines = stripVTControlCharacters(String(output ?? ''))
    .trimEnd()
    .split('\n');
  return [...(lines.length > LINES ? [`... ${lines.length - LINES} lines`] : []), ...lines.slice(-LINES)]
    .map((line) => `  ${line}`)
    .join('\n');
}

const LINES = 30;
