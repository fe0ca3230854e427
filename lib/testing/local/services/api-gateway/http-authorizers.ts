import { type HttpResponse, header } from '../../kernel/call';
import type { Deployed } from '../../kernel/deployment';
import { messageOf } from '../../kernel/errors';
import { type JsonObject, number, recordOf, text, texts } from '../../kernel/json';
import type { LocalContext } from '../../kernel/service';
import { message } from './answers';
import { type ApiRequest, forwardedHeaders, named } from './api-request';
import { bodyOf, eventV2 } from './event-v2';
import { eventV1 } from './event-v1';
import type { HttpRoute } from './http-api';
import { authorizeByIam } from './iam-authorizer';
import { claimTexts, verifyToken } from './jwt';
import { LambdaAuthorizer } from './lambda-authorizer';
import { isOpen, tokensNotAccepted } from './open-tokens';
import type { RouteMatch } from './route-match';

/** The content of `requestContext.authorizer` for an authorized request, or the refusal. */
export type HttpVerdict = { readonly authorizer?: JsonObject } | { readonly response: HttpResponse };

const UNAUTHORIZED = { response: message(401, 'Unauthorized') };
const FORBIDDEN = { response: message(403, 'Forbidden') };

/** The authorizers of an HTTP API. */
export class HttpAuthorizers {
  private readonly functions = new Map<string, LambdaAuthorizer>();

  /** The authorizers of an API. */
  constructor(
    private readonly context: LocalContext,
    private readonly api: Deployed,
    private readonly authorizers: readonly Deployed[],
  ) {}

  /** Authorizers that accept no token here, since their issuer or audience is not known. */
  get notRun(): readonly string[] {
    return this.authorizers
      .filter(({ given }) => ['Issuer', 'Audience'].some((name) => isOpen(recordOf(given.JwtConfiguration)[name])))
      .map(({ logicalId }) => tokensNotAccepted(logicalId, 'issuer and audience'));
  }

  /**
   * Judges a request by the authorizer of its route.
   * @throws IntegrationFailure when the API has no permission to invoke the authorizer
   */
  async judge(request: ApiRequest, match: RouteMatch<HttpRoute>): Promise<HttpVerdict> {
    const { AuthorizationType, AuthorizerId } = match.route.target.properties;
    const type = text(AuthorizationType) ?? 'NONE';
    if (type === 'NONE') return {};
    if (type === 'AWS_IAM') return this.byIam(request);
    const authorizer = this.authorizers.find(({ ref }) => ref === AuthorizerId);
    if (!authorizer) return { response: message(500, 'Internal Server Error') };
    return type === 'JWT' ? this.byToken(authorizer, request, match) : this.byFunction(authorizer, request, match);
  }

  private byIam(request: ApiRequest): HttpVerdict {
    const verdict = authorizeByIam(this.context, request, this.methodArn(request));
    if ('refused' in verdict) return FORBIDDEN;
    const { accessKeyId, arn } = verdict.caller;
    const userId = `${accessKeyId}:${arn.split('/').at(-1)}`;
    const identity = { accessKey: accessKeyId, accountId: this.api.account, callerId: userId };
    return { authorizer: { iam: { ...identity, cognitoIdentity: null, principalOrgId: null, userArn: arn, userId } } };
  }

  private async byToken(
    { properties, displayName }: Deployed,
    request: ApiRequest,
    { route }: RouteMatch<HttpRoute>,
  ): Promise<HttpVerdict> {
    const [source = '$request.header.Authorization'] = texts(properties.IdentitySource);
    const token = identityOf(source, request)?.replace(/^Bearer\s+/i, '');
    if (token === undefined) return { response: message(401, 'Unauthorized', { 'www-authenticate': 'Bearer' }) };
    const { Issuer, Audience } = recordOf(properties.JwtConfiguration);
    const scopes = texts(route.target.properties.AuthorizationScopes);
    const rules = { issuer: text(Issuer) ?? '', audience: texts(Audience), scopes };
    const verdict = await verifyToken(token, rules, (issuer) => this.context.keysOf(issuer)).catch((error: unknown) => {
      this.context.logs.write(
        displayName,
        `ERROR the keys of '${rules.issuer}' cannot be fetched: ${messageOf(error)}`,
      );
      return { refused: 'invalid_token', description: 'unable to decode the key set' } as const;
    });
    if ('claims' in verdict) {
      return { authorizer: { jwt: { claims: claimTexts(verdict.claims), scopes: verdict.scopes } } };
    }
    const { refused, description } = verdict;
    const challenge = `Bearer scope="${scopes.join(' ')}" error="${refused}" error_description="${description}"`;
    const [status, said] =
      refused === 'insufficient_scope' ? ([403, 'Forbidden'] as const) : ([401, 'Unauthorized'] as const);
    return { response: message(status, said, { 'www-authenticate': challenge }) };
  }

