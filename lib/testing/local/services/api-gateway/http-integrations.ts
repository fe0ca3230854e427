import { apiGateway } from '../../../../core/facts';
import type { HttpResponse } from '../../kernel/call';
import type { Deployed } from '../../kernel/deployment';
import { type JsonObject, number, recordOf, text } from '../../kernel/json';
import type { LocalContext } from '../../kernel/service';
import { answerV1, answerV2, message } from './answers';
import { type ApiRequest, encodedQuery, forwardedHeaders, joined, named } from './api-request';
import { bodyOf, eventV2, rawPath } from './event-v2';
import { eventV1 } from './event-v1';
import type { HttpRoute } from './http-api';
import { backendOf, whyBackendNotRun } from '../../kernel/backends';
import { callBackend } from './http-integration';
import { httpContext, type HttpMappingSource, mapRequest, mapResponse } from './http-mapping';
import { callSubtype, whySubtypeNotRun } from './http-service-integration';
import { IntegrationFailure, NotRunHere } from './integration-failure';
import { withStageVariables } from './integration-request';
import { invokeForApi } from './lambda-target';
import type { Route, RouteMatch } from './route-match';
import { withinLimit } from './within-limit';

/** The integrations of one HTTP API. */
export class HttpIntegrations {
  /** @param context of the run; @param api the API */
  constructor(
    private readonly context: LocalContext,
    private readonly api: Deployed,
  ) {}

