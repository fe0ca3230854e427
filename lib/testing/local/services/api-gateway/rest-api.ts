import { apiGateway } from '../../../../core/facts';
import { header, type HttpRequest, type HttpResponse } from '../../kernel/call';
import type { Deployed } from '../../kernel/deployment';
import { ThrottledError } from '../../lambda/function-errors';
import { type HttpServer, serveHttp } from '../../kernel/http-server';
import { isRecord, type JsonRecord, number, record, records, text, texts } from '../../kernel/json';
import type { LocalContext } from '../../kernel/service';
import { accessLine } from './access-log';
import { answerV1 } from './answers';
import { type ApiRequest, apiRequest, type ApiStage } from './api-request';
import { eventV1 } from './event-v1';
import { GATEWAY_ERRORS, type GatewayError, GatewayResponses } from './gateway-responses';
import { withinLimit } from './http-api';
import { unknownKeywords } from './json-schema';
import { IntegrationFailure, invokeForApi, PayloadTooLarge } from './lambda-target';
import { isDynamic, mockResponse } from './mock-integration';
import { velocity } from './vtl/evaluate';
import { RestAuthorizers, type RestCall } from './rest-authorizers';
import { type RestResource, restRoutes } from './rest-resources';
import { invalidRequest } from './rest-validation';
import { matchRoute, type Route } from './route-match';
import { callService, integratedService } from './service-integration';
import { streamedAnswer } from './streamed-answer';
import { Throttle } from './throttle';
import { UsagePlans } from './usage-plans';

/** One REST API on a port of its own. */
export class RestApi {
  private readonly routes: readonly Route<RestResource>[];
  private readonly stages: readonly (ApiStage & { readonly settings: readonly JsonRecord[] })[];
  private readonly authorizers: RestAuthorizers;
  private readonly errors: GatewayResponses;
  private readonly plans: UsagePlans;
  private readonly throttles = new Map<string, Throttle | undefined>();
  private server: HttpServer | undefined;

  /** The API as it would be deployed. */
  constructor(
    private readonly context: LocalContext,
    readonly api: Deployed,
  ) {
    this.routes = restRoutes(api, this.own('Resource'), this.own('Method'));
    this.stages = this.own('Stage').map(({ properties, name }) => ({
      name,
      settings: records(properties.MethodSettings),
      ...(isRecord(properties.Variables) && {
        variables: Object.fromEntries(
          Object.entries(properties.Variables).map(([key, value]) => [key, text(value) ?? '']),
        ),
      }),
    }));
    this.authorizers = new RestAuthorizers(context, api, this.own('Authorizer'));
    this.errors = new GatewayResponses(this.own('GatewayResponse'));
    this.plans = new UsagePlans(context.deployment);
  }

  /** Where clients call it: with the first stage. */
  get url(): string {
    return `${this.server?.url ?? ''}/${this.stages[0]?.name ?? ''}`;
  }

  /** Opens the port, and says what of the API is not run. */
  async start(port: number): Promise<void> {
    const integrations = this.routes.flatMap(({ target: { methods } }) =>
      [...methods.values()].map(({ Integration }) => record(Integration)),
    );
    if (integrations.some(needsTemplates)) velocity();
    this.server = await serveHttp(port, (request) => this.answer(request));
    const host = `${this.api.ref}.execute-api.${this.api.region}.amazonaws.com`;
    this.context.rewrite(`https://${host}`, this.server.url);
    for (const reason of this.notRun()) {
      this.context.unsupported({ resource: this.api.displayName, type: this.api.type, reason });
    }
  }

  /** Closes it. */
  async stop(): Promise<void> {
    await this.server?.stop();
  }

