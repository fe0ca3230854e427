import type { HttpRequest, HttpResponse } from '../../kernel/call';
import type { Deployed } from '../../kernel/deployment';
import { type HttpServer, serveHttp } from '../../kernel/http-server';
import { isRecord, type JsonObject, text } from '../../kernel/json';
import { withRequestLog } from '../../kernel/request-log';
import type { LocalContext } from '../../kernel/service';
import { ThrottledError } from '../../lambda/function-errors';
import { accessLine } from './access-log';
import { customDomains } from './custom-domains';
import { message } from './answers';
import { type ApiRequest, apiRequest, type ApiStage, type DomainMapping, isHeadTooLarge } from './api-request';
import { Cors } from './cors';
import { HttpAuthorizers } from './http-authorizers';
import { NetworkError } from './http-integration';
import { HttpIntegrations } from './http-integrations';
import { BadRequestBody, IntegrationFailure, NotRunHere, PayloadTooLarge } from './integration-failure';
import { notRunAnswer } from './not-run-answer';
import { stringValues } from './rest-stages';
import { matchRoute, type Route, type RouteMatch } from './route-match';
import { stageThrottles } from './stage-throttles';

/** A route and its integration. */
export interface HttpRoute {
  /** `GET /orders/{id}`, or `$default`. */
  readonly key: string;
  readonly properties: JsonObject;
  readonly integration: JsonObject;
  /** The construct paths of the route and of its integration. */
  readonly names: readonly string[];
}

/** Logged once for an API that gets such a path. */
const UNPROVEN =
  "unproven: whether '/orders/' and '//orders' reach the route '/orders' of an HTTP API; here they do not. Call the path as the route has it";

/** One HTTP API on its own port. */
export class HttpApi {
  private readonly routes: readonly Route<HttpRoute>[];
  private readonly deployedStages: readonly Deployed[];
  private readonly stages: readonly ApiStage[];
  private readonly cors: Cors | undefined;
  private readonly authorizers: HttpAuthorizers;
  private readonly integrations: HttpIntegrations;
  private readonly throttled: (stage: string, routeKey: string) => boolean;
  private server: HttpServer | undefined;
  private saidUnproven = false;

  /** The API as it would be deployed. */
  constructor(
    private readonly context: LocalContext,
    readonly api: Deployed,
  ) {
    const own = (type: string) =>
      context.deployment.ofType(type).filter(({ properties }) => properties.ApiId === api.ref);
    const stages = own('AWS::ApiGatewayV2::Stage');
    this.deployedStages = stages;
    this.stages = stages.map(({ properties, name }) => ({
      name,
      ...(isRecord(properties.StageVariables) && { variables: stringValues(properties.StageVariables) }),
    }));
    this.routes = own('AWS::ApiGatewayV2::Route').map((route) => routeOf(route, own('AWS::ApiGatewayV2::Integration')));
    this.throttled = stageThrottles(stages);
    this.authorizers = new HttpAuthorizers(context, api, own('AWS::ApiGatewayV2::Authorizer'));
    this.integrations = new HttpIntegrations(context, api);
    this.cors = isRecord(api.properties.CorsConfiguration) ? new Cors(api.properties.CorsConfiguration) : undefined;
  }

  /** The URL for clients: with the stage, unless that is `$default`. */
  get url(): string {
    const stage = this.stages.find(({ name }) => name === '$default') ?? this.stages[0];
    const base = this.server?.url ?? '';
    return stage === undefined || stage.name === '$default' ? base : `${base}/${stage.name}`;
  }

  async start(port: number): Promise<void> {
    const domains = customDomains(this.context);
    domains.serve(this.api.ref, this);
    const answer = (http: HttpRequest) => domains.answer(http) ?? this.answer(http);
    this.server = await serveHttp(port, withRequestLog(this.context.logs, this.api.displayName, answer), domains.hosts);
    const host = `${this.api.ref}.execute-api.${this.api.region}.amazonaws.com`;
    this.context.rewrite(`https://${host}`, this.server.url);
  }

