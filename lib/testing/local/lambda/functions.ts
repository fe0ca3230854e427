import { randomUUID } from 'node:crypto';
import { parseArn } from '../../../core/arn';
import { accountIn } from '../kernel/judge';
import type { Assets } from '../kernel/assets';
import type { Clock } from '../kernel/clock';
import type { Deployed, Deployment, ResourceName } from '../kernel/deployment';
import { LocalRunError } from '../kernel/errors';
import { Environments } from './environments';
import { codeOf, layerFiles, whyNotRunnable } from './function-code';
import { text } from '../kernel/json';
import type { Hosts } from '../kernel/hosts';
import type { Keys, SigningCaller } from '../kernel/keys';
import { layerGaps, type LayerGap } from './layers';
import { type InvokeOptions, LambdaFunction, type Outcome } from './lambda-function';
import type { Logs } from '../kernel/logs';
import type { Policies } from '../kernel/policies';
import { majorOf, runsOnNode } from './node/node-binary';
import { runsWithSdk } from './node/sdk';
import { kindOf } from './runtimes/kinds';
import { literalPaths } from './runtimes/literal-paths';
import { runtimeOf } from './runtimes/runtime-kind';
import { type StreamedOutcome, StreamedResponse } from './streamed-response';
import { modulesAbove } from './task-files';

const FUNCTION = 'AWS::Lambda::Function';

/** What the functions of a run need. */
export interface FunctionsContext {
  /** Everything that would be deployed. */
  readonly deployment: Deployment;
  /** What their roles may do. */
  readonly policies: Policies;
  /** The code of the functions. */
  readonly assets: Assets;
  readonly logs: Logs;
  /** Notified when handlers begin and end. */
  readonly clock: Clock;
  /** Sign their requests. */
  readonly keys: Keys;
  readonly account: string;
  readonly partition: string;
  /** Where their SDK finds AWS. */
  readonly endpoint: () => string;
  readonly scratch: (name: string) => string;
  /** Servers that they reach by their AWS host names. */
  readonly hosts: Hosts;
  /** Replaces AWS addresses in variables with those of this run. */
  readonly rewrite: (value: string) => string;
  /** How many environments of one function run at once. */
  readonly maxEnvironments: number;
  /** Why AWS would not create a function although its code could run; undefined if it would. */
  readonly whyRefused: (fn: Deployed) => string | undefined;
  /** Debugger ports of the functions that wait for one, by resource id. */
  readonly inspect: ReadonlyMap<string, number>;
}

/** What a call to a function names: the function, and its version. */
export interface FunctionTarget {
  readonly function: LambdaFunction;
  /** `$LATEST` or the number of a version. */
  readonly version: string;
  /** The alias or version as named in the call; absent for an unqualified one. */
  readonly qualifier?: string;
  /** The ARN that was called, with the qualifier. */
  readonly arn: string;
}

/** All Lambda functions of a run. */
export class Functions {
  /** In the order of the templates. */
  readonly all: readonly LambdaFunction[];
  private readonly byArn: ReadonlyMap<string, LambdaFunction>;
  /** Their callers, by access key. */
  readonly callers: ReadonlyMap<string, SigningCaller>;
  private readonly environments: Environments;
  /** Replaces the invocation of a durable function: starts an execution and waits for its end. */
  durable?: (target: FunctionTarget, event: string) => Promise<Outcome>;

  /** @param context what they need */
  constructor(private readonly context: FunctionsContext) {
    this.environments = new Environments(context);
    const callers = context.deployment.ofType(FUNCTION).map((fn) => callerOf(fn, context));
    this.callers = new Map(callers.map((caller) => [caller.accessKeyId, caller]));
    this.all = context.deployment.ofType(FUNCTION).map((deployed, index) => {
      const caller = callers[index]!;
      const { logs } = context;
      // A debugger is attached to one process.
      const maxEnvironments = this.environments.inspectAt(deployed) === undefined ? context.maxEnvironments : 1;
      return new LambdaFunction({
        deployed,
        caller,
        environments: this.environments,
        logs,
        maxEnvironments,
        clock: this.context.clock,
      });
    });
    this.byArn = new Map(this.all.map((fn) => [fn.deployed.arn, fn]));
  }

