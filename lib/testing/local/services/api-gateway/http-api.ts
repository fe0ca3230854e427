import { apiGateway } from '../../../../core/facts';
import type { HttpResponse, HttpRequest } from '../../kernel/call';
import type { Deployed } from '../../kernel/deployment';
import { ThrottledError } from '../../lambda/function-errors';
import { type HttpServer, serveHttp } from '../../kernel/http-server';
import { isRecord, type JsonRecord, number, record, text, texts } from '../../kernel/json';
import type { LocalContext } from '../../kernel/service';
import { accessLine } from './access-log';
import { answerV1, answerV2, message } from './answers';
import { type ApiRequest, apiRequest, type ApiStage } from './api-request';
import { Cors } from './cors';
import { bodyOf, eventV2 } from './event-v2';
import { eventV1 } from './event-v1';
import { HttpAuthorizers } from './http-authorizers';
import { IntegrationFailure, invokeForApi, PayloadTooLarge } from './lambda-target';
import { matchRoute, type Route, type RouteMatch } from './route-match';
import { stageThrottles } from './stage-throttles';

/** A route and the integration that it leads to. */
export interface HttpRoute {
  /** `GET /orders/{id}`, or `$default`. */
  readonly key: string;
  /** Properties of the route. */
  readonly properties: JsonRecord;
  /** Properties of its integration. */
  readonly integration: JsonRecord;
}

const INTERNAL_ERROR = () => message(500, 'Internal Server Error');

