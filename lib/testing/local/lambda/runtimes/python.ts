import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { onPath } from '../../../engines/find';
import { text } from '../../kernel/json';
import { ApiProcess } from '../runtime-api/api-process';
import { type RuntimeKind, runtimeOf } from './runtime-kind';

interface Interpreter {
  readonly file: string;
  /** `3.13.1`. */
  readonly version: string;
}

const known = new Map<string, Interpreter | undefined>();

/** Python, through `awslambdaric`, Lambda's own Runtime API client, with an interpreter from the PATH. */
export const python: RuntimeKind = {
  runs: (runtime) => runtime.startsWith('python'),
  whyNot: (fn, code, layers) => {
    const runtime = runtimeOf(fn);
    const interpreter = interpreterOf(runtime);
    if (!interpreter) return `its runtime is ${runtime}; no Python is on the PATH`;
    const folders = [code, ...layers.flatMap((layer) => inLayer(layer, runtime))];
    if (hasClient(interpreter, folders)) return undefined;
    return `its runtime is ${runtime}; run '${path.basename(interpreter.file)} -m pip install awslambdaric' to run it here`;
  },
  runsOn: (runtime) => {
    const version = interpreterOf(runtime)?.version;
    const exact = version?.startsWith(`${runtime.replace('python', '')}.`);
    return `Python ${version}${exact ? '' : ` (no Python ${runtime.replace('python', '')} is on the PATH for ${runtime})`}`;
  },
  variables: ({ task, opt }, runtime) => ({
    PYTHONPATH: [task, ...inLayer(opt, runtime)].join(path.delimiter),
  }),
  starter:
    ({ deployed, variables, files }, watchdog) =>
    (_tmp, listen) => {
      const handler = text(deployed.properties.Handler) ?? '';
      const command = interpreterOf(runtimeOf(deployed))?.file ?? 'python3';
      return new ApiProcess(
        { command, args: ['-m', 'awslambdaric', handler], env: variables, cwd: files.task },
        watchdog,
        listen,
      );
    },
};

/** Where Lambda looks for packages in a layer. */
function inLayer(opt: string, runtime: string): readonly string[] {
  return [path.join(opt, 'python', 'lib', runtime, 'site-packages'), path.join(opt, 'python')];
}

/** The interpreter of the version, else any. */
function interpreterOf(runtime: string): Interpreter | undefined {
  if (!known.has(runtime)) known.set(runtime, [runtime, 'python3', 'python'].map(interpreter).find(Boolean));
  return known.get(runtime);
}

function interpreter(name: string): Interpreter | undefined {
  const file = onPath(name);
  const version = file && asked(file, ['-c', 'import platform; print(platform.python_version())']);
  return file !== undefined && version?.startsWith('3.') ? { file, version } : undefined;
}

function hasClient({ file }: Interpreter, folders: readonly string[]): boolean {
  return asked(file, ['-c', 'import awslambdaric'], { PYTHONPATH: folders.join(path.delimiter) }) !== undefined;
}

/** What a program prints; undefined when it fails. */
function asked(file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string | undefined {
  try {
    const options = {
      env: { PATH: process.env.PATH ?? '', ...env },
      stdio: ['ignore', 'pipe', 'ignore'] as ['ignore', 'pipe', 'ignore'],
    };
    return execFileSync(file, args, { ...options, encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}
