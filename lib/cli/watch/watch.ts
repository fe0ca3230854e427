import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { ReadError } from '../../core/model/read-error';
import { isTemplate } from '../../testing/local/kernel/assembly';
import { LocalRunError, messageOf } from '../../testing/local/kernel/errors';
import { parseJson, recordOf, text } from '../../testing/local/kernel/json';
import { Scratch } from '../../testing/local/kernel/scratch';
import type { LocalRun } from '../../testing/local/local-run';
import type { LocalRunOptions } from '../../testing/local/options';
import { notRunLines } from '../not-run';
import { type AssemblyState, assemblyState, type FunctionCodeState } from './assembly-state';
import { CdkApp, GIVEN_UP } from './cdk-app';
import { CopiedFolders, copyWith } from './copied-folders';
import { digestOf } from './digest';
import { EsbuildCalls, recording } from './esbuild-calls';
import { FileWatch } from './file-watch';
import { LiveRun } from './live-run';
import { Bundles, rebuildable } from './recipes';
import { repositoryOf } from './repository';
import { templateState } from './template-state';

/** Prints a message to the user, in one or more lines. */
export type Notify = (said: string) => void;

/**
 * A run that follows its sources. A changed handler is bundled by the recipe in its assembly and swapped in at once, as
 * is a changed file of a folder that was copied into it, and a source of a bundle that CDK made. The app is synthesized meanwhile; if only code differs, it is swapped into its functions, otherwise a new run takes over,
 * with the same data and ports. If something does not build or synthesize, the old version keeps running.
 */
export class Watch {
  /**
   * Starts it: an app is synthesized first, so that the run matches the sources.
   * @param place an assembly, the folder of an app, or a template
   * @throws LocalRunError where there is nothing to run; UsageError for a `cdk.json` without an app
   */
  static async start(place: string, options: LocalRunOptions, notify: Notify): Promise<Watch> {
    const scratch = new Scratch();
    const app = isTemplate(place) ? undefined : CdkApp.of(place);
    try {
      const from = app ? await synthesized(app, place, scratch, notify) : place;
      const data = options.data ?? scratch.directory('data');
      return new Watch(place, from, app, await LiveRun.start(from, { ...options, data }), scratch, options, notify);
    } catch (error) {
      app?.stop();
      scratch.remove();
      throw error;
    }
  }

  private readonly files: FileWatch;
  /** The rest of the repository, at a pace of its own: it may be large. */
  private rest: FileWatch | undefined;
  private copied: CopiedFolders | undefined;
  private calls: EsbuildCalls | undefined;
  private state: AssemblyState;
  private bundles: Bundles | undefined;
  /** Tail of the queue of tasks, which run one at a time. */
  private turn = Promise.resolve();
  private changes = 0;
  private folders = 0;
  private stopped = false;

  private constructor(
    private readonly place: string,
    private from: string,
    private readonly app: CdkApp | undefined,
    private readonly live: LiveRun,
    private readonly scratch: Scratch,
    private readonly options: LocalRunOptions,
    private readonly notify: Notify,
  ) {
    this.state = this.read();
    this.bundles = this.bundlesOf();
    this.files = this.follow(() => this.roots());
    this.followCopies();
  }

  /** The current run. */
  get run(): LocalRun {
    return this.live.current;
  }

