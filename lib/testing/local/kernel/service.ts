import type { Assets } from './assets';
import type { AccessJudge, Need } from './judge';
import type { Background } from './background';
import type { NewSession } from './callers';
import type { Call, HttpRequest, HttpResponse } from './call';
import type { Caller } from './caller';
import type { Clock } from './clock';
import type { Constraints } from './constraints';
import type { DataDirectory } from './data-directory';
import type { Deployed, Deployment } from './deployment';
import type { Disorder } from './disorder';
import type { DynamoDbEngine } from '../../engines/dynamodb';
import type { EventSource } from './event-source';
import type { Forwarded } from './forward';
import type { Functions } from '../lambda/functions';
import type { Hosts } from './hosts';
import type { KeyDenial, KeyUse } from './encryption-key';
import type { JsonRecord } from './json';
import type { SigningCaller } from './keys';
import type { LocalHandles } from '../handles';
import type { Logs } from './logs';
import type { Policies } from './policies';
import type { Assuming } from './trust';
import type { Unsupported } from './unsupported';
import type { UnsupportedCall } from '../report';

/**
 * One AWS service of the local run. A service is a folder in services/ whose service.ts exports a `ServiceFactory`, listed in
 * services/all.ts; what a test gets of its resources is named in handles.ts; nothing else knows it. The factory gets a
 * `LocalContext` and returns a `LocalService`:
 *
 * 1. `resourceTypes` are the CloudFormation types that it runs or reads; a type that no service names is reported as
 *    not run.
 * 2. `start()` reads its resources through `context.deployment` (every reference resolved) and makes ready what it
 *    needs: an engine, a port. Without resources it starts nothing. `begin()` is for what acts by itself, such as a poller:
 *    by then every service is ready. What it cannot honour it reports by `context.unsupported(...)`. A resource that is made
 *    of what a custom resource answers comes later: a service with an API, whose `start()` is over by then, takes it by
 *    `make()`.
 * 3. `api` answers calls of the SDK. The gateway finds the service by the name that the SDK signs for, asks `needs()`
 *    which actions on which resources the call takes, judges them by the caller's synthesized policies, and only then
 *    calls `handle()`. A refusal has the shape of `denial`; `handle()` throws an `AwsError` for errors of its own.
 * 4. `receive()` takes what another service delivers to a resource that it `receives()` for: an event to a queue, a failed
 *    invocation to its destination. A service that delivers calls `context.deliver()` and never another service. The
 *    receiver judges the sender: its policies where a role sends, the resource's policy where a service principal does.
 *    `eventSource()` is what Lambda reads of it by itself.
 * 5. `handles` are what a test gets of its resources, by kind, and `principals()` the roles that it acts with: they are in
 *    the report, and a role that it may not assume is listed before anything runs.
 * 6. `stop()` ends everything that `start()` began.
 *
 * Whatever calls a function (an event source, a schedule, a state machine) does it through `context.functions`, and
 * whatever acts with a role of the template is judged through `context.access`.
 */
export interface LocalService {
  /** The CloudFormation types that it runs or reads. */
  readonly resourceTypes: readonly string[];
  /** Those of them that write lines: `run.logs()` gives them. */
  readonly writers?: readonly string[];
  /** Its part of the AWS API, where it has one. */
  readonly api?: ServiceApi;
  /** The URLs of the APIs that it serves, by the id of the resource. */
  readonly urls?: ReadonlyMap<string, string>;
  /** What a test gets of its resources. */
  readonly handles?: HandleKinds;
  /** The roles that it acts with. */
  principals?(): readonly ServicePrincipal[];
  /** Makes it ready. */
  start?(): Promise<void>;
  /** Begins to act by itself before custom resources are made, with what does not wait for them. */
  attend?(): Promise<void>;
  /** Makes what others are made of: every service with an API is ready, and the others start afterwards. */
  provision?(): Promise<void>;
  /** Makes one more resource of its types after `start()`: it had to wait for what a custom resource answers. */
  make?(resource: Deployed): Promise<void> | void;
  /** Begins to act by itself; every service is ready. */
  begin?(): Promise<void>;
  /** What it still has to do by itself: `3 messages in Shop/Jobs`. Nothing is left when every service says so. */
  pending?(): Promise<readonly string[]>;
  /** Whether it takes deliveries to an ARN. */
  receives?(arn: string): boolean;
  /** Takes a delivery to one of its resources. */
  receive?(delivery: Delivery): Promise<void>;
  /** What Lambda reads at an ARN; undefined where it is none of its resources. */
  eventSource?(arn: string): EventSource | undefined;
  /** Ends it. */
  stop?(): Promise<void>;
}

/** What tests get of a service's resources, by kind: `run.queue(name)` gives the kind `queue`. */
export type HandleKinds = { readonly [K in keyof LocalHandles]?: HandleKind<LocalHandles[K]> };

