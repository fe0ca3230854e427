import type { Model } from '../../../core/model/model';
import { AccessJudge, type Need } from './judge';
import { Assets } from './assets';
import { Background } from './background';
import type { HttpRequest, HttpResponse } from './call';
import type { Caller } from './caller';
import { Callers, type NewSession } from './callers';
import { Clock } from './clock';
import { DataDirectory } from './data-directory';
import { Deliveries } from './deliveries';
import { type Deployed, Deployment } from './deployment';
import { Disorder } from './disorder';
import { Tags } from './tags';
import { judgeKeysOfCall } from './encryption-key';
import { keysNotJudged } from './keys-not-judged';
import { keysWithoutService } from './service-keys';
import { LocalRunError } from './errors';
import type { EventSource } from './event-source';
import type { Forwarded } from './forward';
import { whyNotCreated } from '../lambda/execution-role';
import { Functions } from '../lambda/functions';
import { Gateway } from './gateway';
import type { JsonObject } from './json';
import { Hosts } from './hosts';
import { leftOf } from './idle';
import { Keys, type SigningCaller } from './keys';
import { Logs } from './logs';
import { rolesNotAssumed, typesNotRun } from './not-run';
import type { LocalRunOptions } from '../options';
import { Policies } from './policies';
import { openConditions } from './read-to-run';
import type { UnsupportedCall } from '../report';
import { ResourceHandles } from './resource-handles';
import { PARTITION, placeOf, RunNames } from './run-names';
import { Scratch } from './scratch';
import { sow } from './seeds';
import type { Delivery, LocalContext, LocalService, Sender, ServicePrincipal } from './service';
import { type ServiceOptions, serviceOptions } from './service-options';
import { SERVICES } from '../services/all';
import { waitingFor } from '../services/custom-resources/references';
import { customTypes, unansweredIn } from '../services/custom-resources/types';
import { startServices } from './start-services';
import { Tokens } from './tokens';
import type { Assuming } from './trust';
import { twins } from './twins';
import type { Unsupported } from './unsupported';

/** The parts of one run: the services, and what they share. */
export class RunContext implements LocalContext {
  readonly region: string;
  readonly account: string;
  readonly deployment: Deployment;
  readonly functions: Functions;
  readonly policies: Policies;
  readonly access: AccessJudge;
  readonly assets: Assets;
  readonly logs: Logs;
  readonly background: Background;
  readonly clock: Clock;
  readonly disorder: Disorder;
  readonly options: ServiceOptions;
  readonly data: DataDirectory;
  readonly hosts: Hosts;
  readonly callers: Callers;
  /** This run's tokens, and issuers' keys. */
  readonly tokens: Tokens;
  readonly gateway: Gateway;
  readonly services: readonly LocalService[];
  /** What will not be run. */
  readonly unsupportedItems: Unsupported[] = [];
  /** Which programs and runtimes the services run on. */
  readonly engines: string[] = [];
  /** The tests' handles on the resources. */
  readonly handles: ResourceHandles;
  private readonly names: RunNames;
  private readonly deliveries: Deliveries;
  private readonly scratch = new Scratch();
  private readonly rewrites: (readonly [from: string, to: string])[] = [];
  private readonly ports: number[];
  private readonly seedFile: string | undefined;
  private readonly endpointPort: number;

  /**
   * An assembly, its model, and what the user chose.
   * @param earlierPorts of APIs in the run before this one, by name
   */
  constructor(
    directory: string,
    model: Model,
    options: LocalRunOptions,
    private readonly earlierPorts: ReadonlyMap<string, number> = new Map(),
  ) {
    const place = placeOf(model, options);
    this.region = place.region;
    this.account = place.account;
    const { outcomes, guessed } = openConditions(model);
    const conditions = { ...outcomes, ...options.conditions };
    this.unsupportedItems.push(...guessed);
    this.names = new RunNames(model, options, place, conditions);
    const { names } = this.names;
    this.deployment = new Deployment(model, names, conditions);
    this.answerAsGiven(options.customResources);
    this.policies = new Policies(model, names, conditions);
    this.ports = [options.port ?? []].flat();
    this.data = new DataDirectory(options.data);
    this.seedFile = options.seedFile;
    this.endpointPort = options.endpointPort ?? 0;
    this.options = serviceOptions(options);
    this.logs = new Logs(options.onLog);
    this.background = new Background(this.logs);
    this.access = new AccessJudge(this.region, this.account, this.policies, new Tags(this.deployment), (arn) =>
      this.ownerOf(arn),
    );
    this.gateway = new Gateway({
      access: this.access,
      services: () => this.services,
      callerOf: (key) => this.callerOf(key),
      judgeKeys: (api, call, needs, by) => judgeKeysOfCall(this, api, call, needs, by),
    });
    this.clock = new Clock(options.timeScale ?? 1);
    this.disorder = new Disorder(options.disorder ?? 0.05, options.seed ?? 1);
    const keys = new Keys();
    const scratch = (name: string) => this.scratch.directory(name);
    this.assets = new Assets(directory, scratch);
    this.hosts = new Hosts(scratch);
    this.functions = new Functions({
      deployment: this.deployment,
      policies: this.policies,
      assets: this.assets,
      logs: this.logs,
      clock: this.clock,
      keys,
      account: this.account,
      partition: PARTITION,
      endpoint: () => this.gateway.url,
      scratch,
      hosts: this.hosts,
      rewrite: (value) => this.localized(value),
      maxEnvironments: this.options.maxEnvironments,
      whyRefused: (fn) => whyNotCreated(fn, this.deployment, this.policies),
      inspect: new Map(
        Object.entries(options.inspect ?? {}).map(
          ([name, port]) =>
            [this.deployment.find(name, 'function', 'AWS::Lambda::Function').resource.id, port] as const,
        ),
      ),
    });
    const { functions, deployment, policies, account } = this;
    this.callers = new Callers(functions, deployment, policies, keys, account, options.callers ?? {});
    this.tokens = new Tokens(options.issuers ?? {}, this.deployment);
    this.deployment.hold(waitingFor(unansweredIn(this.deployment, this.answers), this.deployment));
    this.deliveries = new Deliveries(this.access, () => this.services);
    this.services = SERVICES.map((make) => make(this));
    this.handles = new ResourceHandles(this.deployment, this.services);
  }

