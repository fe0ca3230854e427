import path from 'node:path';
import type { ProcessCommand } from '../environment/process-group';
import { majorOf, nodeBinary } from './node-binary';

/** What determines how a function's Node.js is started. */
export interface NodeStart {
  /** As in the template: `nodejs22.x`. */
  readonly runtime: string;
  /** In MB. */
  readonly memory: number;
  /** Everything that the handler sees in `process.env`. */
  readonly variables: Readonly<Record<string, string>>;
  /** The debugger port; undefined without a debugger. */
  readonly inspect?: number | undefined;
  /** The directory of the code; undefined as long as the function is not known. */
  readonly task?: string | undefined;
}

/** Variables that Node.js, or a library it links, reads at startup. All others can be set later. */
const READ_AT_START = /^(NODE_|UV_|LANG$|LC_|ICU_|OPENSSL_|SSL_|LD_|DYLD_|MALLOC_)/;
/** Set again once the function is known. */
const READ_AGAIN = ['NODE_PATH'];

/** Whether NODE_OPTIONS loads modules before the handler, which need the function's variables and directory. */
export function preloads(variables: Readonly<Record<string, string>>): boolean {
  return /(^|\s)(-r|--require|--import|--(experimental-)?loader)[\s=]/.test(variables.NODE_OPTIONS ?? '');
}

/** The command that starts an execution environment, assigned to a function only if NODE_OPTIONS loads modules. */
export function nodeCommand({ runtime, memory, variables, inspect, task }: NodeStart): ProcessCommand {
  const assigned = task !== undefined && preloads(variables);
  const env = Object.entries(variables).filter(
    ([name]) => assigned || (READ_AT_START.test(name) && !READ_AGAIN.includes(name)),
  );
  return {
    command: nodeBinary(majorOf(runtime)).file,
    args: [
      ...flags(memory, variables.NODE_OPTIONS ?? ''),
      ...(inspect === undefined ? [] : [`--inspect=127.0.0.1:${inspect}`]),
      path.join(__dirname, 'bootstrap.js'),
    ],
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', ...Object.fromEntries(env) },
    cwd: assigned ? task : path.parse(__dirname).root,
    channel: true,
  };
}

/**
 * The heap flags of Lambda's own bootstrap: a tenth of the memory is the young generation, half of which is a
 * semi-space; the rest is the old generation. A function that sets either flag in NODE_OPTIONS sets both.
 */
function flags(memory: number, options: string): readonly string[] {
  const common = ['--expose-gc', '--max-http-header-size=81920'];
  if (/--max[-_](semi|old)[-_]space[-_]size/.test(options)) return common;
  const young = Math.floor(memory / 10);
  return [...common, `--max-semi-space-size=${Math.floor(young / 2)}`, `--max-old-space-size=${memory - young}`];
}

/**
 * The value of NODE_OPTIONS: up to Node.js 22, Lambda turns off features that Node.js has since enabled by default; the
 * template's own options follow.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
 */
export function nodeOptions(runtime: string, own: string | undefined): string | undefined {
  const major = majorOf(runtime);
  const off = major < 24 ? OFF.filter(({ since }) => since(versionParts(major))).map(({ flag }) => flag) : [];
  const all = [...off, ...(own === undefined || own === '' ? [] : [own])];
  return all.length === 0 ? own : all.join(' ');
}

type Version = readonly [major: number, minor: number];

/** Flags, and the versions of Node.js that know them. */
const OFF: readonly { readonly flag: string; readonly since: (version: Version) => boolean }[] = [
  {
    flag: '--no-experimental-require-module',
    since: ([major, minor]) => (major === 20 && minor >= 17) || major >= 22,
  },
  {
    flag: '--no-experimental-detect-module',
    since: ([major, minor]) => (major === 20 && minor >= 10) || (major === 21 && minor >= 1) || major >= 22,
  },
];

function versionParts(major: number): Version {
  const [own = 0, minor = 0] = nodeBinary(major).version.split('.').map(Number);
  return [own, minor];
}
