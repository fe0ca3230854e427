import { apiGateway } from '../../../../core/facts';
import type { HttpRequest, HttpResponse } from '../../kernel/call';
import type { Deployed } from '../../kernel/deployment';
import { type HttpServer, serveHttp } from '../../kernel/http-server';
import { type JsonObject, recordOf, records, texts } from '../../kernel/json';
import { withRequestLog } from '../../kernel/request-log';
import type { LocalContext } from '../../kernel/service';
import { ThrottledError } from '../../lambda/function-errors';
import { accessLine } from './access-log';
import { customDomains } from './custom-domains';
import { message } from './answers';
import { apiRequest, type DomainMapping, isHeadTooLarge } from './api-request';
import { GATEWAY_ERRORS, type GatewayError, GatewayResponses } from './gateway-responses';
import { NetworkError } from './http-integration';
import { BadRequestBody, IntegrationFailure, NotRunHere, PayloadTooLarge } from './integration-failure';
import { unknownKeywords } from './json-schema';
import { isDynamic } from './mapping-template';
import { notRunAnswer } from './not-run-answer';
import { RestAuthorizers } from './rest-authorizers';
import type { RestCall } from './rest-call';
import { RestIntegrations } from './rest-integrations';
import { type RestResource, restRoutes } from './rest-resources';
import { RestStages, stagesOfDeployments } from './rest-stages';
import { invalidRequest, type Validation } from './rest-validation';
import { matchRoute, REST_RULES, restPath, type Route } from './route-match';
import { UsagePlans } from './usage-plans';
import { velocity } from './vtl/evaluate';

/** One REST API on its own port. */
export class RestApi {
  private readonly routes: readonly Route<RestResource>[];
  private readonly deployedStages: readonly Deployed[];
  private readonly stages: RestStages;
  private readonly validation: Validation;
  private readonly authorizers: RestAuthorizers;
  private readonly integrations: RestIntegrations;
  private readonly errors: GatewayResponses;
  private readonly plans: UsagePlans;
  private server: HttpServer | undefined;

  /** The API as it would be deployed. */
  constructor(
    private readonly context: LocalContext,
    readonly api: Deployed,
  ) {
    this.routes = restRoutes(api, this.own('Resource'), this.own('Method'));
    this.deployedStages = [...this.own('Stage'), ...stagesOfDeployments(this.own('Deployment'))];
    this.stages = new RestStages(this.deployedStages);
    this.validation = { validators: this.own('RequestValidator'), models: this.own('Model') };
    this.authorizers = new RestAuthorizers(context, api, this.own('Authorizer'));
    this.integrations = new RestIntegrations(context, api, (call, line) => this.log(call, line));
    this.errors = new GatewayResponses(this.own('GatewayResponse'));
    this.plans = UsagePlans.of(context.deployment);
  }

  /** The URL for clients, with the first stage. */
  get url(): string {
    return `${this.server?.url ?? ''}/${this.stages.all[0]?.name ?? ''}`;
  }

  /** Opens the port, and reports the API's unsupported parts. */
  async start(port: number): Promise<void> {
    const methods = this.routes.flatMap(({ target }) => [...target.methods.values()]);
    if (methods.some(({ Integration }) => needsTemplates(recordOf(Integration)))) velocity();
    const domains = customDomains(this.context);
    domains.serve(this.api.ref, this);
    const answer = (http: HttpRequest) => domains.answer(http) ?? this.answer(http);
    this.server = await serveHttp(port, withRequestLog(this.context.logs, this.api.displayName, answer), domains.hosts);
    const host = `${this.api.ref}.execute-api.${this.api.region}.amazonaws.com`;
    this.context.rewrite(`https://${host}`, this.server.url);
  }

  /** Reports its unsupported parts, once every service is ready. */
  reportNotRun(): void {
    const { displayName: resource, type } = this.api;
    for (const reason of this.notRun()) this.context.unsupported({ resource, type, reason });
  }

  async stop(): Promise<void> {
    await this.server?.stop();
  }

  /**
   * Answers a request.
   * @param mapping of the custom domain it was sent to
   */
  async answer(http: HttpRequest, mapping?: DomainMapping): Promise<HttpResponse> {
    // Its default endpoint may be disabled, leaving only custom domains.
    if (!mapping && this.api.properties.DisableExecuteApiEndpoint === true) return message(403, 'Forbidden');
    if (isHeadTooLarge(http)) return message(431, 'Request Header Fields Too Large');
    const identity = { accountId: this.api.account, apiId: this.api.ref };
    const request = apiRequest(http, this.stages.all, identity, mapping);
    // A path without a stage reaches no API.
    if (!request) return message(403, 'Forbidden');
    const match = matchRoute(this.routes, http.method, restPath(request.path), REST_RULES);
    const methods = match?.route.target.methods;
    const method = methods?.get(http.method) ?? methods?.get('ANY');
    const call = match && method && { request, resource: match.route.target, method, parameters: match.parameters };
    const result = call ? await this.serve(call) : GATEWAY_ERRORS.noSuchMethod;
    const response = 'errorType' in result ? this.errors.of(result, request) : result;
    const resourcePath = call?.resource.path;
    const line = accessLine(this.deployedStages, { request, response, ...(resourcePath && { resourcePath }) });
    if (line !== undefined) this.context.logs.write(this.api.displayName, line, request.requestId);
    return { ...response, headers: { 'x-amzn-requestid': request.requestId, ...response.headers } };
  }