  /** Reports its unsupported parts, once every service is ready. */
  reportNotRun(): void {
    for (const reason of [...this.authorizers.notRun, ...customDomains(this.context).notKept(this.api.ref)])
      this.unsupported(reason);
    for (const { target } of this.routes) {
      const why = this.integrations.whyNotRun(target);
      if (why !== undefined) this.unsupported(`the integration of ${target.key}: ${why}; it answers 501`);
    }
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
    if (!mapping && this.api.properties.DisableExecuteApiEndpoint === true) return message(404, 'Not Found');
    if (isHeadTooLarge(http)) return message(431, 'Request Header Fields Too Large');
    const identity = { accountId: this.api.account, apiId: this.api.ref };
    const request = apiRequest(http, this.stages, identity, mapping);
    const match = request && matchRoute(this.routes, http.method, request.path);
    if (request && /^\/\/|.\/$/.test(request.path)) this.sayUnproven(request, match?.route);
    // A route for OPTIONS, ANY or $default precedes the API's own preflight answer, with its authorizer.
    const unmatched = () => (this.cors?.isPreflight(http) ? { status: 204 } : message(404, 'Not Found'));
    const response = match ? await this.route(request, match) : unmatched();
    const headers = { 'apigw-requestid': request?.requestId ?? '', ...response.headers };
    const answered = this.cors?.apply(http, { ...response, headers }) ?? { ...response, headers };
    if (request) this.log(request, match?.route, answered);
    return answered;
  }

  /** Evidence about such paths conflicts, so nothing is assumed. Greedy routes and `$default` take any path. */
  private sayUnproven(request: ApiRequest, route: Route<HttpRoute> | undefined): void {
    if (route?.path?.endsWith('+}') === true || this.saidUnproven) return;
    this.saidUnproven = true;
    this.unsupported(UNPROVEN);
    this.context.logs.write(
      this.api.displayName,
      `NOTE ${request.http.method} ${request.path}: ${UNPROVEN}`,
      request.requestId,
    );
  }

  private unsupported(reason: string): void {
    this.context.unsupported({ resource: this.api.displayName, type: this.api.type, reason });
  }

  private log(request: ApiRequest, route: Route<HttpRoute> | undefined, response: HttpResponse): void {
    const routeKey = route?.target.key;
    const resourcePath = route?.path;
    const entry = { request, response, ...(routeKey && { routeKey }), ...(resourcePath && { resourcePath }) };
    const line = accessLine(this.deployedStages, entry);
    if (line !== undefined) this.context.logs.write(this.api.displayName, line, request.requestId);
  }

  private async route(request: ApiRequest, match: RouteMatch<HttpRoute>): Promise<HttpResponse> {
    const { target } = match.route;
    if (!this.throttled(request.stage, target.key)) return message(429, 'Too Many Requests');
    try {
      const verdict = await this.authorizers.judge(request, match);
      if ('response' in verdict) return verdict.response;
      return await this.integrations.answer(request, match, verdict.authorizer);
    } catch (error) {
      return this.failed(request, target.key, error);
    }
  }

  private failed({ requestId }: ApiRequest, operation: string, error: unknown): HttpResponse {
    if (error instanceof ThrottledError) return message(503, 'Service Unavailable');
    if (error instanceof PayloadTooLarge) return message(413, 'Request Entity Too Large');
    if (error instanceof NotRunHere) {
      return notRunAnswer(this.context, this.api, { operation, reason: error.message, requestId });
    }
    const known = [IntegrationFailure, NetworkError, BadRequestBody].some((type) => error instanceof type);
    if (!known || !(error instanceof Error)) throw error;
    this.context.logs.write(this.api.displayName, `ERROR ${operation}: ${error.message}`, requestId);
    if (error instanceof NetworkError) return message(503, 'Service Unavailable');
    return error instanceof BadRequestBody ? message(400, 'Bad Request') : message(500, 'Internal Server Error');
  }
}

function routeOf(route: Deployed, integrations: readonly Deployed[]): Route<HttpRoute> {
  const key = text(route.properties.RouteKey) ?? '$default';
  const id = text(route.properties.Target)?.replace(/^integrations\//, '');
  const integration = integrations.find(({ ref }) => ref === id);
  const [method = '', path] = key.split(' ');
  const names = [route.displayName, ...(integration ? [integration.displayName] : [])];
  const target = { key, properties: route.properties, integration: integration?.properties ?? {}, names };
  return path === undefined ? { method: 'ANY', target } : { method, path, target };
}