/** One HTTP API on a port of its own. */
export class HttpApi {
  private readonly routes: readonly Route<HttpRoute>[];
  private readonly deployedStages: readonly Deployed[];
  private readonly stages: readonly ApiStage[];
  private readonly cors: Cors | undefined;
  private readonly authorizers: HttpAuthorizers;
  private readonly throttled: (stage: string, routeKey: string) => boolean;
  private server: HttpServer | undefined;

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
    this.cors = isRecord(api.properties.CorsConfiguration) ? new Cors(api.properties.CorsConfiguration) : undefined;
  }

  /** Where clients call it: with the stage, unless that is `$default`. */
  get url(): string {
    const stage = this.stages.find(({ name }) => name === '$default') ?? this.stages[0];
    const base = this.server?.url ?? '';
    return stage === undefined || stage.name === '$default' ? base : `${base}/${stage.name}`;
  }

  /** Opens the port. */
  async start(port: number): Promise<void> {
    this.server = await serveHttp(port, (request) => this.answer(request));
    const host = (this.api.attribute('ApiEndpoint') ?? '').replace(/^https:\/\//, '');
    this.context.rewrite(`https://${host}`, this.server.url);
    for (const { key, integration } of this.routes.map(({ target }) => target)) {
      if (!isLambda(integration)) {
        const reason = `route '${key}' leads to ${describe(integration)}, which is not run: it answers 500`;
        this.context.unsupported({ resource: this.api.displayName, type: this.api.type, reason });
      }
    }
  }

  /** Closes it. */
  async stop(): Promise<void> {
    await this.server?.stop();
  }

  private async answer(http: HttpRequest): Promise<HttpResponse> {
    const identity = { accountId: this.api.account, apiId: this.api.ref };
    const request = apiRequest(http, this.stages, identity);
    const match = request && matchRoute(this.routes, http.method, request.path);
    // A route that takes OPTIONS goes before the API's own answer, as ANY and $default do, with their authorizers.
    const unmatched = () => (this.cors?.isPreflight(http) ? { status: 204 } : message(404, 'Not Found'));
    const response = match ? await this.route(request, match) : unmatched();
    const headers = { 'apigw-requestid': request?.requestId ?? '', ...response.headers };
    const answered = this.cors?.apply(http, { ...response, headers }) ?? { ...response, headers };
    if (request) this.log(request, match?.route, answered);
    return answered;
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
      return await this.integrate(request, match, verdict.authorizer);
    } catch (error) {
      if (error instanceof ThrottledError) return message(503, 'Service Unavailable');
      if (error instanceof PayloadTooLarge) return message(413, 'Request Entity Too Large');
      if (!(error instanceof IntegrationFailure)) throw error;
      this.context.logs.write(this.api.displayName, `ERROR ${target.key}: ${error.message}`, request.requestId);
      return INTERNAL_ERROR();
    }
  }

  private async integrate(
    request: ApiRequest,
    { route, parameters }: RouteMatch<HttpRoute>,
    authorizer: JsonRecord | undefined,
  ): Promise<HttpResponse> {
    const { key, integration } = route.target;
    if (!isLambda(integration)) throw new IntegrationFailure(`${describe(integration)} is not run here`);
    const credentials = text(integration.CredentialsArn);
    const lambda = {
      uri: text(integration.IntegrationUri) ?? '',
      source: this.sourceArn(request, route),
      ...(credentials !== undefined && { credentials }),
    };
    const isV2 = text(integration.PayloadFormatVersion) === '2.0';
    const event = isV2
      ? eventV2(request, { routeKey: key, parameters, ...(authorizer && { authorizer }) })
      : this.eventV1(request, { route, parameters }, authorizer);
    const limit = number(integration.TimeoutInMillis) ?? apiGateway.httpIntegrationTimeout.value * 1000;
    const outcome = await withinLimit(invokeForApi(this.context, lambda, event), limit);
    if (outcome === undefined) return message(503, 'Service Unavailable');
    if (outcome.error) return INTERNAL_ERROR();
    const answer = isV2 ? answerV2(outcome.payload) : answerV1(outcome.payload, 'text/plain; charset=utf-8');
    if (answer) return answer;
    throw new IntegrationFailure("the function's answer is no response: see the format of its payload version");
  }

  private eventV1(
    request: ApiRequest,
    { route, parameters }: RouteMatch<HttpRoute>,
    authorizer: JsonRecord | undefined,
  ): JsonRecord {
    const { stage, path } = request;
    return eventV1(request, {
      version: '1.0',
      resource: route.path ?? '$default',
      resourceId: route.target.key,
      path: stage === '$default' ? path : `/${stage}${path}`,
      parameters,
      body: bodyOf(request),
      // Format 1.0 has the claims of a token and the context of a function directly below `authorizer`.
      ...(authorizer && { authorizer: record(authorizer.jwt ?? authorizer.lambda ?? authorizer) }),
    });
  }

  private sourceArn({ stage, http }: ApiRequest, { path }: Route<HttpRoute>): string {
    const route = path === undefined ? '$default' : `${http.method}${path}`;
    return this.api.arnHere('execute-api', `${this.api.ref}/${stage}/${route}`);
  }
}

function routeOf(route: Deployed, integrations: readonly Deployed[]): Route<HttpRoute> {
  const key = text(route.properties.RouteKey) ?? '$default';
  const id = text(route.properties.Target)?.replace(/^integrations\//, '');
  const integration = integrations.find(({ ref }) => ref === id)?.properties ?? {};
  const [method = '', path] = key.split(' ');
  const target = { key, properties: route.properties, integration };
  return path === undefined ? { method: 'ANY', target } : { method, path, target };
}

function isLambda({ IntegrationType, IntegrationUri, IntegrationSubtype }: JsonRecord): boolean {
  return IntegrationType === 'AWS_PROXY' && IntegrationSubtype === undefined && texts(IntegrationUri).length === 1;
}

function describe({ IntegrationType, IntegrationSubtype, IntegrationUri }: JsonRecord): string {
  return (
    text(IntegrationSubtype) ?? [text(IntegrationType), text(IntegrationUri)].filter(Boolean).join(' ') ?? 'nothing'
  );
}

function stringValues(values: JsonRecord): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, text(value) ?? '']));
}

/** What a promise gives, or undefined after the time. */
export async function withinLimit<T>(promise: Promise<T>, milliseconds: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  try {
    return await Promise.race([promise, expiry]);
  } finally {
    clearTimeout(timer);
  }
}