  /** In API Gateway's order: key, authorization, throttle, validation, integration. */
  private async serve(call: RestCall): Promise<HttpResponse | GatewayError> {
    const { request, method, parameters } = call;
    try {
      if (request.http.body.length > apiGateway.payloadSize.value) return GATEWAY_ERRORS.tooLarge;
      const keyed: ReturnType<UsagePlans['judge']> =
        method.ApiKeyRequired === true ? this.plans.judge(request) : { identity: {} };
      if ('error' in keyed) return keyed.error;
      const verdict = await this.authorizers.judge(call);
      if ('error' in verdict) return verdict.error;
      if (!this.stages.takes(call)) return GATEWAY_ERRORS.throttled;
      const invalid = invalidRequest(method, request, parameters, this.validation);
      const identity = { ...keyed.identity, ...verdict.identity };
      return invalid ?? (await this.integrations.answer(call, { ...verdict, identity }));
    } catch (error) {
      return this.failed(call, error);
    }
  }

  private failed(call: RestCall, error: unknown): HttpResponse | GatewayError {
    if (error instanceof ThrottledError) return GATEWAY_ERRORS.misconfigured;
    if (error instanceof PayloadTooLarge) return GATEWAY_ERRORS.tooLarge;
    if (error instanceof BadRequestBody) return { ...GATEWAY_ERRORS.badRequest, message: error.message };
    if (error instanceof NotRunHere) {
      const { request, resource } = call;
      const operation = `${request.http.method} ${resource.path}`;
      return notRunAnswer(this.context, this.api, { operation, reason: error.message, requestId: request.requestId });
    }
    if (!(error instanceof IntegrationFailure) && !(error instanceof NetworkError)) throw error;
    this.log(call, `ERROR ${error.message}`);
    return error instanceof NetworkError ? GATEWAY_ERRORS.networkError : GATEWAY_ERRORS.misconfigured;
  }

  /** `ERROR text` becomes `ERROR GET /orders: text`. */
  private log({ request, resource }: RestCall, line: string): void {
    const place = `${request.http.method} ${resource.path}`;
    this.context.logs.write(this.api.displayName, line.replace(/^(\w+) /, `$1 ${place}: `), request.requestId);
  }

  private notRun(): readonly string[] {
    return [
      ...this.routes.flatMap(({ target }) =>
        [...target.methods].flatMap(([name, { Integration }]) =>
          this.integrations
            .whyNotRun(recordOf(Integration), target.names)
            .map((why) => `the integration of ${name} ${target.path}: ${why}; it answers 501`),
        ),
      ),
      ...this.validation.models.flatMap(({ logicalId, properties }) =>
        [...new Set(unknownKeywords(properties.Schema))].map(
          (keyword) => `'${keyword}' in model '${logicalId}' is not judged`,
        ),
      ),
      ...(this.authorizers.network === undefined
        ? []
        : [`its network does not exist here: requests count as coming from ${this.authorizers.network}`]),
      ...this.authorizers.notRun,
      ...customDomains(this.context).notKept(this.api.ref),
      ...this.plans.notKept(this.api.ref),
      ...notHonoured(this.api, this.deployedStages),
    ];
  }

  private own(kind: string): readonly Deployed[] {
    const all = this.context.deployment.ofType(`AWS::ApiGateway::${kind}`);
    return all.filter(({ properties }) => properties.RestApiId === this.api.ref);
  }
}

/** Settings of an API and its stages that affect responses on AWS but not here. */
function notHonoured({ properties }: Deployed, stages: readonly Deployed[]): readonly string[] {
  const settings = stages.flatMap((stage) => records(stage.properties.MethodSettings));
  return [
    ...(recordOf(properties.Parameters).basepath === undefined || recordOf(properties.Parameters).basepath === 'ignore'
      ? []
      : ['the base path of its OpenAPI document is ignored']),
    ...(properties.MinimumCompressionSize === undefined ? [] : ['its answers are not compressed']),
    ...(properties.ApiKeySourceType === 'AUTHORIZER' ? ['API keys of authorizers are not taken'] : []),
    ...(settings.some(({ CachingEnabled }) => CachingEnabled === true) ? ['its answers are not cached'] : []),
    ...(stages.some((stage) => stage.properties.CanarySetting !== undefined) ? ['its canaries are not run'] : []),
  ];
}

/** Whether an integration has templates to evaluate. */
function needsTemplates({ RequestTemplates, IntegrationResponses }: JsonObject): boolean {
  const responses = records(IntegrationResponses).map(({ ResponseTemplates }) => ResponseTemplates);
  const templates = [RequestTemplates, ...responses].flatMap((one) => texts(Object.values(recordOf(one))));
  return templates.some(isDynamic);
}
