import { apiGateway } from '../../../../core/facts';
import { header, type HttpResponse } from '../../kernel/call';
import type { Deployed } from '../../kernel/deployment';
import { type JsonObject, number, text } from '../../kernel/json';
import type { LocalContext } from '../../kernel/service';
import { restAnswer } from './answers';
import { forwardedRestHeaders } from './api-request';
import { BinaryTypes } from './binary-types';
import { eventV1 } from './event-v1';
import { GATEWAY_ERRORS, type GatewayError } from './gateway-responses';
import { whyBackendNotRun } from '../../kernel/backends';
import { callBackend, proxyAnswer, proxyRequest } from './http-integration';
import { NotRunHere } from './integration-failure';
import { integrationRequest, type IntegrationRequest, withStageVariables } from './integration-request';
import { integrationResponse } from './integration-response';
import { callFunction, callsFunction } from './lambda-integration';
import { invokeForApi, streamForApi } from './lambda-target';
import { withOverrides } from './mapping-template';
import { mockAnswer } from './mock-integration';
import { unknownSources } from './parameter-mapping';
import { requestContext } from './request-context';
import type { IntegratedCall, RestCall } from './rest-call';
import { callService, whyServiceNotRun } from './service-integration';
import { streamedAnswer } from './streamed-answer';
import { mapOf, type VtlMap } from './vtl/values';
import { withinLimit } from './within-limit';

/** The result of a method's authorizer. */
export interface Authorized {
  /** `$context.authorizer`. */
  readonly authorizer?: JsonObject;
  /** Fields of `$context.identity`. */
  readonly identity?: JsonObject;
}

/** The integrations of one REST API. */
export class RestIntegrations {
  private readonly binary: BinaryTypes;

  /**
   * @param context of the run
   * @param api the API
   * @param log takes notices about a call
   */
  constructor(
    private readonly context: LocalContext,
    private readonly api: Deployed,
    private readonly log: (call: RestCall, line: string) => void,
  ) {
    this.binary = new BinaryTypes(api.properties.BinaryMediaTypes);
  }

  /** The unsupported parts of an integration, reported before the first request. */
  whyNotRun(integration: JsonObject, names: readonly string[]): readonly string[] {
    const sources = unknownSources(integration).map((source) => `the mapping source '${source}' is not known`);
    const why = this.whyTypeNotRun(integration, names);
    return why === undefined ? sources : [why, ...sources];
  }

  /**
   * Answers a request by its integration.
   * @throws IntegrationFailure, BadRequestBody, PayloadTooLarge, NetworkError for what fails on AWS too
   * @throws NotRunHere for what only fails here
   */
  async answer(call: RestCall, authorized: Authorized): Promise<HttpResponse | GatewayError> {
    const integrated = this.integrated(call, authorized);
    const limit = number(integrated.integration.TimeoutInMillis) ?? apiGateway.restIntegrationTimeout.value * 1000;
    const answer = await withinLimit(this.integrate(integrated, authorized), limit);
    return answer ?? GATEWAY_ERRORS.timeout;
  }

  private integrated(call: RestCall, { authorizer, identity }: Authorized): IntegratedCall {
    const { request, resource, method } = call;
    const values = requestContext(request, {
      resource: resource.path,
      resourceId: resource.id,
      ...(authorizer && { authorizer }),
      ...(identity && { identity }),
    });
    let context: VtlMap | undefined;
    const place = `${request.apiId}/${request.stage}/${request.http.method}${resource.path}`;
    return {
      ...call,
      integration: (method.Integration ?? {}) as JsonObject,
      values,
      // Only templates need it.
      get context() {
        return (context ??= withOverrides(mapOf(values)));
      },
      source: this.api.arnHere('execute-api', place),
    };
  }

  private async integrate(call: IntegratedCall, authorized: Authorized): Promise<HttpResponse | GatewayError> {
    switch (call.integration.Type) {
      case 'AWS_PROXY':
        return this.proxyFunction(call, authorized);
      case 'HTTP_PROXY':
        return proxyAnswer(
          await callBackend(this.context, proxyRequest(call), call.resource.names, this.streams(call)),
          this.binary,
        );
      case 'MOCK':
        return this.mapped(call, async (request) => byStatus(mockAnswer(request)));
      case 'HTTP':
        return this.mapped(call, async (request) =>
          byStatus(await callBackend(this.context, request, call.resource.names)),
        );
      case 'AWS':
        return this.mapped(call, async (request) =>
          callsFunction(request.uri)
            ? callFunction(this.context, call, request)
            : byStatus(await callService(this.context, call, request, (said) => this.log(call, `NOTE ${said}`))),
        );
      default:
        throw new NotRunHere(`the integration type '${text(call.integration.Type)}' is not run`);
    }
  }