  /** Stops the watch and the run. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.files.stop();
    this.rest?.stop();
    this.app?.stop();
    await this.turn;
    await this.live.stop();
    this.scratch.remove();
  }

  private follow(roots: () => readonly string[], more: readonly string[] = []): FileWatch {
    return new FileWatch(
      () => ({ roots: roots(), excluded: [...this.excluded(), ...more] }),
      (files) => this.changed(files),
      (error) => this.next(() => Promise.reject(error)),
    );
  }

  /** Code that no recipe builds may come from anywhere in the repository. */
  private followCopies(): void {
    if (!this.app || !this.bundles) return;
    const built = new Set(this.bundles.all.map(({ fn }) => this.nameOf(fn)));
    const code = new Map([...this.state.code].filter(([fn]) => !built.has(fn)));
    const repository = code.size > 0 ? repositoryOf(this.app.folder) : undefined;
    const { folder } = this.app;
    if (repository !== undefined && repository !== folder)
      this.rest ??= this.follow(() => [repository], [folder, ...this.bundles.files]);
    this.calls = new EsbuildCalls(this.scratch.directory(CALLS), code);
    this.copied = new CopiedFolders(code, [...this.files.names, ...(this.rest?.names ?? [])]);
  }

  private roots(): readonly string[] {
    if (this.app) return [this.app.folder, ...(this.bundles?.files ?? [])];
    const code = [...this.state.code.values()].map(({ directory }) => directory);
    return isTemplate(this.place) ? [path.dirname(path.resolve(this.place)), ...code] : [this.place, ...code];
  }

  private excluded(): readonly string[] {
    const data = this.options.data === undefined ? [] : [path.resolve(this.options.data)];
    if (!this.app) return data;
    const own = path.resolve(this.place);
    return [...data, this.app.output, this.from, ...(own === this.app.folder ? [] : [own])];
  }

  private changed(files: readonly string[]): void {
    const begun = performance.now();
    const change = ++this.changes;
    this.next(() => this.swap(files, begun));
    if (!this.app) return this.next(() => this.take(this.place, files, begun));
    const { app } = this;
    const outdir = this.scratch.directory('cdk.out');
    app.synthesize(outdir, variablesFor(this.from, this.scratch)).then(
      (problem) => {
        if (problem === GIVEN_UP || change !== this.changes) return;
        if (problem === undefined) this.next(() => this.take(outdir, files, begun));
        // Otherwise it repeats what was reported already.
        else if (!this.bundles?.isBroken)
          this.notify(`the app could not be synthesized; what runs stays as it is\n${problem}`);
      },
      (error: unknown) => this.next(() => Promise.reject(error)),
    );
  }

  /** In order, one at a time; a failure is reported and affects nothing else. */
  private next(work: () => Promise<void> | void): void {
    this.turn = this.turn.then(async () => {
      if (this.stopped) return;
      try {
        await work();
      } catch (error) {
        const known = error instanceof LocalRunError || error instanceof ReadError;
        this.notify(`${known ? messageOf(error) : String((error as Error).stack)}; what runs stays as it is`);
      }
    });
  }

  /** Changes known to be code only, without waiting for a synthesis. */
  private async swap(files: readonly string[], begun: number): Promise<void> {
    const { bundles } = this;
    if (!bundles) return;
    for (const one of bundles.concerned(files)) {
      const present = this.codeOf(one.fn);
      if (present === undefined) continue;
      const made = bundles.rebuild(one, present, () => this.scratch.directory(`code/${++this.folders}`));
      if (made === undefined) continue;
      if ('problems' in made) {
        for (const problem of made.problems) this.notify(`ERROR ${problem}`);
        this.notify(`${one.fn} keeps its code until that is fixed`);
      } else this.swapIn(one.fn, made.directory, begun);
    }
    const { code } = this.state;
    for (const { fn, names, source } of this.copied?.concerned(files, code) ?? []) {
      const target = this.scratch.directory(`code/${++this.folders}`);
      this.swapIn(fn, copyWith(names, source, code.get(fn)!.directory, target), begun);
    }
    for (const fn of this.calls?.concerned(files) ?? []) {
      const target = this.scratch.directory(`code/${++this.folders}`);
      if (await this.calls!.rebuild(fn, this.state.code.get(fn)!.directory, target)) this.swapIn(fn, target, begun);
    }
  }

  private swapIn(fn: string, directory: string, begun: number): void {
    this.update(fn, { directory, digest: digestOf(directory) }, begun);
  }

