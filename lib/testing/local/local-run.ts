import type { Model } from '../../core/model/model';
import type { ResourceName } from './kernel/deployment';
import { LocalRunError } from './kernel/errors';
import { type ClientConfig, clientConfig, type Credentials, credentialsOf } from './kernel/client-config';
import type { SigningCaller } from './kernel/keys';
import { accessOf, rolesOf } from './kernel/access-report';
import { RunContext } from './kernel/context';
import { whenIdle, whenInvocationsEnd } from './kernel/idle';
import { parseJson } from './kernel/json';
import type { LocalPostgres, LocalProxy } from './services/rds/handle';
import type { LocalMachine } from './services/states/handle';
import type { LocalTopic } from './services/sns/handle';
import type { LocalQueueHandle } from './services/sqs/handle';
import type { LogEntry } from './kernel/logs';
import type { LocalRunOptions } from './options';
import type { LocalRunReport } from './report';
import { fireAllDue, type FiredSchedule, fireNow } from './services/schedules/due';
import type { Unsupported } from './kernel/unsupported';

interface Destroyable {
  destroy?(): void;
}

/** A local run of a synthesized app on this machine. Stop it when the tests are done. */
export class LocalRun {
  /**
   * Starts the run of a cloud assembly; see `runLocally`.
   * @param earlier its APIs keep their ports
   */
  static async start(
    directory: string,
    model: Model,
    options: LocalRunOptions,
    earlier: ReadonlyMap<string, number> = new Map(),
  ): Promise<LocalRun> {
    const context = new RunContext(directory, model, options, earlier);
    try {
      await context.start();
      return new LocalRun(context);
    } catch (error) {
      await context.stop();
      throw error;
    }
  }

  private readonly clients: Destroyable[] = [];
  private stopping: Promise<void> | undefined;

  private constructor(private readonly context: RunContext) {}

  /**
   * The URL of the only API: `http://127.0.0.1:34567`, with the stage unless it is `$default`.
   * @throws LocalRunError when there is no API, or more than one; see `urls`
   */
  get url(): string {
    const urls = Object.entries(this.urls);
    if (urls.length === 1) return urls[0]![1];
    if (urls.length === 0) throw new LocalRunError('there is no API in these templates that the local run serves');
    throw new LocalRunError(`there are several APIs: ${urls.map(([name]) => `'${name}'`).join(', ')}; use 'urls'`);
  }

