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
import type { EventSource } from './event-source';
import type { Forwarded } from './forward';
import type { Functions } from '../lambda/functions';
import type { Hosts } from './hosts';
import type { KeyDenial, KeyUse } from './encryption-key';
import type { JsonObject } from './json';
import type { SigningCaller } from './keys';
import type { LocalHandles } from '../handles';
import type { Logs } from './logs';
import type { Policies } from './policies';
import type { ServiceOptions } from './service-options';
import type { Assuming } from './trust';
import type { Unsupported } from './unsupported';
import type { UnsupportedCall } from '../report';

/**
 * One AWS service of the local run. A service is a folder in services/ whose service.ts exports a `ServiceFactory`,
 * listed in services/all.ts; handles.ts names its handles for tests; nothing else refers to it. The factory gets a
 * `LocalContext` and returns a `LocalService`:
 *
 * 1. `resourceTypes` are the CloudFormation types that it runs or reads; a type that no service names is reported as
 *    not run.
 * 2. `start()` reads its resources through `context.deployment` (every reference resolved) and makes ready what it
 *    needs: an engine, a port. Without resources it starts nothing. `begin()` is for what acts by itself, such as a
 *    poller: by then every service is ready. What it cannot honour it reports by `context.unsupported(...)`. A resource
 *    that is made of a custom resource's answer comes after `start()`: a service with an API takes it by `make()`.
 * 3. `api` answers calls of the SDK. The gateway finds the service by the name that the SDK signs for, asks `needs()`
 *    which actions on which resources the call takes, judges them by the caller's synthesized policies, and only then
 *    calls `handle()`. A refusal has the shape of `denial`; `handle()` throws an `AwsError` for errors of its own.
 * 4. `receive()` takes what another service delivers to a resource that it `receives()` for: an event to a queue, a
 *    failed invocation to its destination. A service that delivers calls `context.deliver()` and never another service.
 *    The receiver judges the sender: its policies where a role sends, the resource's policy where a service principal
 *    does. `eventSource()` is what Lambda reads of it by itself.
 * 5. `handles` are what a test gets of its resources, by kind, and `principals()` the roles that it acts with: they are
 *    in the report, and a role that it may not assume is listed before anything runs.
 * 6. `stop()` ends everything that `start()` began.
 *
 * Whatever calls a function (an event source, a schedule, a state machine) does it through `context.functions`, and
 * whatever acts with a role of the template is judged through `context.access`.
 */
export interface LocalService {
  /** The CloudFormation types that it runs or reads. */
  readonly resourceTypes: readonly string[];
  /** Those of them that write log lines, returned by `run.logs()`. */
  readonly writers?: readonly string[];
  /** Its part of the AWS API, where it has one. */
  readonly api?: ServiceApi;
  /** The URLs of the APIs that it serves, by the id of the resource. */
  readonly urls?: ReadonlyMap<string, string>;
  /** The tests' handles on its resources. */
  readonly handles?: HandleKinds;
  /** The roles that it acts with. */
  principals?(): readonly ServicePrincipal[];
  /** Makes it ready. */
  start?(): Promise<void>;
  /** Starts the unprompted work that does not depend on custom resources, before they are created. */
  attend?(): Promise<void>;
  /** Creates what other services depend on, once every service with an API is ready and before the others start. */
  provision?(): Promise<void>;
  /** Creates a resource of its types after `start()`, because it had to wait for a custom resource's response. */
  make?(resource: Deployed): Promise<void> | void;
  /** Starts its unprompted work; every service is ready. */
  begin?(): Promise<void>;
  /** The work it has left: `3 messages in Shop/Jobs`. A run is idle when no service has any. */
  pending?(): Promise<readonly string[]>;
  /** Whether it takes deliveries to an ARN. */
  receives?(arn: string): boolean;
  /** Takes a delivery to one of its resources. */
  receive?(delivery: Delivery): Promise<void>;
  /** What Lambda reads at an ARN; undefined if the resource is not one of its own. */
  eventSource?(arn: string): EventSource | undefined;
  /** Ends it. */
  stop?(): Promise<void>;
}

/** Handles on a service's resources, by kind: `run.queue(name)` returns one of the kind `queue`. */
export type HandleKinds = { readonly [K in keyof LocalHandles]?: HandleKind<LocalHandles[K]> };

/** Handles on resources of one kind. */
export interface HandleKind<T> {
  /** The types of the resources. */
  readonly types: readonly string[];
  /**
   * Which resources of the types.
   * @default - all of them
   */
  is?(resource: Deployed): boolean;
  /** The handle on one. */
  of(resource: Deployed): T;
  /** Those that handlers have created, by name. */
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

/** Creates a service for one run. */
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
  /** Constraints on request members; a service with a REST protocol parses and checks its requests itself. */
  readonly constraints?: Constraints;
  /** Handles requests other than signed calls, for services that browsers call too. */
  readonly front?: ServiceFront;
  /** The operation of a request, for REST protocols, where the path tells; undefined if unknown. */
  operation?(request: HttpRequest): string | undefined;
  /** What the caller must be allowed to do; undefined for an operation that it does not serve. */
  needs(call: Call): readonly Need[] | undefined;
  /**
   * An allowed call's use of KMS keys.
   * @default - what its needs imply for the keys of their resources
   */
  keys?(call: Call): readonly KeyUse[];
  /** Answers the call. */
  handle(call: Call): Promise<HttpResponse>;
}

