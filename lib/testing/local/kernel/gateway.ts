import type { AccessJudge, Denial, Need } from './judge';
import { AwsError, errorResponse } from './aws-errors';
import { authenticate } from './authenticate';
import { type Call, type HttpRequest, type HttpResponse, header, operationOf, withoutUrlParameters } from './call';
import type { Caller } from './caller';
import { checkConstraints } from './constraints';
import { withRequestTags } from './tags';
import { type HttpServer, serveHttp } from './http-server';
import type { SigningCaller } from './keys';
import { Tally, type UnsupportedCall } from '../report';
import type { DenialShape, LocalService, Protocol, ServiceApi } from './service';
import { readSignature, type Signature } from './sigv4';

/** The gateway's host with the SDK's host prefix: `StartSyncExecution`, `TestState`. */
const PREFIXED_HOSTS = ['sync-127.0.0.1', 'sync-localhost'];

/** What the gateway needs from a run. */
export interface GatewayContext {
  readonly access: AccessJudge;
  /** The services of the run. */
  readonly services: () => readonly LocalService[];
  /** The caller with an access key. */
  readonly callerOf: (accessKeyId: string) => SigningCaller | undefined;
  /** Judges an allowed call's use of keys. @throws AwsError when it is refused */
  readonly judgeKeys: (api: ServiceApi, call: Call, needs: readonly Need[], by: 'code' | 'platform') => void;
}

/** Calls made without a signature, by callers that have no keys yet. */
const UNSIGNED = /^(cognito-(idp|identity):|sts:AssumeRoleWith)/;

/** The error for what the local run does not support. */
const UNSUPPORTED = 'LocalRunUnsupported';

/** A request and its target. */
interface Incoming {
  readonly request: HttpRequest;
  readonly signature: Signature | undefined;
  readonly service: string;
  readonly protocol: Protocol;
  readonly api?: ServiceApi;
}

/** The run's AWS endpoint: every SDK call goes here, is judged, then answered by its service. */
export class Gateway {
  private server: HttpServer | undefined;
  private apis: ReadonlyMap<string, ServiceApi> | undefined;
  private readonly unanswered = new Tally<Omit<UnsupportedCall, 'count'>>();

  /** @param context what it needs from the run */
  constructor(private readonly context: GatewayContext) {}

  /** Where the SDK finds it. */
  get url(): string {
    return this.server?.url ?? '';
  }

  /** Calls that the local run does not support. */
  get unsupportedCalls(): readonly UnsupportedCall[] {
    return this.unanswered.list();
  }

  /**
   * Opens the port.
   * @param port 0 lets the system choose
   * @throws LocalRunError when it is taken
   */
  async start(port: number): Promise<void> {
    this.server = await serveHttp(port, (request) => this.answer(request), PREFIXED_HOSTS);
  }

  async stop(): Promise<void> {
    await this.server?.stop();
  }

  /** Lists something else that was not answered, besides calls to the gateway. */
  addUnanswered(call: Omit<UnsupportedCall, 'count'>): void {
    this.unanswered.add(call);
  }

  /** Whether a call would be answered: its service is there and knows the operation. */
  serves(service: string, request?: HttpRequest): boolean {
    const api = this.apiOf(service);
    if (!api || !request) return api !== undefined;
    const { operation: named, input } = operationOf(request);
    const operation = named ?? api.operation?.(request);
    const anonymous = { accessKeyId: '', name: '', arn: '', policies: { identity: [] } };
    try {
      return (
        api.needs({ service, operation: operation ?? '', caller: anonymous, by: 'code', input, request }) !== undefined
      );
    } catch {
      // It knows the operation; only the parameters are missing.
      return true;
    }
  }

  private async answer(request: HttpRequest): Promise<HttpResponse> {
    const signature = readSignature(request);
    const service = signature?.service ?? unsignedService(request);
    const { api, protocol } = this.find(service, request);
    const preflight = api?.front?.preflight(request);
    if (preflight) return preflight;
    const response = await this.received({ request, signature, service, protocol, ...(api && { api }) });
    return api?.front?.finish(request, response) ?? response;
  }

  private async received({ request, signature, service, protocol, api }: Incoming): Promise<HttpResponse> {
    const { callerOf } = this.context;
    try {
      const received = api?.front?.receive(request, callerOf);
      if (received) {
        const response = await this.call(service, received.request, received.caller);
        return received.answer?.(response) ?? response;
      }
      if (!signature) this.refuseSignIn(service, request);
      const caller = authenticate(request, protocol, callerOf, signature);
      return await this.call(service, protocol === 's3' ? request : withoutUrlParameters(request), caller);
    } catch (error) {
      if (error instanceof AwsError) return errorResponse(protocol, error);
      throw error;
    }
  }