/** What tests get of resources of one kind. */
export interface HandleKind<T> {
  /** The types of the resources. */
  readonly types: readonly string[];
  /**
   * Which resources of the types.
   * @default - all of them
   */
  is?(resource: Deployed): boolean;
  /** What a test gets of one. */
  of(resource: Deployed): T;
  /** Those that handlers have made, by name. */
  made?(): ReadonlyMap<string, T>;
}

/** A role of the templates that a service acts with. */
export interface ServicePrincipal {
  /** What acts: a schedule, a rule, a state machine. */
  readonly resource: Deployed;
  /** The ARN of the role. */
  readonly role: string;
  /** Who assumes it: `scheduler.amazonaws.com`. */
  readonly service: string;
}

/** Makes a service for one run. */
export type ServiceFactory = (context: LocalContext) => LocalService;

/** How a service writes its answers, for errors: JSON, REST with JSON, query with XML, or the XML of S3. */
export type Protocol = 'json' | 'rest-json' | 'query' | 's3';

/** A service's part of the AWS API. */
export interface ServiceApi {
  /** The names under which the SDK signs calls to it: `dynamodb`. */
  readonly signingNames: readonly string[];
  /** How it writes errors. */
  readonly protocol: Protocol;
  /** How it refuses a call that the caller's policies do not allow. */
  readonly denial: DenialShape;
  /** What members of requests may be; of REST protocols, whose requests it reads itself, it checks that itself. */
  readonly constraints?: Constraints;
  /** What it does with requests beside signed calls, where it is spoken to by browsers as well. */
  readonly front?: ServiceFront;
  /** The operation of a request, for REST protocols, where the path tells it; undefined for one it does not know. */
  operation?(request: HttpRequest): string | undefined;
  /** What the caller must be allowed. Undefined for an operation that it does not serve. */
  needs(call: Call): readonly Need[] | undefined;
  /**
   * What a call that is allowed does with keys of KMS.
   * @default - what its needs take of the keys of the resources that they name
   */
  keys?(call: Call): readonly KeyUse[];
  /** Answers the call. */
  handle(call: Call): Promise<HttpResponse>;
}

/** What a service does with requests before it knows who sends them. */
export interface ServiceFront {
  /** The answer to a browser that asks what it may do; undefined for every other request. */
  preflight(request: HttpRequest): HttpResponse | undefined;
  /**
   * What a request is that is signed in another way than calls are, or not at all; undefined for a call.
   * @throws AwsError when it is refused
   */
  receive(request: HttpRequest, callerOf: (accessKeyId: string) => SigningCaller | undefined): Received | undefined;
  /** An answer with what belongs to every one. */
  finish(request: HttpRequest, response: HttpResponse): HttpResponse;
}

/** A request that is no signed call: who sends it, and the call that it stands for. */
export interface Received {
  /** Who sends it. */
  readonly caller: Caller;
  /** The call. */
  readonly request: HttpRequest;
  /** What its sender gets of the answer to the call. */
  readonly answer?: (response: HttpResponse) => HttpResponse;
}

/** How a service refuses what policies do not allow. */
export interface DenialShape {
  /** The code of the error: `AccessDeniedException`. */
  readonly code: string;
  /** The HTTP status. */
  readonly status: number;
  /**
   * How the message writes the action.
   * @default - as in policies: `dynamodb:GetItem`
   */
  readonly action?: (action: string) => string;
  /**
   * How it refuses who may not use the key of a resource.
   * @default - with the same code and status
   */
  readonly key?: KeyDenial;
}

/** Something that one service hands to a resource of another. */
export interface Delivery {
  /** The ARN of what receives it; an object's, in a bucket. */
  readonly target: string;
  /** What is delivered, as JSON. */
  readonly payload: unknown;
  /** Who sends: a role of the template, or a service on behalf of a resource. */
  readonly sender: Sender;
  /** That it comes twice, or after the one that followed it. */
  readonly disorder?: string;
  /** Whether it is an event that a bus hands on to another. */
  readonly fromBus?: boolean;
  /** What a message in a queue has beside its body. */
  readonly message?: {
    /** Texts, or attributes as the API of SQS has them. */
    readonly attributes?: Readonly<Record<string, string | JsonRecord>>;
    readonly groupId?: string;
    readonly deduplicationId?: string;
  };
}

/** A role of the template, or a service on behalf of a resource. */
export type Sender = Caller | { readonly service: string; readonly arn: string };

