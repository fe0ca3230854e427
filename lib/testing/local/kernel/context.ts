import { type Model } from '../../../core/model/model';
import { Names } from '../../../core/model/names';
import { Secret } from '../../../core/model/values';
import { AccessJudge, type Need } from './judge';
import { Assets } from './assets';
import { AwsError } from './aws-errors';
import type { HttpRequest, HttpResponse } from './call';
import type { Caller } from './caller';
import { Callers } from './callers';
import { Clock } from './clock';
import { DataDirectory } from './data-directory';
import { type Deployed, Deployment, type ResourceName } from './deployment';
import { Disorder } from './disorder';
import { LocalRunError } from './errors';
import type { EventSource } from './event-source';
import type { Forwarded } from './forward';
import { Functions } from '../lambda/functions';
import { Gateway } from './gateway';
import type { JsonRecord } from './json';
import { Keys } from './keys';
import { Logs } from './logs';
import type { LocalHandles } from '../handles';
import type { LocalRunOptions } from '../options';
import { Policies } from './policies';
import type { UnsupportedCall } from '../report';
import { Scratch } from './scratch';
import { sow } from './seeds';
import type {
  Delivery,
  HandleKind,
  LocalContext,
  LocalService,
  Sender,
  ServiceOptions,
  ServicePrincipal,
} from './service';
import { SERVICES } from '../services/all';
import { customTypes } from '../services/custom-resources/types';
import { Tokens } from './tokens';
import type { Assuming } from './trust';
import { INERT, type Unsupported } from './unsupported';

const PARTITION = 'aws';

/** A resource with what a test gets of it. */
export interface Handled<K extends keyof LocalHandles> {
  /** Its construct path, or template and logical id; of one that a handler made, its name. */
  readonly displayName: string;
  /** What a test gets of it. */
  readonly handle: LocalHandles[K];
}

/** The parts of one run, put together: what services share, and the services. */
export class RunContext implements LocalContext {
  readonly region: string;
  readonly account: string;
  readonly deployment: Deployment;
  readonly functions: Functions;
  readonly policies: Policies;
  readonly access: AccessJudge;
  readonly logs: Logs;
  readonly clock: Clock;
  readonly disorder: Disorder;
  readonly options: ServiceOptions;
  readonly data: DataDirectory;
  /** Everybody who may call. */
  readonly callers: Callers;
  /** Tokens of this run, and keys of issuers. */
  readonly tokens: Tokens;
  /** Stands for AWS. */
  readonly gateway: Gateway;
  /** Every service. */
  readonly services: readonly LocalService[];
  /** What will not be run. */
  readonly unsupportedItems: Unsupported[] = [];
  /** Which programs and runtimes the services run on. */
  readonly engines: string[] = [];
  /** What custom resources answered, by id. */
  readonly answers = new Map<string, Readonly<Record<string, unknown>>>();
  private readonly names: Names;
  private readonly scratch = new Scratch();
  private readonly rewrites: (readonly [from: string, to: string])[] = [];
  private readonly ports: number[];
  private readonly seedFile: string | undefined;
  private readonly endpointPort: number;