/** Handles requests before their sender is known. */
export interface ServiceFront {
  /** The response to a CORS preflight request; undefined for any other request. */
  preflight(request: HttpRequest): HttpResponse | undefined;
  /**
   * Reads a request that is signed differently from calls, or not at all; undefined for a call.
   * @throws AwsError when it is refused
   */
  receive(request: HttpRequest, callerOf: (accessKeyId: string) => SigningCaller | undefined): Received | undefined;
  /** Adds what every response has. */
  finish(request: HttpRequest, response: HttpResponse): HttpResponse;
}

/** A request that is not a signed call: its sender, and the equivalent call. */
export interface Received {
  /** Who sends it. */
  readonly caller: Caller;
  /** The call. */
  readonly request: HttpRequest;
  /** Turns the call's response into the sender's. */
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
   * How it refuses a caller that may not use a resource's key.
   * @default - with the same code and status
   */
  readonly key?: KeyDenial;
}

/** Something that one service hands to a resource of another. */
export interface Delivery {
  /** The ARN of the receiver; for a bucket, the object's. */
  readonly target: string;
  /** What is delivered, as JSON. */
  readonly payload: unknown;
  /** Who sends: a role of the template, or a service on behalf of a resource. */
  readonly sender: Sender;
  /** Set if it is repeated, or arrives after its successor. */
  readonly disorder?: string;
  /** Whether it is an event that a bus hands on to another. */
  readonly fromBus?: boolean;
  /** The parts of a queue message other than its body. */
  readonly message?: {
    /** Texts, or attributes as the API of SQS has them. */
    readonly attributes?: Readonly<Record<string, string | JsonObject>>;
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
  /** Servers that functions reach by their AWS host names. */
  readonly hosts: Hosts;
  /** Background work. */
  readonly background: Background;
  /** What the user asked for. */
  readonly options: ServiceOptions;
  /** What is kept between runs. */
  readonly data: DataDirectory;
  /** Responses of custom resources, or the user's in their place, by id. */
  readonly answers: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** Calls that the local run does not support. */
  readonly unanswered: readonly UnsupportedCall[];
  /** The port of an API: its earlier one, the next one that the user chose, or 0. */
  portFor(api: Deployed): number;
  /** Reports something that will not be run. */
  unsupported(item: Unsupported): void;
  /**
   * Judges a delivery by the sender's policies or the receiver's.
   * @throws AwsError when it is refused
   */
  judgeDelivery(sender: Sender, need: Need): void;
  /**
   * An AWS API call that a service makes on a caller's behalf; judged and answered as if from the caller's code.
   * @param service as the SDK signs for it: `sqs`
   */
  call(service: string, request: Forwarded, caller: Caller): Promise<HttpResponse>;
  /**
   * Whether an AWS API call would be answered, whatever the answer.
   * @param service as the SDK signs for it: `sqs`
   * @param request the call; without one, whether the service is there at all
   */
  serves(service: string, request?: HttpRequest): boolean;
  /** Lists something other than an AWS API call that could not be answered, such as a request to an API. */
  notServed(call: Omit<UnsupportedCall, 'count'>): void;
  /** Hands something to the service that runs the target. */
  deliver(delivery: Delivery): Promise<void>;
  /** Sets what `Ref` and `Fn::GetAtt` give for a custom resource. */
  answer(id: string, physicalId: string, data: JsonObject): void;
  /** Creates resources, by id, that were waiting for a custom resource. */
  make(ids: Iterable<string>): Promise<void>;
  /** What is in flight or still to do, in all services and functions: `3 messages in Shop/Jobs`. */
  left(): Promise<readonly string[]>;
  /** Whether a delivery to an ARN would be accepted. */
  reaches(arn: string): boolean;
  /** What Lambda reads at an ARN; undefined if it cannot be read here. */
  eventSource(arn: string): EventSource | undefined;
  /** An ARN in the run's region and account: `arn('dynamodb', 'table/Orders')`. */
  arn(service: string, resource: string): string;
  /** Replaces a text in functions' variables with another: an API's address with its local one. */
  rewrite(from: string, to: string): void;
  /** A text with the local addresses in place of those of AWS. */
  localized(text: string): string;
  /** Says which program or runtime a service runs on: `DynamoDB: dynoxide`. */
  runsOn(sentence: string): void;
  /** The caller with an access key; undefined for an unknown key. */
  callerOf(accessKeyId: string): SigningCaller | undefined;
  /** Starts a session of a role, without checking whether it may be assumed. */
  openSession(session: NewSession): SigningCaller;
  /** A role of the templates as a caller, if a service may assume it; otherwise why not. */
  assume(roleArn: string, assuming: Assuming): Caller | string;
  /** The public keys of an issuer of tokens. */
  keysOf(issuer: string): Promise<readonly JsonObject[]>;
}