/** What a service works with. */
export interface LocalContext {
  /** Everything that would be deployed. */
  readonly deployment: Deployment;
  /** The region that the stacks are deployed to. */
  readonly region: string;
  /** The account, twelve digits. */
  readonly account: string;
  /** The Lambda functions. */
  readonly functions: Functions;
  /** Judges calls by the synthesized policies. */
  readonly access: AccessJudge;
  /** The policies of the templates. */
  readonly policies: Policies;
  /** The time of the services. */
  readonly clock: Clock;
  /** The order and number of what is delivered. */
  readonly disorder: Disorder;
  /** Where the SDK finds AWS. */
  readonly endpoint: string;
  /** The files of the assembly. */
  readonly assets: Assets;
  /** What functions and APIs write. */
  readonly logs: Logs;
  /** Servers that functions know by the names that these have on AWS. */
  readonly hosts: Hosts;
  /** Work that nobody waits for. */
  readonly background: Background;
  /** What the user asked for. */
  readonly options: ServiceOptions;
  /** What is kept between runs. */
  readonly data: DataDirectory;
  /** What custom resources have answered, or the user in their place, by id. */
  readonly answers: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** Calls to something that the local run does not have. */
  readonly unanswered: readonly UnsupportedCall[];
  /** The port of an API: the one that it has had, the next that the user chose, or 0. */
  portFor(api: Deployed): number;
  /** Reports something that will not be run. */
  unsupported(item: Unsupported): void;
  /**
   * Judges who delivers something, by the sender's policies or the receiver's.
   * @throws AwsError when it is refused
   */
  judgeDelivery(sender: Sender, need: Need): void;
  /**
   * A call of the AWS API that a service makes in somebody's name; judged and answered as one of the caller's code.
   * @param service as the SDK signs for it: `sqs`
   */
  call(service: string, request: Forwarded, caller: Caller): Promise<HttpResponse>;
  /**
   * Whether a call of the AWS API would be answered, whatever the answer.
   * @param service as the SDK signs for it: `sqs`
   * @param request the call; without one, whether the service is there at all
   */
  serves(service: string, request?: HttpRequest): boolean;
  /** Lists something that could not be answered, beside calls of the AWS API: a request to an API. */
  notServed(call: Omit<UnsupportedCall, 'count'>): void;
  /** Hands something to the service that runs the target. */
  deliver(delivery: Delivery): Promise<void>;
  /** From now on, this is what `Ref` and `Fn::GetAtt` give of a custom resource. */
  answer(id: string, physicalId: string, data: JsonRecord): void;
  /** Makes resources, by id, that have waited for a custom resource. */
  make(ids: Iterable<string>): Promise<void>;
  /** What is in flight or still to do, in all services and functions: `3 messages in Shop/Jobs`. */
  left(): Promise<readonly string[]>;
  /** Whether a delivery to an ARN would be taken. */
  reaches(arn: string): boolean;
  /** What Lambda reads at an ARN; undefined where nothing here can be read. */
  eventSource(arn: string): EventSource | undefined;
  /** An ARN in the run's region and account: `arn('dynamodb', 'table/Orders')`. */
  arn(service: string, resource: string): string;
  /** From now on, a text in a function's variables stands for another: an API's address for its local one. */
  rewrite(from: string, to: string): void;
  /** A text with the local addresses in place of those of AWS. */
  localized(text: string): string;
  /** Says which program or runtime a service runs on: `DynamoDB: dynoxide`. */
  runsOn(sentence: string): void;
  /** Who signs with an access key; undefined for a key that nobody has. */
  callerOf(accessKeyId: string): SigningCaller | undefined;
  /** Begins a session of a role; whether it may be assumed is another question. */
  openSession(session: NewSession): SigningCaller;
  /** A role of the templates as a caller, where a service may assume it; otherwise why not. */
  assume(roleArn: string, assuming: Assuming): Caller | string;
  /** The public keys of an issuer of tokens. */
  keysOf(issuer: string): Promise<readonly JsonRecord[]>;
}

/** What a user may ask of the services of a run. */
export interface ServiceOptions {
  /** Values of secrets, by name, ARN, logical id or construct path. */
  readonly secrets: Readonly<Record<string, string | Readonly<Record<string, unknown>>>>;
  /** Values of parameters, by name. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Which DynamoDB engine; by default the first that is installed. */
  readonly engine?: DynamoDbEngine;
  /** Time between the attempts of an asynchronous invocation, in milliseconds. */
  readonly retryDelay: number;
  /** Addresses on this machine of what APIs call over HTTP. */
  readonly backends: Readonly<Record<string, string>>;
  /** Execution environments of one function at a time. */
  readonly maxEnvironments: number;
  /** How many calls of functions to tables fail although nothing is wrong with them. */
  readonly faults: number;
  /** Which of them. */
  readonly seed: number;
}

/** The public keys of one issuer: a JSON Web Key Set, or the URL of one. */
export type KeySet = string | { readonly keys: readonly JsonRecord[] };

/** `local`: every issuer is this run, whose `token()` signs. Otherwise the key sets of the issuers named. */
export type TokenIssuers = 'local' | Readonly<Record<string, KeySet>>;