  /** An integration with templates and mappings in both directions. */
  private async mapped(
    call: IntegratedCall,
    send: (request: IntegrationRequest) => Promise<{ readonly answer: HttpResponse; readonly selection: string }>,
  ): Promise<HttpResponse | GatewayError> {
    const tools = { binary: this.binary, note: (said: string) => this.log(call, `NOTE ${said}`) };
    const request = integrationRequest(call, tools);
    if (!request) return GATEWAY_ERRORS.unsupportedMedia;
    const { answer, selection } = await send(request);
    return integrationResponse(call, answer, selection, tools);
  }

  private async proxyFunction(call: IntegratedCall, authorized: Authorized): Promise<HttpResponse | GatewayError> {
    const { request, resource, integration, parameters } = call;
    const credentials = text(integration.Credentials);
    const lambda = {
      uri: withStageVariables(text(integration.Uri) ?? '', call),
      source: call.source,
      traceId: request.traceId,
      ...(credentials !== undefined && { credentials: withStageVariables(credentials, call) }),
    };
    const event = eventV1(request, {
      resource: resource.path,
      resourceId: resource.id,
      path: eventPath(call),
      headers: forwardedRestHeaders(request),
      parameters,
      body: this.bodyOf(call),
      ...authorized,
    });
    if (this.streams(call)) {
      const streamed = await streamForApi(this.context, lambda, event);
      if (streamed.error) return GATEWAY_ERRORS.badAnswer;
      const begun = await streamedAnswer(streamed.body);
      return 'invalid' in begun ? this.badAnswer(call, begun.invalid) : begun;
    }
    const outcome = await invokeForApi(this.context, lambda, event);
    if (outcome.error) return GATEWAY_ERRORS.badAnswer;
    const answer = restAnswer(outcome.payload);
    return 'invalid' in answer ? this.badAnswer(call, answer.invalid) : this.encoded(call, answer);
  }

  private streams({ integration }: IntegratedCall): boolean {
    return integration.ResponseTransferMode === 'STREAM';
  }

  private badAnswer(call: RestCall, why: string): GatewayError {
    this.log(call, `ERROR the function's result is not a response: ${why}`);
    return GATEWAY_ERRORS.badAnswer;
  }

  private bodyOf({ request: { http } }: RestCall): { readonly body?: string; readonly isBase64Encoded: boolean } {
    if (http.body.length === 0) return { isBase64Encoded: false };
    const isBase64Encoded = this.binary.has(header(http, 'content-type'));
    return { body: http.body.toString(isBase64Encoded ? 'base64' : 'utf8'), isBase64Encoded };
  }

  /** A base64 body is decoded only for a client whose first accepted type is one of the API's binary types. */
  private encoded({ request: { http } }: RestCall, response: HttpResponse): HttpResponse {
    if (!Buffer.isBuffer(response.body) || this.binary.accepted(http)) return response;
    return { ...response, body: response.body.toString('base64') };
  }

  private whyTypeNotRun(integration: JsonObject, names: readonly string[]): string | undefined {
    const uri = text(integration.Uri) ?? '';
    switch (integration.Type) {
      case 'MOCK':
        return undefined;
      case 'AWS_PROXY':
        return uri.includes(':firehose:') ? 'functions are called by proxy, Firehose is not' : undefined;
      case 'AWS':
        return callsFunction(uri.replaceAll(/\$\{[^}]*\}/g, 'x'))
          ? undefined
          : whyServiceNotRun(this.context, integration);
      case 'HTTP':
      case 'HTTP_PROXY':
        return whyBackendNotRun(this.context, withoutParameters(text(integration.Uri)), names);
      default:
        return `the integration type '${text(integration.Type) ?? 'none'}' is not run`;
    }
  }
}

/** The event's path: below the stage of the default endpoint, with the base path of a custom domain. */
function eventPath({ request }: RestCall): string {
  const below = request.stage !== '' && request.fullPath === `/${request.stage}${request.path}`;
  return (below ? request.path : request.fullPath).replace(/^\/+/, '/');
}

function withoutParameters(uri: string | undefined): string | undefined {
  return uri?.replaceAll(/[${]*\{[^}]*\}/g, 'x');
}

function byStatus(answer: HttpResponse): { readonly answer: HttpResponse; readonly selection: string } {
  return { answer, selection: String(answer.status) };
}