  private async byFunction(
    authorizer: Deployed,
    request: ApiRequest,
    match: RouteMatch<HttpRoute>,
  ): Promise<HttpVerdict> {
    const { properties } = authorizer;
    const identity = texts(properties.IdentitySource).map((source) => identityOf(source, request, match));
    if (identity.includes(undefined)) return UNAUTHORIZED;
    const known = identity.filter((value) => value !== undefined);
    const credentials = text(properties.AuthorizerCredentialsArn);
    const verdict = await this.functionOf(authorizer).authorize({
      lambda: {
        uri: text(properties.AuthorizerUri) ?? '',
        source: this.api.arnHere('execute-api', `${this.api.ref}/authorizers/${authorizer.ref}`),
        credentials,
      },
      event: this.eventOf(properties, request, match, known),
      methodArn: this.methodArn(request),
      identity: known,
    });
    if (!('refused' in verdict)) return { authorizer: { lambda: verdict.context } };
    if (verdict.refused === 'unauthorized') return UNAUTHORIZED;
    if (verdict.refused === 'denied') return FORBIDDEN;
    this.context.logs.write(authorizer.displayName, `ERROR ${verdict.reason}`, request.requestId);
    return { response: message(500, 'Internal Server Error') };
  }

  private functionOf({ ref, properties }: Deployed): LambdaAuthorizer {
    const simple = properties.EnableSimpleResponses === true;
    const ttl = number(properties.AuthorizerResultTtlInSeconds) ?? 0;
    const known = this.functions.get(ref) ?? new LambdaAuthorizer(this.context, simple, ttl);
    this.functions.set(ref, known);
    return known;
  }

  private eventOf(
    properties: JsonObject,
    request: ApiRequest,
    { route, parameters }: RouteMatch<HttpRoute>,
    identitySource: readonly string[],
  ): JsonObject {
    const { key } = route.target;
    const arn = this.methodArn(request);
    if (text(properties.AuthorizerPayloadFormatVersion) === '2.0') {
      const { body: _body, isBase64Encoded: _base64, ...event } = eventV2(request, { routeKey: key, parameters });
      return { type: 'REQUEST', routeArn: arn, identitySource, ...event };
    }
    const joined = identitySource.join(',');
    const resource = route.path ?? '$default';
    const event = eventV1(request, {
      version: '1.0',
      resource,
      resourceId: key,
      path: request.path,
      headers: forwardedHeaders(request),
      parameters,
      body: bodyOf(request),
    });
    return { type: 'REQUEST', methodArn: arn, identitySource: joined, authorizationToken: joined, ...event };
  }

  private methodArn({ stage, http, path }: ApiRequest): string {
    return this.api.arnHere('execute-api', `${this.api.ref}/${stage}/${http.method}${path}`);
  }
}

/** The value of an identity source; undefined if the request lacks it. */
export function identityOf(source: string, request: ApiRequest, match?: RouteMatch<HttpRoute>): string | undefined {
  const [, kind, name = ''] =
    /^\$?(request\.header|request\.querystring|context|stageVariables)\.(.+)$/.exec(source) ?? [];
  switch (kind) {
    case 'request.header':
      return header(request.http, name.toLowerCase());
    case 'request.querystring':
      return new URLSearchParams(request.http.query).get(name) ?? undefined;
    case 'stageVariables':
      return named(request.stageVariables, name);
    case 'context':
      return httpContextValue(name, request, match?.route.target.key);
    default:
      return undefined;
  }
}

function httpContextValue(name: string, request: ApiRequest, routeKey: string | undefined): string | undefined {
  return text(named<unknown>({ routeKey, httpMethod: request.http.method, path: request.path }, name));
}
