import { realpathSync } from 'node:fs';
import path from 'node:path';
import type { Deployed } from '../kernel/deployment';
import { LocalRunError } from '../kernel/errors';
import { text } from '../kernel/json';
import type { SigningKeys } from '../kernel/keys';
import { ExecutionEnvironment } from './environment/execution-environment';
import { MemoryWatch } from './environment/memory';
import type { ProcessCommand } from './environment/process-group';
import type { StartRuntime } from './environment/runtime';
import { Watchdog } from './environment/watchdog';
import { codeOf, type FunctionCode } from './function-code';
import type { FunctionsContext } from './functions';
import { initLimitOf } from './init-limit';
import { majorOf } from './node/node-binary';
import { nodeCommand, preloads } from './node/node-command';
import { NodeProcess } from './node/node-process';
import { NodeProcesses } from './node/node-processes';
import { sdkPackages } from './node/sdk';
import { layOut, leadToSources, linkModules, packagesIn, type TaskFiles, type TaskSources } from './task-files';
import { kindOf } from './runtimes/kinds';
import { runtimeOf } from './runtimes/runtime-kind';
import { memoryOf, timeoutOf, variablesOf } from './variables';

const A_DAY = 24 * 60 * 60;

/** The owner of a new environment. */
export interface EnvironmentOwner {
  readonly deployed: Deployed;
  /** `$LATEST` or a number. */
  readonly version: string;
  /** Signs its calls. */
  readonly credentials: SigningKeys;
  /** Takes what is written to the log. */
  readonly log: (text: string, requestId: string | undefined) => void;
}

type Provided = Pick<TaskSources, 'provided' | 'providedModules'>;

/** Creates a run's execution environments, and ends what they share. */
export class Environments {
  /** The AWS SDK packages available to handlers. */
  readonly provided = sdkPackages();
  private readonly watchdog = new Watchdog(() => this.context.scratch('.'));
  private readonly memoryWatch = new MemoryWatch();
  private readonly processes = new NodeProcesses(this.watchdog);
  private readonly files = new Map<string, Promise<TaskFiles>>();
  private readonly copying = new Set<Promise<TaskFiles>>();
  private readonly started = new Set<string>();
  private readonly inspected = new Map<string, NodeProcess>();
  private readonly modules = new Map<string, Provided>();
  private count = 0;
  private folders = 0;

  /** @param context what they need */
  constructor(private readonly context: FunctionsContext) {}

  /** Starts processes ahead of the first invocation of each function. */
  prepare(functions: readonly Deployed[]): void {
    for (const fn of functions) {
      const options = this.options(fn);
      if (preloads(options)) continue;
      const command = this.command(fn, options);
      if (this.inspectAt(fn) === undefined) this.processes.expect(command);
      else this.inspected.set(fn.resource.id, this.awaitDebugger(fn, command));
    }
    this.processes.prepare();
  }

  /** The port where a function waits for a debugger; undefined without one. */
  inspectAt(fn: Deployed): number | undefined {
    return this.context.inspect.get(fn.resource.id);
  }

  /**
   * An environment for a function; its process starts with the first invocation.
   * @throws LocalRunError when its code is missing
   */
  async make({ deployed, version, credentials, log }: EnvironmentOwner): Promise<ExecutionEnvironment> {
    const { deployment, assets, scratch, whyRefused } = this.context;
    const refused = whyRefused(deployed);
    if (refused !== undefined) throw new LocalRunError(`'${deployed.displayName}' cannot run: ${refused}`);
    const code = codeOf(deployed, deployment, assets, scratch);
    const files = await this.filesOf(deployed, code);
    const tmp = scratch(`tmp/${++this.count}`);
    const variables = this.variables(deployed, version, credentials, files, tmp);
    return new ExecutionEnvironment({
      functionName: deployed.ref,
      tmp,
      memory: memoryOf(deployed),
      ...this.limits(deployed, version),
      memoryWatch: this.memoryWatch,
      log,
      start: this.starter(deployed, variables, files),
    });
  }

  /** Copies of the code are out of date: new environments get fresh ones. */
  forgetFiles(): void {
    this.files.clear();
  }

  async stop(): Promise<void> {
    for (const one of this.inspected.values()) one.kill();
    this.processes.stop();
    this.watchdog.stop();
    // Copies in progress finish before their directory is removed.
    await Promise.allSettled([...this.copying]);
  }

  /** A function under a debugger has no time limit. */
  private limits(fn: Deployed, version: string): { readonly timeout: number; readonly initLimit: number } {
    if (this.inspectAt(fn) !== undefined) return { timeout: A_DAY, initLimit: A_DAY };
    return { timeout: timeoutOf(fn), initLimit: initLimitOf(fn, version, this.context.deployment) };
  }