  /** The URL of each API, by construct path (or template and logical id). */
  get urls(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      this.context.services.flatMap(({ urls = new Map<string, string>() }) =>
        [...urls].map(([id, url]) => [this.displayName(id), url] as const),
      ),
    );
  }

  /** Names of the tables, by construct path (or template and logical id). */
  get tables(): Readonly<Record<string, string>> {
    const tables = this.context.handles.all('table');
    return Object.fromEntries(tables.map(({ displayName, handle }) => [displayName, handle.name]));
  }

  /** The functions, by construct path (or template and logical id), in the order of the templates. */
  get functions(): readonly string[] {
    return this.context.functions.all.map(({ deployed }) => deployed.displayName);
  }

  /** What is not run: resources, and features of those that are. */
  get unsupported(): readonly Unsupported[] {
    return this.context.unsupportedItems;
  }

  /** The engines in use: `DynamoDB on dynoxide`. */
  get engines(): readonly string[] {
    return this.context.engines;
  }

  /** Settings for the tests' own clients, which have full access. */
  get clientConfig(): ClientConfig {
    return clientConfig(this.context, this.context.callers.tests);
  }

  /**
   * An AWS SDK client for tests, with full access; it is destroyed when the run stops.
   *
   * @example
   * const dynamodb = run.client(DynamoDBClient);
   *
   * @param Client the client's class
   * @param as a function, whose access the client then has
   */
  client<T extends Destroyable>(Client: new (config: ClientConfig) => T, as?: ResourceName): T {
    const caller = as === undefined ? this.context.callers.tests : this.callerOfFunction(as);
    const client = new Client(clientConfig(this.context, caller));
    this.clients.push(client);
    return client;
  }

  /** The credentials of one of the `callers`: to sign requests to an API with IAM authorization. */
  credentials(caller: string): Credentials {
    return credentialsOf(this.context.callers.byName(caller));
  }

  /**
   * Invokes a function and returns its handler's result. Tests need no permission for it.
   * @param fn its logical id, construct path or ARN (with an alias or version), or the construct
   * @throws FunctionError when the handler fails or times out
   * @throws ThrottledError when its reserved concurrency is used up
   * @throws LocalRunError when there is no such function
   */
  async invoke<T = unknown>(fn: ResourceName, event: unknown = {}): Promise<T> {
    const target = this.context.functions.find(fn);
    const { payload, error } = await this.context.functions.invoke(target, JSON.stringify(event));
    if (error) throw error;
    return parseJson(payload.toString()) as T;
  }

  /** The directory with a function's code; undefined if it cannot run here. */
  codeOf(fn: ResourceName): string | undefined {
    const { functions } = this.context;
    return functions.codeDirectory(functions.find(fn).function);
  }

  /**
   * Uses changed code: new execution environments of a function get it, running invocations finish on the old.
   * @param directory with the code; by default the current content of the function's own directory
   * @throws LocalRunError when there is no such function, or it cannot run here
   */
  updateCode(fn: ResourceName, directory = this.codeOf(fn)): void {
    const { functions } = this.context;
    const { function: target } = functions.find(fn);
    if (directory === undefined) {
      throw new LocalRunError(`'${target.deployed.displayName}' cannot run: ${functions.whyNotRunnable(target)}`);
    }
    functions.updateCode(target, directory);
  }

  /**
   * A queue, to send to and inspect.
   * @param name its logical id, construct path, or the construct
   * @throws LocalRunError when there is no such queue
   */
  queue(name: ResourceName): LocalQueueHandle {
    return this.context.handles.find('queue', name).handle;
  }

  /**
   * A topic, to publish to and inspect.
   * @param name its logical id, construct path, or the construct
   * @throws LocalRunError when there is no such topic
   */
  topic(name: ResourceName): LocalTopic {
    return this.context.handles.find('topic', name).handle;
  }

  /**
   * An RDS PostgreSQL database, to fill and inspect.
   * @param name its logical id, construct path, or the construct
   * @throws LocalRunError when there is no such database
   */
  database(name: ResourceName): LocalPostgres {
    return this.context.handles.find('database', name).handle;
  }

  /**
   * The current state of an RDS proxy: its clients, its connections to the database, and pins.
   * @param name its logical id, construct path, or the construct
   * @throws LocalRunError when there is no such proxy
   */
  proxy(name: ResourceName): LocalProxy {
    return this.context.handles.find('proxy', name).handle;
  }

  /**
   * A state machine or a durable function, to start and inspect.
   * @param name its logical id, construct path, or the construct; a `Saga` stands for what runs it
   * @throws LocalRunError when there is no such state machine or durable function
   */
  machine(name: ResourceName): LocalMachine {
    return this.context.handles.find('machine', name).handle;
  }

  /**
   * Runs a schedule now, of EventBridge Scheduler or of a rule. Its target is called with the schedule's role.
   * @param name its logical id, construct path, or the construct; the name of one that a handler created
   * @param options.at the scheduled time; now by default
   * @throws LocalRunError when there is no such schedule, or it is disabled
   */
  async fire(name: ResourceName, { at = new Date() }: { readonly at?: Date } = {}): Promise<void> {
    await fireNow(this.context.handles.find('schedule', name), at);
  }

  /**
   * Lets time pass for the schedules: runs each that would have fired, in order, and waits until all are done. One
   * with a rate counts from the start.
   * @param from the start, inclusive
   * @param to the end, exclusive
   * @returns what ran, and for which time
   */
  async passTime(from: Date, to: Date): Promise<readonly FiredSchedule[]> {
    return fireAllDue(this.context.handles.all('schedule'), { from, to, settle: () => this.idle() });
  }

  /**
   * Waits until nothing is in flight: no invocation, no message of a queue and no record of a stream that a function
   * reads, no event on its way.
   * @param options.timeout in milliseconds, 10,000 by default
   * @throws LocalRunError when something is left; the message says what
   */
  idle(options: { readonly timeout?: number } = {}): Promise<void> {
    return whenIdle(this.context, options.timeout);
  }

  /**
   * Waits until no invocation is running, whatever else is pending.
   * @param options.timeout in milliseconds; invocations still running then are left alone
   */
  async invocationsEnd({ timeout = 10_000 }: { readonly timeout?: number } = {}): Promise<void> {
    await whenInvocationsEnd(this.context.functions, timeout);
  }

  /** What a function or an API logged, in order; for a rule, a schedule or a bucket, what it could not deliver. */
  logs(source: ResourceName): readonly LogEntry[] {
    const { deployment, logs, services } = this.context;
    const writers = services.flatMap((service) => service.writers ?? []);
    return logs.of(deployment.find(source, 'function or API', ...writers).displayName);
  }

  /** A resource's physical name: of a table, queue or bucket. */
  nameOf(resource: ResourceName): string {
    const { deployment } = this.context;
    return deployment.find(resource, 'resource', ...deployment.types().keys()).name;
  }

  /**
   * A token for a JWT authorizer or a user pool, signed by this run: the issuer and the audience of the API's
   * authorizer, valid for an hour, unless the claims say otherwise. For a user pool it is an identity token, or with a
   * `scope` an access token.
   * @throws LocalRunError when the run was not started with `issuers: 'local'`
   */
  token(claims: Readonly<Record<string, unknown>> = {}): string {
    return this.context.tokens.token(claims);
  }

  /** Permissions that were used, unused and denied, by function and by role of a service; JSON-serialisable. */
  report(): LocalRunReport {
    const { functions, access, gateway } = this.context;
    return {
      version: 1,
      functions: functions.all.map((fn) => accessOf(fn, access)),
      roles: rolesOf(this.context),
      unsupportedCalls: gateway.unsupportedCalls,
    };
  }

  /** Stops servers, functions and engines. May be called more than once. */
  stop(): Promise<void> {
    for (const client of this.clients.splice(0)) client.destroy?.();
    this.stopping ??= this.context.stop();
    return this.stopping;
  }

  /** Stops the run: for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  private displayName(id: string): string {
    return this.context.deployment.planned.find(({ resource }) => resource.id === id)?.displayName ?? id;
  }

  private callerOfFunction(name: ResourceName): SigningCaller {
    const { caller } = this.context.functions.find(name).function;
    const signing = this.context.callerOf(caller.accessKeyId);
    if (!signing) throw new LocalRunError(`'${caller.name}' has no credentials`);
    return signing;
  }
}