  /**
   * The function that a user means.
   * @throws LocalRunError when there is none
   */
  find(name: ResourceName): FunctionTarget {
    const { deployment } = this.context;
    if (typeof name === 'string' && name.startsWith('arn:')) return this.target(name) ?? unknownFunction(name);
    return this.latest(deployment.find(name, 'function', FUNCTION));
  }

  /**
   * What a function name, a partial or whole ARN, with or without qualifier, names; undefined when there is no such
   * function, alias or version.
   */
  target(reference: string, qualifier?: string): FunctionTarget | undefined {
    const exact = this.byArn.get(reference);
    if (exact && qualifier === undefined) return latestOf(exact);
    const [, region, account, called, given] =
      /^(?:(?:arn:[^:]+:lambda:([^:]*):)?(\d{12}):function:|function:)?([^:/]+)(?::([^:/]+))?$/.exec(reference) ?? [];
    const isThere = (arn: string) => {
      const own = parseArn(arn);
      return (region ?? own?.region) === own?.region && (account ?? own?.account) === own?.account;
    };
    const fn = this.all.find(({ name, deployed }) => name === called && isThere(deployed.arn));
    const named = qualifier ?? given;
    if (!fn || named === undefined || named === '$LATEST')
      return fn && { ...latestOf(fn), ...(named && { qualifier: named }) };
    const version = this.versionOf(fn, named);
    return version === undefined
      ? undefined
      : { function: fn, version, qualifier: named, arn: `${fn.deployed.arn}:${named}` };
  }

  /** The latest published version of a function; `$LATEST` if there is none. */
  published(fn: LambdaFunction): FunctionTarget {
    const own = ({ properties }: Deployed) =>
      [fn.deployed.ref, fn.deployed.arn].includes(text(properties.FunctionName) ?? '');
    const versions = this.context.deployment.ofType('AWS::Lambda::Version').filter(own);
    const version = text(versions.at(-1)?.attribute('Version')) ?? '$LATEST';
    return { function: fn, version, qualifier: version, arn: `${fn.deployed.arn}:${version}` };
  }

  /** Runs a function. Never throws for what the handler does; see the outcome. */
  async invoke(target: FunctionTarget, event: string, options: InvokeOptions = {}): Promise<Outcome> {
    if (this.durable && target.function.deployed.properties.DurableConfig !== undefined) {
      return this.durable(target, event);
    }
    return target.function.invoke(event, { version: target.version, invokedArn: target.arn, ...options });
  }

  /**
   * Runs a function and streams its answer. Never throws for what the handler does; see the outcome.
   * @param options.raw whether the metadata of an HTTP response stays in the body, as in Lambda's own API
   * @throws ThrottledError when all reserved concurrency is in use
   */
  async invokeStreaming(
    target: FunctionTarget,
    event: string,
    { raw = false, ...options }: InvokeOptions & { readonly raw?: boolean } = {},
  ): Promise<StreamedOutcome> {
    const requestId = options.requestId ?? randomUUID();
    const response = new StreamedResponse({ requestId, version: target.version }, raw);
    this.invoke(target, event, { ...options, requestId, sink: response }).then(
      (outcome) => response.end(outcome),
      (error: unknown) => response.fail(error),
    );
    return response.head;
  }

  /** The directory of a function's code; undefined if it cannot run here. */
  codeDirectory({ deployed }: LambdaFunction): string | undefined {
    const { deployment, assets, scratch } = this.context;
    if (whyNotRunnable(deployed, deployment, assets, scratch) !== undefined) return undefined;
    try {
      return codeOf(deployed, deployment, assets, scratch).taskRoot;
    } catch (error) {
      if (error instanceof LocalRunError) return undefined;
      throw error;
    }
  }

  /** New environments of a function use a directory's current code; running invocations finish on the old. */
  updateCode(fn: LambdaFunction, directory: string): void {
    this.context.assets.replace(fn.deployed.resource.id, directory);
    this.environments.forgetFiles();
    fn.renew();
  }