  /** The process that a debugger finds before the first invocation. */
  private awaitDebugger(fn: Deployed, command: ProcessCommand): NodeProcess {
    return new NodeProcess(command, this.watchdog, (event) => {
      if (event.type === 'log') this.context.logs.write(fn.displayName, event.text);
    });
  }

  private starter(fn: Deployed, variables: Record<string, string>, files: TaskFiles): StartRuntime {
    const kind = kindOf(runtimeOf(fn));
    if (kind) return kind.starter({ deployed: fn, variables, files }, this.watchdog);
    const command = this.command(fn, variables, files.task);
    return (tmp, listen) => {
      const { id } = fn.resource;
      const runtime = this.inspected.get(id) ?? this.processes.take(command, !this.started.has(id));
      this.inspected.delete(id);
      this.started.add(id);
      runtime.become(
        {
          variables,
          taskRoot: files.task,
          handler: text(fn.properties.Handler) ?? '',
          callbacks: majorOf(runtimeOf(fn)) < 24,
          imports: files.imports,
          places: {
            tmp,
            opt: files.opt,
            task: files.task,
            ...(this.context.hosts.runtime !== undefined && { runtime: this.context.hosts.runtime }),
            real: this.realPlaces(),
          },
          routes: this.context.hosts.routesOf(fn),
          endpoints: this.context.hosts.endpoints,
        },
        listen,
      );
      return runtime;
    };
  }

  private command(fn: Deployed, variables: Record<string, string>, task?: string) {
    const { runtime } = this.context.hosts;
    const extraRoots = this.context.hosts.extraRootsOf(fn);
    const trusted = { ...(extraRoots !== undefined && { NODE_EXTRA_CA_CERTS: extraRoots }), ...variables };
    // Lambda's own files there keep their own paths.
    if (runtime !== undefined)
      trusted.NODE_EXTRA_CA_CERTS = trusted.NODE_EXTRA_CA_CERTS?.replace('/var/runtime', runtime) ?? '';
    return nodeCommand({
      runtime: runtimeOf(fn),
      memory: memoryOf(fn),
      variables: trusted,
      inspect: this.inspectAt(fn),
      task,
    });
  }

  private variables(
    fn: Deployed,
    version: string,
    credentials: SigningKeys,
    files: Pick<TaskFiles, 'task' | 'opt'>,
    tmp: string,
  ): Record<string, string> {
    const { endpoint, scratch, rewrite } = this.context;
    const places = { ...files, tmp, home: scratch('home') };
    return variablesOf(fn, { ...places, region: fn.region, version, credentials, endpoint: endpoint(), rewrite });
  }

  /** The variables that matter at process start, before the others are known. */
  private options(fn: Deployed): Record<string, string> {
    const nowhere = { task: '', opt: '' };
    return this.variables(fn, '', { accessKeyId: '', secretAccessKey: '' }, nowhere, '');
  }

  private filesOf(fn: Deployed, { taskRoot, layers, foreignLayers }: FunctionCode): Promise<TaskFiles> {
    const major = majorOf(runtimeOf(fn));
    const inspected = this.inspectAt(fn) !== undefined;
    const key = JSON.stringify([taskRoot, layers, major, foreignLayers.length > 0, inspected]);
    let files = this.files.get(key);
    if (!files) {
      const provided = this.providedTo(foreignLayers.length > 0);
      const root = this.context.scratch(`functions/${++this.folders}`);
      files = layOut(root, { code: taskRoot, layers, major, ...provided }).then((laid) => {
        if (inspected) leadToSources(laid, taskRoot);
        return laid;
      });
      this.files.set(key, files);
      this.copying.add(files);
    }
    return files;
  }

  /** Packages besides a function's own. @param open whether it may use any package that the project has */
  private providedTo(open: boolean): Provided {
    const name = open ? 'open' : 'provided';
    const known = this.modules.get(name);
    if (known) return known;
    // An unavailable layer may contain any of them.
    const others = open ? packagesIn(path.join(process.cwd(), 'node_modules')) : [];
    const provided = new Map([...others, ...this.provided]);
    const providedModules = path.join(this.context.scratch(name), 'node_modules');
    linkModules(providedModules, provided);
    const made = { provided, providedModules };
    this.modules.set(name, made);
    return made;
  }

  /** Directories that lie where Lambda has others but are never mapped: this run's, and the SDK's. */
  private realPlaces(): readonly string[] {
    const modules = [...this.provided.values()].map(
      (folder) => /^.*?\/node_modules(?=\/)/.exec(realpathSync(folder))?.[0],
    );
    const places = [realpathSync(this.context.scratch('.')), this.context.scratch('.'), ...modules];
    return [...new Set(places)].filter(
      (place) => place !== undefined && /^\/(tmp|opt|var\/task)\//.test(place),
    ) as string[];
  }
}
