import type { AccessJudge, Denial } from './access';
import { AwsError, errorResponse } from './aws-errors';
import { type Call, type HttpRequest, type HttpResponse, header, operationOf, signatureOf } from './call';
import type { Caller } from './caller';
import { type HttpServer, serveHttp } from './http-server';
import { Tally, type UnsupportedCall } from './report';
import type { LocalService, Protocol, ServiceApi } from './service';

/** What the gateway asks. */
export interface GatewayContext {
  /** Judges the calls. */
  readonly access: AccessJudge;
  /** The services of the run. */
  readonly services: () => readonly LocalService[];
  /** Who signs with an access key. */
  readonly callerOf: (accessKeyId: string) => Caller | undefined;
}

/** Stands for AWS: every SDK of the run sends its calls here. Each is judged, then answered by the service that runs it. */
export class Gateway {
  private server: HttpServer | undefined;
  private readonly unanswered = new Tally<Omit<UnsupportedCall, 'count'>>();

  /** @param context what it asks */
  constructor(private readonly context: GatewayContext) {}

  /** Where the SDK finds it. */
  get url(): string {
    return this.server?.url ?? '';
  }

  /** Calls to something that the local run does not have. */
  get unsupportedCalls(): readonly UnsupportedCall[] {
    return this.unanswered.list();
  }

  /** Opens the port. */
  async start(): Promise<void> {
    this.server = await serveHttp(0, (request) => this.answer(request));
  }

  /** Closes it. */
  async stop(): Promise<void> {
    await this.server?.stop();
  }

  private async answer(request: HttpRequest): Promise<HttpResponse> {
    const { operation: named, input } = operationOf(request);
    const signature = signatureOf(request);
    const service = signature?.service ?? 'unknown';
    const api = this.context.services().find(({ api: one }) => one?.signingNames.includes(service))?.api;
    const protocol = api?.protocol ?? protocolOf(request, service);
    const caller = signature && this.context.callerOf(signature.accessKeyId);
    if (!caller) return errorResponse(protocol, notSigned(signature !== undefined));
    const operation = named ?? api?.operation?.(request);
    const call: Call = { service, operation: operation ?? describe(request), caller, input, request };
    try {
      return await this.serve(api, protocol, call);
    } catch (error) {
      if (error instanceof AwsError) return errorResponse(protocol, error);
      throw error;
    }
  }

  private async serve(api: ServiceApi | undefined, protocol: Protocol, call: Call): Promise<HttpResponse> {
    const needs = api?.needs(call);
    if (!api || !needs) {
      const { service, operation } = call;
      this.unanswered.add({ caller: call.caller.name, service, operation });
      return errorResponse(protocol, notServed(service, operation));
    }
    const denial = this.context.access.refusal(call.caller, needs);
    return denial ? errorResponse(protocol, accessDenied(call.service, denial)) : api.handle(call);
  }
}

function notSigned(signed: boolean): AwsError {
  return signed
    ? new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.', 400)
    : new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
}

/** 501 is not tried again by the SDKs. */
function notServed(service: string, operation: string): AwsError {
  return new AwsError(
    'LocalRunUnsupported',
    `The local run does not answer ${service}:${operation}. Stub the client in this test, or leave the call to a deployed stack.`,
    501,
  );
}

/** A refusal as the service shapes it. */
function accessDenied(service: string, { message }: Denial): AwsError {
  switch (service) {
    case 'sqs':
      return new AwsError('AccessDenied', message, 403);
    case 'sns':
      return new AwsError('AuthorizationError', message, 403);
    case 's3':
    case 'sts':
      return new AwsError('AccessDenied', message, 403);
    case 'lambda':
    case 'scheduler':
      return new AwsError('AccessDeniedException', message, 403);
    default:
      return new AwsError('AccessDeniedException', message, 400);
  }
}

function protocolOf(request: HttpRequest, service: string): Protocol {
  if (header(request, 'x-amz-target') !== undefined) return 'json';
  if (header(request, 'content-type')?.startsWith('application/x-www-form-urlencoded')) return 'query';
  return service === 's3' ? 's3' : 'rest-json';
}

function describe({ method, path }: HttpRequest): string {
  return `${method} ${path}`;
}