  private notRun(): readonly string[] {
    const methods = this.routes.flatMap(({ target: { path, methods: own } }) =>
      [...own].map(([name, { Integration }]) => [`${name} ${path}`, record(Integration)] as const),
    );
    return [
      ...methods.flatMap(([name, integration]) => {
        const type = text(integration.Type) ?? 'none';
        if (type === 'AWS_PROXY' || (type === 'AWS' && integratedService(integration))) return [];
        return type === 'MOCK' ? [] : [`the ${type} integration of ${name} is not run: it answers 500`];
      }),
      ...this.own('Model').flatMap(({ logicalId, properties }) =>
        [...new Set(unknownKeywords(properties.Schema))].map(
          (keyword) => `'${keyword}' in model '${logicalId}' is not judged`,
        ),
      ),
      ...(this.api.properties.Policy === undefined ? [] : ['its resource policy is not judged']),
    ];
  }

  private own(kind: string): readonly Deployed[] {
    const all = this.context.deployment.ofType(`AWS::ApiGateway::${kind}`);
    return all.filter(({ properties }) => properties.RestApiId === this.api.ref);
  }

  private async answer(http: HttpRequest): Promise<HttpResponse> {
    const identity = { accountId: this.api.account, apiId: this.api.ref };
    const request = apiRequest(http, this.stages, identity);
    // A path without a stage is no API at all.
    if (!request)
      return { status: 403, headers: { 'content-type': 'application/json' }, body: '{"message":"Forbidden"}' };
    const match = matchRoute(this.routes, http.method, request.path);
    const methods = match?.route.target.methods;
    const method = methods?.get(http.method) ?? methods?.get('ANY');
    const call = match && method && { request, resource: match.route.target, method, parameters: match.parameters };
    const result = call ? await this.serve(call) : GATEWAY_ERRORS.noSuchMethod;
    const response = 'errorType' in result ? this.errors.of(result, request.requestId) : result;
    const resourcePath = call?.resource.path;
    const line = accessLine(this.own('Stage'), { request, response, ...(resourcePath && { resourcePath }) });
    if (line !== undefined) this.context.logs.write(this.api.displayName, line, request.requestId);
    return { ...response, headers: { 'x-amzn-requestid': request.requestId, ...response.headers } };
  }

  /** In the order of API Gateway: key, authorization, throttle, validation, integration. */
  private async serve(call: RestCall): Promise<HttpResponse | GatewayError> {
    const { request, method, parameters } = call;
    try {
      const keyRefused = method.ApiKeyRequired === true ? this.plans.refusal(request) : undefined;
      if (keyRefused) return keyRefused;
      const verdict = await this.authorizers.judge(call);
      if ('error' in verdict) return verdict.error;
      if (!this.takes(call)) return GATEWAY_ERRORS.throttled;
      const validation = { validators: this.own('RequestValidator'), models: this.own('Model') };
      const invalid = invalidRequest(method, request, parameters, validation);
      return invalid ?? (await this.integrate(call, verdict));
    } catch (error) {
      if (error instanceof ThrottledError) return GATEWAY_ERRORS.misconfigured;
      if (error instanceof PayloadTooLarge) return GATEWAY_ERRORS.tooLarge;
      if (!(error instanceof IntegrationFailure)) throw error;
      const line = `ERROR ${request.http.method} ${call.resource.path}: ${error.message}`;
      this.context.logs.write(this.api.displayName, line, request.requestId);
      return GATEWAY_ERRORS.misconfigured;
    }
  }