  /** An assembly, its model, and what the user chose. */
  constructor(directory: string, model: Model, options: LocalRunOptions) {
    const environment = [...model.templates.values()].map((template) => template.environment);
    this.region = environment.find((one) => one?.region)?.region ?? options.region ?? 'us-east-1';
    this.account = environment.find((one) => one?.account)?.account ?? options.account ?? '123456789012';
    const names = namesOf(model, options, this);
    this.names = names;
    this.deployment = new Deployment(model, names, options.conditions);
    for (const [name, given] of Object.entries(options.customResources ?? {})) {
      const { called } = customTypes(this.deployment);
      this.answers.set(this.deployment.find(name, 'custom resource', ...called).resource.id, given);
    }
    names.forget();
    this.policies = new Policies(model, names, options.conditions ?? {});
    this.ports = [options.port ?? []].flat();
    this.data = new DataDirectory(options.data);
    this.seedFile = options.seedFile;
    this.endpointPort = options.endpointPort ?? 0;
    this.options = {
      secrets: options.secrets ?? {},
      parameters: options.parameters ?? {},
      backends: options.backends ?? {},
      retryDelay: options.retryDelay ?? 50,
      maxEnvironments: options.maxEnvironments ?? 10,
      ...(options.engine && { engine: options.engine }),
    };
    this.logs = new Logs(options.onLog);
    this.access = new AccessJudge(this.region, this.account, this.policies);
    this.gateway = new Gateway({
      access: this.access,
      services: () => this.services,
      callerOf: (key) => this.callerOf(key),
    });
    this.clock = new Clock(options.timeScale ?? 1);
    this.disorder = new Disorder(options.disorder ?? 0.05, options.seed ?? 1);
    const keys = new Keys();
    const scratch = (name: string) => this.scratch.directory(name);
    this.functions = new Functions({
      deployment: this.deployment,
      policies: this.policies,
      assets: new Assets(directory, scratch),
      logs: this.logs,
      keys,
      account: this.account,
      partition: PARTITION,
      endpoint: () => this.gateway.url,
      scratch,
      rewrite: (value) => this.rewrites.reduce((result, [from, to]) => result.replaceAll(from, to), value),
      maxEnvironments: this.options.maxEnvironments,
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
    this.services = SERVICES.map((make) => make(this));
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

  keysOf(issuer: string): ReturnType<Tokens['keysOf']> {
    return this.tokens.keysOf(issuer);
  }

  arn(service: string, resource: string): string {
    return `arn:${PARTITION}:${service}:${this.region}:${this.account}:${resource}`;
  }

  nextPort(): number {
    return this.ports.shift() ?? 0;
  }

  rewrite(from: string, to: string): void {
    this.rewrites.push([from, to]);
  }

  runsOn(sentence: string): void {
    this.engines.push(sentence);
  }

  unsupported(item: Unsupported): void {
    this.unsupportedItems.push(item);
  }

  judgeDelivery(sender: Sender, need: Need): void {
    if ('service' in sender) {
      if (this.access.servicePermitted(sender.service, need, sender.arn)) return;
      const said = `${sender.service} is not authorized to perform: ${need.action} on resource: ${need.resource} for ${sender.arn}`;
      throw new AwsError('AccessDeniedException', said, 403);
    }
    const denial = this.access.refusal(sender, [need], 'platform');
    if (denial) throw new AwsError('AccessDeniedException', denial.message, 403);
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

  async deliver(delivery: Delivery): Promise<void> {
    const service = this.receiverOf(delivery.target);
    if (!service?.receive)
      throw new AwsError('LocalRunUnsupported', `nothing here receives for '${delivery.target}'`, 501);
    await service.receive(delivery);
  }

  reaches(arn: string): boolean {
    return this.receiverOf(arn) !== undefined;
  }

  eventSource(arn: string): EventSource | undefined {
    return this.services.map((service) => service.eventSource?.(arn)).find((source) => source !== undefined);
  }

  /**
   * A resource by its name, with what a test gets of it.
   * @throws LocalRunError when there is no such resource, or several
   */
  handle<K extends keyof LocalHandles>(kind: K, name: ResourceName): Handled<K> {
    const made = typeof name === 'string' ? this.made(kind).find((one) => isNamed(one.displayName, name)) : undefined;
    if (made) return made;
    const types = this.kindsOf(kind).flatMap((one) => one.types);
    return this.handled(kind, this.deployment.find(name, kind, ...types));
  }

  /** Everything of a kind, in the order of the templates; then what handlers have made. */
  handles<K extends keyof LocalHandles>(kind: K): readonly Handled<K>[] {
    const types = this.kindsOf(kind).flatMap((one) => one.types);
    return [...this.deployment.ofType(...types).map((resource) => this.handled(kind, resource)), ...this.made(kind)];
  }

  /** The roles that services act with, in the order of the templates. */
  get principals(): readonly ServicePrincipal[] {
    return this.services.flatMap((service) => service.principals?.() ?? []);
  }

  /** Starts the gateway and every service. */
  async start(): Promise<void> {
    this.data.open();
    await this.gateway.start(this.endpointPort);
    this.reportTypes();
    this.reportRoles();
    const provisioning = this.services.filter(({ provision }) => provision);
    const [first, others] = provisioning.length > 0 ? this.waves : [this.services, []];
    await startAll(first);
    for (const service of provisioning) await service.provision?.();
    await startAll(others);
    await Promise.all(this.services.map((service) => service.begin?.()));
    if (this.seedFile !== undefined && this.data.isNew) await sow(this.seedFile, this);
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
  }

  /** Those with an API, which a custom resource may call, and then the others, which may be made of what it answers. */
  private get waves(): readonly [readonly LocalService[], readonly LocalService[]] {
    return [this.services.filter(({ api }) => api), this.services.filter(({ api }) => !api)];
  }

  isAnswered(id: string): boolean {
    return this.answers.has(id);
  }

  answer(id: string, physicalId: string, data: JsonRecord): void {
    this.answers.set(id, { ...data, Ref: physicalId });
    this.names.forget();
  }

  startedTypes(): readonly string[] {
    return this.waves[0].flatMap(({ resourceTypes }) => resourceTypes);
  }

  private receiverOf(arn: string): LocalService | undefined {
    return this.services.find((service) => service.receives?.(arn));
  }

  private handled<K extends keyof LocalHandles>(kind: K, resource: Deployed): Handled<K> {
    const { of } = this.kindsOf(kind).find(({ types }) => types.includes(resource.type))!;
    return { displayName: resource.displayName, handle: of(resource) };
  }

  private made<K extends keyof LocalHandles>(kind: K): readonly Handled<K>[] {
    const all = this.kindsOf(kind).flatMap((one) => [...(one.made?.() ?? [])]);
    return all.map(([displayName, handle]) => ({ displayName, handle }));
  }

  private kindsOf<K extends keyof LocalHandles>(kind: K): readonly HandleKind<LocalHandles[K]>[] {
    return this.services.map(({ handles }) => handles?.[kind]).filter((one) => one !== undefined);
  }

  /** As on AWS what would not be made: a schedule whose role does not trust Scheduler. */
  private reportRoles(): void {
    for (const { resource, role, service } of this.principals) {
      const reason = this.assume(role, { service, acting: resource });
      if (typeof reason === 'string') this.unsupported({ resource: resource.displayName, type: resource.type, reason });
    }
  }

  private reportTypes(): void {
    const run = new Set<string>([...INERT, ...this.services.flatMap(({ resourceTypes }) => resourceTypes)]);
    for (const [type, resources] of this.deployment.types()) {
      if (run.has(type)) continue;
      for (const { displayName: resource } of resources) {
        this.unsupported({ resource, type, reason: 'this type is not run' });
      }
    }
  }
}

/** All of them come to an end first: one that is still starting an engine could not be stopped. */
async function startAll(services: readonly LocalService[]): Promise<void> {
  const starts = await Promise.allSettled(services.map((service) => service.start?.()));
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed) throw failed.reason;
}

/** Whether a name is meant by a text: whole, or its end. */
function isNamed(name: string, wanted: string): boolean {
  return name === wanted || name.endsWith(`/${wanted}`);
}

function namesOf(model: Model, options: LocalRunOptions, { region, account, answers }: RunContext): Names {
  return new Names(model, {
    region,
    account,
    partition: PARTITION,
    ...(options.templateParameters && { parameters: options.templateParameters }),
    ...(options.conditions && { conditions: options.conditions }),
    // A type that the table of names does not have still needs something to be found by.
    override: ({ id }, attribute, usual) =>
      answered(answers.get(id)?.[attribute ?? 'Ref']) ?? usual ?? (attribute === undefined ? id : undefined),
    // A dynamic reference stays readable as what it is; lambda.ts reports the variables that hold one.
    unresolved: (value) => (value instanceof Secret ? value.source : undefined),
  });
}

/** What a custom resource answers is text in a template. */
function answered(value: unknown): string | undefined {
  return value === undefined || typeof value === 'string' ? value : JSON.stringify(value);
}
