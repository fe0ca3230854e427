import type { AccessJudge, Need } from './judge';
import type { Call, HttpRequest, HttpResponse } from './call';
import type { Caller } from './caller';
import type { Clock } from './clock';
import type { Deployed, Deployment } from './deployment';
import type { DynamoDbEngine } from '../../engines/dynamodb';
import type { Forwarded } from './forward';
import type { Functions } from '../lambda/functions';
import type { JsonRecord } from './json';
import type { SigningCaller } from './keys';
import type { Logs } from './logs';
import type { Policies } from './policies';
import type { Queues } from '../services/sqs/queues';
import type { Unsupported } from './unsupported';

/**
 * One AWS service of the local run. A service is a folder in services/ whose service.ts exports a `ServiceFactory`, listed in
 * services/all.ts; nothing else knows it. The factory gets a `LocalContext` and returns a `LocalService`:
 *
 * 1. `resourceTypes` are the CloudFormation types that it runs or reads; a type that no service names is reported as
 *    not run.
 * 2. `start()` reads its resources through `context.deployment` (every reference resolved) and makes ready what it
 *    needs: an engine, a port. Without resources it starts nothing. `begin()` is for what acts by itself, such as a poller:
 *    by then every service is ready. What it cannot honour it reports by `context.unsupported(...)`.
 * 3. `api` answers calls of the SDK. The gateway finds the service by the name that the SDK signs for, asks `needs()`
 *    which actions on which resources the call takes, judges them by the caller's synthesized policies, and only then
 *    calls `handle()`. A refusal is worded and shaped as the service does it; `handle()` throws an `AwsError` for
 *    errors of its own.
 * 4. `receive()` takes what another service delivers to one of its resources: an event to a queue, a failed invocation
 *    to its destination. A service that delivers calls `context.deliver()` and never another service. The receiver
 *    judges the sender: its policies where a role sends, the resource's policy where a service principal does.
 * 5. `stop()` ends everything that `start()` began.
 *
 * Whatever calls a function (an event source, a schedule, a state machine) does it through `context.functions`, and
 * whatever acts with a role of the template is judged through `context.access`.
 */
export interface LocalService {
  /** The CloudFormation types that it runs or reads. */
  readonly resourceTypes: readonly string[];
  /** Its part of the AWS API, where it has one. */
  readonly api?: ServiceApi;
  /** The URLs of the APIs that it serves, by the id of the resource. */
  readonly urls?: ReadonlyMap<string, string>;
  /** Makes it ready. */
  start?(): Promise<void>;
  /** Begins to act by itself; every service is ready. */
  begin?(): Promise<void>;
  /** Runs a schedule of its own now, as if it were some time; false for a resource that is another's. */
  fire?(schedule: Deployed, at: Date): Promise<boolean>;
  /** What it still has to do by itself: `3 messages in Shop/Jobs`. Nothing is left when every service says so. */
  pending?(): Promise<readonly string[]>;
  /** Takes a delivery to one of its resources. */
  receive?(delivery: Delivery): Promise<void>;
  /** Ends it. */
  stop?(): Promise<void>;
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
  /** The operation of a request, for REST protocols, where the path tells it; undefined for one it does not know. */
  operation?(request: HttpRequest): string | undefined;
  /** What the caller must be allowed. Undefined for an operation that it does not serve. */
  needs(call: Call): readonly Need[] | undefined;
  /** Answers the call. */
  handle(call: Call): Promise<HttpResponse>;
}

/** Something that one service hands to a resource of another. */
export interface Delivery {
  /** The ARN of the resource that receives it. */
  readonly target: string;
  /** What is delivered, as JSON. */
  readonly payload: unknown;
  /** Who sends: a role of the template, or a service on behalf of a resource. */
  readonly sender: Sender;
  /** What a message in a queue has beside its body. */
  readonly message?: { readonly attributes?: Readonly<Record<string, string>>; readonly groupId?: string };
  /** The key of the object, in a bucket. */
  readonly key?: string;
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
  /** The queues. */
  readonly queues: Queues;
  /** The time of the services. */
  readonly clock: Clock;
  /** Where the SDK finds AWS. */
  readonly endpoint: string;
  /** What functions and APIs write. */
  readonly logs: Logs;
  /** What the user asked for. */
  readonly options: ServiceOptions;
  /** The port of the next API: one that the user chose, or 0. */
  nextPort(): number;
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
  /** Hands something to the service that runs the target. */
  deliver(delivery: Delivery): Promise<void>;
  /** An ARN in the run's region and account: `arn('dynamodb', 'table/Orders')`. */
  arn(service: string, resource: string): string;
  /** From now on, a text in a function's variables stands for another: an API's address for its local one. */
  rewrite(from: string, to: string): void;
  /** Says which program or runtime a service runs on: `DynamoDB: dynoxide`. */
  runsOn(sentence: string): void;
  /** Who signs with an access key; undefined for a key that nobody has. */
  callerOf(accessKeyId: string): SigningCaller | undefined;
  /** A role of the templates as a caller, where it trusts a service; undefined otherwise. */
  roleCaller(roleArn: string, service: string): Caller | undefined;
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
  /** Execution environments of one function at a time. */
  readonly maxEnvironments: number;
}

/** The public keys of one issuer: a JSON Web Key Set, or the URL of one. */
export type KeySet = string | { readonly keys: readonly JsonRecord[] };

/** `local`: every issuer is this run, whose `token()` signs. Otherwise the key sets of the issuers named. */
export type TokenIssuers = 'local' | Readonly<Record<string, KeySet>>;