  /** Compares the assembly or template with what is running. */
  private async take(place: string, files: readonly string[], begun: number): Promise<void> {
    const before = this.state;
    const now = isTemplate(place) ? templateState(place, this.run) : assemblyState(place);
    const changed = [...now.code].filter(([fn, { digest }]) => before.code.get(fn)?.digest !== digest);
    const archives = changed.some(([, { directory }]) => !statSync(directory).isDirectory());
    if (now.shape === before.shape && !archives && !files.some((file) => file.endsWith('.zip'))) {
      for (const [fn, code] of changed) this.update(fn, code, begun);
      this.followCopies();
      return;
    }
    await this.restart(place, begun);
  }

  private async restart(place: string, begun: number): Promise<void> {
    const notRun = new Set(notRunLines(this.run.unsupported));
    await this.live.replace(place);
    this.from = place;
    this.state = this.read();
    this.bundles = this.bundlesOf();
    this.followCopies();
    const more = notRunLines(this.run.unsupported).filter((line) => !notRun.has(line));
    this.notify(`the stacks changed, and were restarted after ${since(begun)} ms`);
    for (const line of more) this.notify(`not run: ${line}`);
  }

  private update(fn: string, code: FunctionCodeState, begun: number): void {
    this.run.updateCode(fn, code.directory);
    this.state = { ...this.state, code: new Map(this.state.code).set(this.nameOf(fn), code) };
    this.notify(`${fn.replace(/\/Resource$/, '')} has new code after ${since(begun)} ms`);
  }

  private read(): AssemblyState {
    return isTemplate(this.from) ? templateState(this.from, this.run) : assemblyState(this.from);
  }

  private bundlesOf(): Bundles | undefined {
    return this.app && new Bundles(rebuildable(this.from, this.app.folder), this.app.folder);
  }

  private codeOf(fn: string): string | undefined {
    return this.state.code.get(this.nameOf(fn))?.directory;
  }

  /** A recipe names the construct, the state names its resource. */
  private nameOf(fn: string): string {
    return this.state.code.has(fn) ? fn : `${fn}/Resource`;
  }
}

async function synthesized(app: CdkApp, place: string, scratch: Scratch, notify: Notify): Promise<string> {
  const outdir = scratch.directory('cdk.out');
  const begun = performance.now();
  const problem = await app.synthesize(outdir, variablesFor(place, scratch));
  if (problem === undefined) {
    notify(`the app was synthesized in ${since(begun)} ms`);
    return outdir;
  }
  if (!existsSync(path.join(place, 'manifest.json')))
    throw new LocalRunError(`the app could not be synthesized\n${problem}`);
  notify(`the app could not be synthesized; running '${place}' as it was before\n${problem}`);
  return place;
}

function variablesFor(assembly: string, scratch: Scratch): NodeJS.ProcessEnv {
  return { ...placeOf(assembly), ...recording(scratch.directory(CALLS)) };
}

/** Where apps write down their calls of esbuild. */
const CALLS = 'esbuild';

/** Account and region of the stacks of an assembly, as the CDK command line passes them to an app. */
function placeOf(assembly: string): NodeJS.ProcessEnv {
  const manifest = path.join(assembly, 'manifest.json');
  if (!existsSync(manifest)) return {};
  const artifacts = Object.values(recordOf(recordOf(parseJson(readFileSync(manifest, 'utf8'))).artifacts));
  const environments = artifacts.map((one) =>
    /^aws:\/\/(\d{12})\/([a-z\d-]+)$/.exec(text(recordOf(one).environment) ?? ''),
  );
  const [, CDK_DEFAULT_ACCOUNT, CDK_DEFAULT_REGION] = environments.find((one) => one !== null) ?? [];
  return CDK_DEFAULT_ACCOUNT === undefined ? {} : { CDK_DEFAULT_ACCOUNT, CDK_DEFAULT_REGION };
}

function since(begun: number): number {
  return Math.round(performance.now() - begun);
}