  private async integrate(
    call: RestCall,
    verdict: { readonly authorizer?: JsonRecord; readonly identity?: JsonRecord },
  ): Promise<HttpResponse | GatewayError> {
    const { request, resource, method, parameters } = call;
    const integration = record(method.Integration);
    if (integration.Type === 'MOCK') {
      const mocked = { request, resourcePath: resource.path, parameters, integration };
      return mockResponse(mocked, this.context) ?? GATEWAY_ERRORS.misconfigured;
    }
    if (integration.Type === 'AWS' && integratedService(integration)) {
      return callService(this.context, { request, resourcePath: resource.path, parameters, integration });
    }
    if (integration.Type !== 'AWS_PROXY') throw new IntegrationFailure(`${text(integration.Type)} is not run here`);
    const credentials = text(integration.Credentials);
    const lambda = {
      uri: text(integration.Uri) ?? '',
      source: this.api.arnHere(
        'execute-api',
        `${request.apiId}/${request.stage}/${request.http.method}${resource.path}`,
      ),
      ...(credentials !== undefined && { credentials }),
    };
    const event = eventV1(request, {
      resource: resource.path,
      resourceId: resource.id,
      path: request.path,
      parameters,
      body: this.bodyOf(request),
      ...verdict,
    });
    const limit = number(integration.TimeoutInMillis) ?? apiGateway.restIntegrationTimeout.value * 1000;
    const outcome = await withinLimit(invokeForApi(this.context, lambda, event), limit);
    if (outcome === undefined) return GATEWAY_ERRORS.timeout;
    if (outcome.error) return GATEWAY_ERRORS.badAnswer;
    const answer =
      integration.ResponseTransferMode === 'STREAM'
        ? streamedAnswer(outcome.payload)
        : this.decoded(request, answerV1(outcome.payload, 'application/json'));
    if (answer) return answer;
    const line = `ERROR ${request.http.method} ${resource.path}: the function's answer is no response: it needs a 'statusCode', and a 'body' that is text`;
    this.context.logs.write(this.api.displayName, line, request.requestId);
    return GATEWAY_ERRORS.badAnswer;
  }

  /** The throttle of the most specific method setting, for each method. */
  private takes({ request, resource }: RestCall): boolean {
    const { method } = request.http;
    const key = `${request.stage} ${method} ${resource.path}`;
    if (!this.throttles.has(key)) {
      const settings = this.stages.find(({ name }) => name === request.stage)?.settings ?? [];
      const path = resource.path === '/' ? '/' : `/${resource.path.replaceAll('/', '~1')}`;
      const own = settings.filter(
        ({ HttpMethod, ResourcePath }) =>
          ['*', method].includes(text(HttpMethod) ?? '') && ['/*', path].includes(text(ResourcePath) ?? ''),
      );
      const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = own.at(-1) ?? {};
      const limited = rate !== undefined || burst !== undefined;
      this.throttles.set(
        key,
        limited ? new Throttle(number(rate) ?? Infinity, number(burst) ?? number(rate) ?? 0) : undefined,
      );
    }
    return this.throttles.get(key)?.take() ?? true;
  }

  private bodyOf({ http }: ApiRequest): { readonly body?: string; readonly isBase64Encoded: boolean } {
    if (http.body.length === 0) return { isBase64Encoded: false };
    const isBase64Encoded = this.isBinary(header(http, 'content-type'));
    return { body: http.body.toString(isBase64Encoded ? 'base64' : 'utf8'), isBase64Encoded };
  }

  /** A body in base64 is decoded only for a client that accepts one of the API's binary types first. */
  private decoded({ http }: ApiRequest, response: HttpResponse | undefined): HttpResponse | undefined {
    if (!Buffer.isBuffer(response?.body)) return response;
    const wanted = (header(http, 'accept') ?? '').split(',')[0];
    return this.isBinary(wanted) ? response : { ...response, body: response.body.toString('base64') };
  }

  private isBinary(type: string | undefined): boolean {
    const media = (type ?? '').split(';')[0]!.trim().toLowerCase();
    return texts(this.api.properties.BinaryMediaTypes)
      .map((one) => one.replaceAll('~1', '/').toLowerCase())
      .some((one) => one === '*/*' || one === media || (one.endsWith('/*') && media.startsWith(one.slice(0, -1))));
  }
}

/** Whether an integration has templates that have to be evaluated. */
function needsTemplates({ Type, IntegrationResponses }: JsonRecord): boolean {
  const templates = records(IntegrationResponses).flatMap(({ ResponseTemplates }) =>
    texts(Object.values(record(ResponseTemplates))),
  );
  return Type === 'AWS' || (Type === 'MOCK' && templates.some(isDynamic));
}