  /**
   * Judges and answers a call.
   * @param by who uses the caller's access: its code, or a service on its behalf
   */
  async call(
    service: string,
    request: HttpRequest,
    caller: Caller,
    by: 'code' | 'platform' = 'code',
  ): Promise<HttpResponse> {
    const { api, protocol } = this.find(service, request);
    // An S3 upload may look like a form or another service's call.
    const { operation: named, input, malformed } = api?.protocol === 's3' ? { input: {} } : operationOf(request);
    const operation = named ?? api?.operation?.(request);
    const call: Call = { service, operation: operation ?? describe(request), caller, by, input, request };
    try {
      if (malformed) throw new AwsError('SerializationException', 'The body of the request is not a JSON object');
      return await this.serve(api, protocol, call, by);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (error.code === UNSUPPORTED) this.unanswered.add({ caller: caller.name, service, operation: call.operation });
      return errorResponse(protocol, error);
    }
  }

  /** @throws AwsError for calls without keys that are not supported here */
  private refuseSignIn(service: string, request: HttpRequest): void {
    const { operation = describe(request) } = operationOf(request);
    if (UNSIGNED.test(`${service}:${operation}`)) throw this.notServed('unsigned', service, operation);
  }

  /** The SDKs do not retry a 501. */
  private notServed(caller: string, service: string, operation: string): AwsError {
    this.unanswered.add({ caller, service, operation });
    const remedy = 'Stub the client in this test, or leave the call to a deployed stack.';
    const message = `The local run does not answer ${service}:${operation}. ${remedy}`;
    return new AwsError(UNSUPPORTED, message, 501);
  }

  private apiOf(service: string): ServiceApi | undefined {
    this.apis ??= new Map(
      this.context.services().flatMap(({ api }) => (api?.signingNames ?? []).map((name) => [name, api!] as const)),
    );
    return this.apis.get(service);
  }

  private find(service: string, request: HttpRequest): { readonly api?: ServiceApi; readonly protocol: Protocol } {
    const api = this.apiOf(service);
    return { ...(api && { api }), protocol: protocolOf(request, api) };
  }

  private async serve(
    api: ServiceApi | undefined,
    protocol: Protocol,
    call: Call,
    by: 'code' | 'platform',
  ): Promise<HttpResponse> {
    const needs = api?.needs(call);
    if (!api || !needs) {
      return errorResponse(protocol, this.notServed(call.caller.name, call.service, call.operation));
    }
    const denial = this.context.access.refusal(call.caller, withRequestTags(needs, call.input), by);
    if (denial) return errorResponse(protocol, accessDenied(api.denial, denial));
    if (api.constraints) checkConstraints(api.constraints, call.operation, call.input);
    this.context.judgeKeys(api, call, needs, by);
    return api.handle(call);
  }
}

/** Sign-ins are unsigned: their target or form names the service. A plain URL is for S3. */
function unsignedService(request: HttpRequest): string {
  const target = header(request, 'x-amz-target') ?? '';
  if (target.startsWith('AWSCognitoIdentityProviderService.')) return 'cognito-idp';
  if (target.startsWith('AWSCognitoIdentityService.')) return 'cognito-identity';
  const { operation } = operationOf(request);
  if (operation?.startsWith('AssumeRoleWith')) return 'sts';
  // A link in an SNS message.
  const linked = new URLSearchParams(request.query).get('Action');
  if (linked === 'ConfirmSubscription' || linked === 'Unsubscribe') return 'sns';
  return operation === undefined ? 's3' : 'unknown';
}

/** A denial in the service's format. */
function accessDenied({ code, status, action }: DenialShape, { message, need }: Denial): AwsError {
  const worded = action ? message.replaceAll(need.action, action(need.action)) : message;
  return new AwsError(code, worded, status);
}

/** A service with a newer protocol still accepts forms. */
function protocolOf(request: HttpRequest, api: ServiceApi | undefined): Protocol {
  const form = header(request, 'content-type')?.startsWith('application/x-www-form-urlencoded') === true;
  if (form && api?.protocol !== 's3') return 'query';
  if (api) return api.protocol;
  if (header(request, 'x-amz-target') !== undefined) return 'json';
  return 'rest-json';
}

function describe({ method, path }: HttpRequest): string {
  return `${method} ${path}`;
}
