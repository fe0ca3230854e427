import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isRecord, parseJson, recordOf, text } from '../../testing/local/kernel/json';
import { UsageError } from '../io';

/** Context that the CDK CLI adds whatever `cdk.json` says: without it templates have no construct paths. */
const CONTEXT = {
  'aws:cdk:enable-path-metadata': true,
  'aws:cdk:enable-asset-metadata': true,
  'aws:cdk:version-reporting': true,
  'aws:cdk:bundling-stacks': ['**'],
};

/** A CDK app that can be synthesized again. */
export class CdkApp {
  /**
   * The app of an assembly, or of a folder: that of the `cdk.json` in it or beside it; undefined if there is none.
   * @throws UsageError when its `cdk.json` names no app
   */
  static of(place: string): CdkApp | undefined {
    const folders = [path.resolve(place), path.dirname(path.resolve(place))];
    const folder = folders.find((one) => existsSync(path.join(one, 'cdk.json')));
    if (folder === undefined) return undefined;
    const file = path.join(folder, 'cdk.json');
    const settings = parseJson(readFileSync(file, 'utf8'));
    const command = text(recordOf(settings).app);
    if (!isRecord(settings) || command === undefined)
      throw new UsageError(`'${file}' must be JSON with an 'app' command, which --watch synthesizes with`);
    return new CdkApp(folder, command, settings);
  }

  private child: ChildProcess | undefined;

  private constructor(
    /** The folder of its `cdk.json`. */
    readonly folder: string,
    private readonly command: string,
    private readonly settings: Readonly<Record<string, unknown>>,
  ) {}

  /** Where the CDK writes its assembly. */
  get output(): string {
    return path.resolve(this.folder, text(this.settings.output) ?? 'cdk.out');
  }

  /**
   * Synthesizes it, and cancels a synthesis that is still running.
   * @param variables in addition to those of this process
   * @returns what went wrong; `given up` if another one started; undefined on success
   */
  async synthesize(outdir: string, variables: NodeJS.ProcessEnv = {}): Promise<string | undefined> {
    this.stop();
    const looked = parseJson(orNothing(path.join(this.folder, 'cdk.context.json')));
    const context = { ...CONTEXT, ...recordOf(looked), ...recordOf(this.settings.context) };
    const child = spawn(this.command, {
      cwd: this.folder,
      shell: true,
      // A process group of its own, so that the shell's children end with it.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...variables, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context) },
    });
    this.child = child;
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const code = await new Promise<number | null>((resolve) => {
      child.on('error', (error) => {
        output += error.message;
        resolve(1);
      });
      child.on('close', resolve);
    });
    if (this.child !== child) return GIVEN_UP;
    this.child = undefined;
    return code === 0 ? undefined : output.trim() || `'${this.command}' ended with ${code}`;
  }

  /** Cancels a running synthesis. */
  stop(): void {
    const { child } = this;
    this.child = undefined;
    if (child?.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has already exited.
    }
  }
}

/** The result of a synthesis that another one replaced. */
export const GIVEN_UP = 'given up';

function orNothing(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '{}';
}