  /** Why a function cannot run here; undefined when it can. */
  whyNotRunnable({ deployed }: LambdaFunction): string | undefined {
    const { deployment, assets, scratch } = this.context;
    return this.context.whyRefused(deployed) ?? whyNotRunnable(deployed, deployment, assets, scratch);
  }

  /** Package folders above those of the functions; on Lambda, there are none. */
  modulesAbove(): readonly string[] {
    return this.all.length > 0 ? modulesAbove(this.context.scratch('.')) : [];
  }

  /** Reports files that name Lambda's directories where those cannot be redirected to the environment's. */
  literalPaths({ deployed }: LambdaFunction): readonly string[] {
    const { deployment, assets, scratch } = this.context;
    return kindOf(runtimeOf(deployed)) ? literalPaths(codeOf(deployed, deployment, assets, scratch).taskRoot) : [];
  }

  /** What is missing here of the layers of some functions. */
  layerGaps(functions: readonly LambdaFunction[]): readonly LayerGap[] {
    const { deployment, assets } = this.context;
    const deployed = functions.map((fn) => fn.deployed);
    return layerGaps(deployed, deployment, (layer) => layerFiles(layer, deployment, assets));
  }

  /**
   * Starts processes ahead of the first invocations.
   * @param runnable those that can run here
   * @returns what they run on
   */
  prepare(runnable: readonly LambdaFunction[]): readonly string[] {
    const functions = runnable.map(({ deployed }) => deployed);
    const onNode = functions.filter((fn) => majorOf(runtimeOf(fn)) > 0);
    this.environments.prepare(onNode);
    const sdk = onNode.length > 0 ? runsWithSdk(this.environments.provided) : undefined;
    const others = functions.map(runtimeOf).map((runtime) => kindOf(runtime)?.runsOn(runtime));
    const programs = [...runsOnNode(onNode.map(runtimeOf)), ...others].filter((one) => one !== undefined);
    const all = [...new Set(programs)];
    return [...(all.length > 0 ? [`Lambda on ${all.join(', ')}`] : []), ...(sdk === undefined ? [] : [sdk])];
  }

  async stop(): Promise<void> {
    for (const fn of this.all) fn.stop();
    await this.environments.stop();
  }

  private latest(deployed: Deployed): FunctionTarget {
    const fn = this.all.find((one) => one.deployed.resource.id === deployed.resource.id);
    return fn ? latestOf(fn) : unknownFunction(deployed.displayName);
  }

  private versionOf({ deployed }: LambdaFunction, qualifier: string): string | undefined {
    const { deployment } = this.context;
    const own = ({ properties }: Deployed) =>
      [deployed.ref, deployed.arn].includes(text(properties.FunctionName) ?? '');
    const alias = deployment.ofType('AWS::Lambda::Alias').find((one) => own(one) && one.name === qualifier);
    const version = text(alias?.properties.FunctionVersion) ?? qualifier;
    const published = deployment.ofType('AWS::Lambda::Version').filter(own);
    return version === '$LATEST' || published.some((one) => one.attribute('Version') === version) ? version : undefined;
  }
}

function latestOf(fn: LambdaFunction): FunctionTarget {
  return { function: fn, version: '$LATEST', arn: fn.deployed.arn };
}

function unknownFunction(name: string): never {
  throw new LocalRunError(`there is no function '${name}'`);
}

function callerOf(fn: Deployed, { deployment, policies, partition, ...context }: FunctionsContext): SigningCaller {
  const roleArn = text(fn.properties.Role) ?? '';
  const account = accountIn(roleArn) ?? context.account;
  const role = deployment.withArn(roleArn, 'AWS::IAM::Role');
  return {
    ...context.keys.session(fn.resource.id),
    name: fn.displayName,
    arn: `arn:${partition}:sts::${account}:assumed-role/${roleArn.split('/').at(-1)}/${fn.name}`,
    // They may depend on a custom resource's response.
    get policies() {
      return role ? policies.ofRole(role.resource) : { identity: [] };
    },
  };
}