  /** Why the integration of a route is not run; undefined if it is. */
  whyNotRun({ integration, names }: HttpRoute): string | undefined {
    const { IntegrationType, IntegrationSubtype, IntegrationUri } = integration;
    if (IntegrationType === 'AWS_PROXY') {
      const subtype = text(IntegrationSubtype);
      return subtype === undefined ? undefined : whySubtypeNotRun(this.context, subtype);
    }
    if (IntegrationType !== 'HTTP_PROXY') return `the integration type '${text(IntegrationType) ?? 'none'}' is not run`;
    const address = text(IntegrationUri)?.replaceAll(/\$?\{[^}]*\}/g, 'x');
    return whyBackendNotRun(this.context, address, [...names, ...this.nameOf(address)]);
  }

  /**
   * Answers a request by the integration of its route.
   * @throws IntegrationFailure, BadRequestBody, PayloadTooLarge, NetworkError for what fails on AWS too
   * @throws NotRunHere for what only fails here
   */
  async answer(
    request: ApiRequest,
    match: RouteMatch<HttpRoute>,
    authorizer: JsonObject | undefined,
  ): Promise<HttpResponse> {
    const { integration, key } = match.route.target;
    const limit = number(integration.TimeoutInMillis) ?? apiGateway.httpIntegrationTimeout.value * 1000;
    const context = () => httpContext(request, key, authorizer);
    const source = { request, parameters: match.parameters, context };
    const answer = await withinLimit(this.integrate(match, source, authorizer), limit);
    if (answer === undefined) return message(503, 'Service Unavailable');
    const mapping = integration.ResponseParameters;
    return mapping === undefined ? answer : mapResponse(mapping, { ...source, response: answer });
  }

  private integrate(
    match: RouteMatch<HttpRoute>,
    source: HttpMappingSource,
    authorizer: JsonObject | undefined,
  ): Promise<HttpResponse> {
    const { integration } = match.route.target;
    if (integration.IntegrationType === 'HTTP_PROXY') return this.proxy(match, source);
    if (integration.IntegrationType !== 'AWS_PROXY') {
      throw new NotRunHere(`the integration type '${text(integration.IntegrationType) ?? 'none'}' is not run`);
    }
    if (integration.IntegrationSubtype !== undefined) return callSubtype(this.context, integration, source);
    return this.callFunction(match, source, authorizer);
  }

  private async callFunction(
    { route, parameters }: RouteMatch<HttpRoute>,
    source: HttpMappingSource,
    authorizer: JsonObject | undefined,
  ): Promise<HttpResponse> {
    const { key, integration } = route.target;
    const mapping = integration.RequestParameters;
    const request = mapping === undefined ? source.request : mappedRequest(source, mapping);
    const credentials = text(integration.CredentialsArn);
    const lambda = {
      uri: withStageVariables(text(integration.IntegrationUri) ?? '', { request }),
      source: this.sourceArn(request, route),
      credentials,
      traceId: request.traceId,
    };
    const isV2 = text(integration.PayloadFormatVersion) === '2.0';
    const event = isV2
      ? eventV2(request, { routeKey: key, parameters, ...(authorizer && { authorizer }) })
      : this.eventV1(request, { route, parameters }, authorizer);
    const outcome = await invokeForApi(this.context, lambda, event);
    if (outcome.error) return message(500, 'Internal Server Error');
    const answer = isV2 ? answerV2(outcome.payload) : answerV1(outcome.payload);
    if (!('invalid' in answer)) return answer;
    throw new IntegrationFailure(`the function's result is not a response: ${answer.invalid}`);
  }

  private eventV1(
    request: ApiRequest,
    { route, parameters }: RouteMatch<HttpRoute>,
    authorizer: JsonObject | undefined,
  ): JsonObject {
    return eventV1(request, {
      version: '1.0',
      resource: route.path ?? '$default',
      resourceId: route.target.key,
      path: rawPath(request),
      headers: forwardedHeaders(request),
      parameters,
      body: bodyOf(request),
      // Format 1.0 has a token's claims or a function's context directly below `authorizer`.
      ...(authorizer && { authorizer: recordOf(authorizer.jwt ?? authorizer.lambda ?? authorizer) }),
    });
  }

  /** A private integration forwards the whole path with the stage; a public one only the parameters in its URL. */
  private async proxy({ route, parameters }: RouteMatch<HttpRoute>, source: HttpMappingSource): Promise<HttpResponse> {
    const { integration, names } = route.target;
    const { request } = source;
    const uri = withStageVariables(text(integration.IntegrationUri) ?? '', { request });
    const filled = uri.replace(/\{([^{}]+)\}/g, (whole, name: string) => named(parameters, name) ?? whole);
    const isPrivate = integration.ConnectionType === 'VPC_LINK';
    const own = forwardedHeaders(request).filter(([name]) => name !== 'host' && name !== 'content-length');
    const made = mapRequest(integration.RequestParameters, source, own);
    const method = text(integration.IntegrationMethod) ?? 'ANY';
    const known = [...names, ...this.nameOf(filled)];
    const address = backendOf(this.context, filled, known);
    if (!address) throw new NotRunHere(whyBackendNotRun(this.context, filled, known) ?? filled);
    if (made.path !== undefined) address.pathname = made.path;
    else if (isPrivate) address.pathname = request.fullPath;
    const outgoing = {
      method: method === 'ANY' ? request.http.method : method,
      uri: address.href,
      headers: joined(made.headers),
      query: made.query,
      body: request.http.body,
    };
    return callBackend(this.context, outgoing, []);
  }

  /** The construct path of a listener or Cloud Map service named by ARN. */
  private nameOf(address: string | undefined): readonly string[] {
    const { deployment } = this.context;
    const types = ['AWS::ElasticLoadBalancingV2::Listener', 'AWS::ServiceDiscovery::Service'];
    const found = deployment.ofType(...types).find(({ ref, arn }) => address === ref || address === arn);
    return found ? [found.displayName] : [];
  }

  private sourceArn({ stage, http }: ApiRequest, { path }: Route<HttpRoute>): string {
    const route = path === undefined ? '$default' : `${http.method}${path}`;
    return this.api.arnHere('execute-api', `${this.api.ref}/${stage}/${route}`);
  }
}

function mappedRequest(source: HttpMappingSource, mapping: unknown): ApiRequest {
  const { request } = source;
  const made = mapRequest(mapping, source, request.http.headers);
  const mapsQuery = Object.keys(recordOf(mapping)).some((target) => target.includes(':querystring.'));
  const query = mapsQuery ? encodedQuery(made.query) : request.http.query;
  const http = { ...request.http, headers: made.headers, query };
  return { ...request, http, ...(made.path !== undefined && { path: made.path, fullPath: made.path }) };
}
