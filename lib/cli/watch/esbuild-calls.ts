import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseJson, recordOf } from '../../testing/local/kernel/json';
import type { FunctionCodeState } from './assembly-state';

/** How CDK had esbuild bundle a function (`NodejsFunction`) while an app was synthesized. */
interface EsbuildCall {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Variables in which it differed from the app. */
  readonly env: Readonly<Record<string, string>>;
  readonly outfile: string;
  readonly metafile: string;
  /** Of the bundle. */
  readonly digest: string;
  /** Sources, relative to `cwd`. */
  readonly inputs: readonly string[];
}

/** Loaded into the app, which it does not affect unless it runs on Node.js. */
const RECORDER = path.join(__dirname, 'esbuild-recorder.js');

/** The variables with which an app records its calls of esbuild. @param directory for the records */
export function recording(directory: string): NodeJS.ProcessEnv {
  const options = [process.env.NODE_OPTIONS, `--require ${JSON.stringify(RECORDER)}`].filter(Boolean).join(' ');
  return { NODE_OPTIONS: options, LINTEL_ESBUILD_CALLS: directory };
}

/** Functions that CDK bundles, bundled again by the same calls when one of their sources changes. */
export class EsbuildCalls {
  private readonly calls: ReadonlyMap<string, EsbuildCall>;

  /**
   * @param directory the records of an app
   * @param code by function
   */
  constructor(directory: string, code: ReadonlyMap<string, FunctionCodeState>) {
    const all = readdirSync(directory)
      .filter((name) => name.endsWith('.json'))
      .map((name) => recordOf(parseJson(readFileSync(path.join(directory, name), 'utf8'))) as unknown as EsbuildCall)
      // A synthesis that is cancelled may have written half of it.
      .filter(({ digest }) => digest !== undefined);
    const found = [...code].map(([fn, { directory: place }]) => {
      // What hooks have changed since is not what the call made.
      const call = all.find(({ outfile, digest }) => digestOfFile(path.join(place, path.basename(outfile))) === digest);
      return [fn, call] as const;
    });
    this.calls = new Map(found.filter((one): one is [string, EsbuildCall] => one[1] !== undefined));
  }

  /** The functions that changed files affect. */
  concerned(files: readonly string[]): readonly string[] {
    return [...this.calls].flatMap(([fn, { inputs, cwd }]) => {
      const sources = new Set(inputs.map((input) => path.resolve(cwd, input)));
      return files.some((file) => sources.has(file)) ? [fn] : [];
    });
  }

  /**
   * Bundles a function again.
   * @param present the directory of its code
   * @param directory for the new code
   * @returns whether it differs; false also where it does not build, which the synthesis says
   */
  async rebuild(fn: string, present: string, directory: string): Promise<boolean> {
    const { command, args, cwd, env, outfile } = this.calls.get(fn)!;
    mkdirSync(directory, { recursive: true });
    cpSync(present, directory, { recursive: true });
    const name = path.basename(outfile);
    const before = digestOfFile(path.join(directory, name));
    const moved = args.map((arg) => arg.replaceAll(path.dirname(outfile), directory));
    const [program, ...rest] = directly(command, moved, cwd);
    const child = spawn(program!, rest, { cwd, env: { ...process.env, ...env }, stdio: 'ignore' });
    const code = await new Promise<number | null>((resolve) => {
      child.on('error', () => resolve(1));
      child.on('close', resolve);
    });
    return code === 0 && digestOfFile(path.join(directory, name)) !== before;
  }
}

/** Without `npx`, which takes longer than esbuild. */
function directly(command: string, args: readonly string[], cwd: string): readonly string[] {
  const at = args.indexOf('--bundle');
  const own = path.join(cwd, 'node_modules/.bin/esbuild');
  return command === 'npx' && args[at - 1] === 'esbuild' && existsSync(own)
    ? [own, ...args.slice(at)]
    : [command, ...args];
}

function digestOfFile(file: string): string | undefined {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