  get endpoint(): string {
    return this.gateway.url;
  }

  callerOf(key: string): ReturnType<Callers['byKey']> {
    return this.callers.byKey(key);
  }

  assume(roleArn: string, assuming: Assuming): ReturnType<Callers['byRole']> {
    return this.callers.byRole(roleArn, assuming);
  }

  openSession(session: NewSession): SigningCaller {
    return this.callers.open(session);
  }

  get sessions(): Callers['sessions'] {
    return this.callers.sessions;
  }

  keysOf(issuer: string): ReturnType<Tokens['keysOf']> {
    return this.tokens.keysOf(issuer);
  }

  arn(service: string, resource: string): string {
    return `arn:${PARTITION}:${service}:${this.region}:${this.account}:${resource}`;
  }

  portFor({ displayName }: Deployed): number {
    return this.earlierPorts.get(displayName) ?? this.ports.shift() ?? 0;
  }

  rewrite(from: string, to: string): void {
    this.rewrites.push([from, to]);
  }

  localized(text: string): string {
    return this.rewrites.reduce((result, [from, to]) => result.replaceAll(from, to), text);
  }

  runsOn(sentence: string): void {
    this.engines.push(sentence);
  }

  unsupported(item: Unsupported): void {
    this.unsupportedItems.push(item);
  }

  judgeDelivery(sender: Sender, need: Need): void {
    this.deliveries.judge(sender, need);
  }

  call(service: string, request: Forwarded, caller: Caller): Promise<HttpResponse> {
    return this.gateway.call(service, { ...request, sourceIp: '127.0.0.1' }, caller, 'platform');
  }

  serves(service: string, request?: HttpRequest): boolean {
    return this.gateway.serves(service, request);
  }

  notServed(call: Omit<UnsupportedCall, 'count'>): void {
    this.gateway.addUnanswered(call);
  }

  deliver(delivery: Delivery): Promise<void> {
    return this.deliveries.deliver(delivery);
  }

  reaches(arn: string): boolean {
    return this.deliveries.reaches(arn);
  }

  eventSource(arn: string): EventSource | undefined {
    return this.deliveries.eventSource(arn);
  }

  /** The roles that services act with, in the order of the templates. */
  get principals(): readonly ServicePrincipal[] {
    return this.services.flatMap((service) => service.principals?.() ?? []);
  }

  /** Starts the gateway and every service. */
  async start(): Promise<void> {
    this.data.open(this.seedFile !== undefined);
    await this.gateway.start(this.endpointPort);
    const { deployment, services } = this;
    this.unsupportedItems.push(...typesNotRun(deployment, services), ...twins(deployment));
    await startServices(services);
    this.unsupportedItems.push(...rolesNotAssumed(this.principals, (role, assuming) => this.assume(role, assuming)));
    this.unsupportedItems.push(...keysNotJudged(this), ...keysWithoutService(this));
    if (this.seedFile !== undefined && this.data.isNew) await sow(this.seedFile, this);
    this.data.finish();
    if (this.ports.length > 0) {
      throw new LocalRunError(`port ${this.ports[0]} is chosen for an API, but there is none left to serve`);
    }
  }

  /** Stops them in order, engines last, and removes what was unpacked. */
  async stop(): Promise<void> {
    for (const service of this.services) await service.stop?.();
    await this.gateway.stop();
    this.scratch.remove();
    this.data.close();
    this.background.check();
  }

  get unanswered(): readonly UnsupportedCall[] {
    return this.gateway.unsupportedCalls;
  }

  get answers(): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
    return this.names.answers;
  }

  left(): Promise<readonly string[]> {
    return leftOf(this.services, this.functions);
  }

  answer(id: string, physicalId: string, data: JsonObject): void {
    this.names.answer(id, { ...data, Ref: physicalId });
  }

  async make(ids: Iterable<string>): Promise<void> {
    for (const resource of this.deployment.release(ids)) {
      for (const service of this.services) {
        if (service.resourceTypes.includes(resource.type)) await service.make?.(resource);
      }
    }
  }

  /** A bucket's ARN names no account; its stack does. */
  private ownerOf(arn: string): string | undefined {
    return this.deployment.withArn(arn.replace(/\/.*$/, ''), 'AWS::S3::Bucket')?.account;
  }

  /** Uses the user's answers for custom resources. */
  private answerAsGiven(given: LocalRunOptions['customResources'] = {}): void {
    const { called } = customTypes(this.deployment);
    for (const [name, answer] of Object.entries(given)) {
      this.names.answer(this.deployment.find(name, 'custom resource', ...called).resource.id, answer);
    }
  }
}
