import { header } from '../../kernel/call';
import type { Deployed } from '../../kernel/deployment';
import { type JsonObject, number, text, texts } from '../../kernel/json';
import type { LocalContext } from '../../kernel/service';
import { type ApiRequest, forwardedRestHeaders, named } from './api-request';
import { eventV1 } from './event-v1';
import { GATEWAY_ERRORS, type GatewayError } from './gateway-responses';
import { authorizeByIam, signerIdentity } from './iam-authorizer';
import { contextValue } from './parameter-mapping';
import { requestContext } from './request-context';
import { type AuthorizerVerdict, LambdaAuthorizer } from './lambda-authorizer';
import { IntegrationFailure } from './integration-failure';
import { isOpen, tokensNotAccepted } from './open-tokens';
import { matchesWhole } from './java-pattern';
import { ApiPolicy, type PolicyVerdict } from './resource-policy';
import type { RestCall } from './rest-call';
import { byUserPool } from './user-pool-authorizer';

/** The caller's data for the event if the request is authorized, or the error. */
export type RestVerdict =
  | { readonly authorizer?: JsonObject; readonly identity?: JsonObject }
  | { readonly error: GatewayError };

/** Default seconds for which a REST API caches an authorizer's answer. */
const DEFAULT_TTL = 300;

/** The authorizers of a REST API. */
export class RestAuthorizers {
  private readonly functions = new Map<string, LambdaAuthorizer>();
  private readonly policy: ApiPolicy | undefined;

  /** The authorizers of an API. */
  constructor(
    private readonly context: LocalContext,
    private readonly api: Deployed,
    private readonly authorizers: readonly Deployed[],
  ) {
    this.policy = ApiPolicy.of(api);
  }

  /** The assumed network of the API's callers, in words; undefined if its policy requires none. */
  get network(): string | undefined {
    const asked = [...(this.policy?.network ?? [])].map(([key, value]) => `${key} ${value}`);
    return asked.length > 0 ? asked.join(', ') : undefined;
  }

  /** Authorizers that accept no token here, since their user pools are not known. */
  get notRun(): readonly string[] {
    return this.authorizers
      .filter(({ given }) => isOpen(given.ProviderARNs))
      .map(({ logicalId }) => tokensNotAccepted(logicalId, 'user pools'));
  }

  /** Judges a request by the policy of the API and the authorizer of its method. */
  async judge(call: RestCall): Promise<RestVerdict> {
    const type = text(call.method.AuthorizationType) ?? 'NONE';
    if (type === 'AWS_IAM') return this.byIam(call);
    const said = this.policy?.judge(this.methodArn(call.request), call.request.http.sourceIp);
    // A Lambda authorizer decides for the API, unless its policy denies; a user pool only identifies the caller.
    const suffices = type === 'CUSTOM' ? said !== 'denied explicitly' : said === undefined || said === 'allowed';
    if (!suffices) return { error: this.refusedBy(said, call) };
    return type === 'NONE' ? {} : this.byAuthorizer(type, call);
  }

  private async byAuthorizer(type: string, call: RestCall): Promise<RestVerdict> {
    const authorizer = this.authorizers.find(({ ref }) => ref === call.method.AuthorizerId);
    if (!authorizer) return { error: GATEWAY_ERRORS.authorizerMisconfigured };
    if (type === 'COGNITO_USER_POOLS') {
      return byUserPool({ keysOf: (issuer) => this.context.keysOf(issuer) }, authorizer, {
        given: identityOf(text(authorizer.properties.IdentitySource) ?? '', call),
        scopes: texts(call.method.AuthorizationScopes),
        log: (line) => this.log(line, call),
      });
    }
    try {
      return await this.byFunction(authorizer, call);
    } catch (error) {
      if (!(error instanceof IntegrationFailure)) throw error;
      this.log(`ERROR authorizer '${authorizer.displayName}': ${error.message}`, call);
      return { error: GATEWAY_ERRORS.authorizerMisconfigured };
    }
  }

  /** API Gateway's wording, with all but the end of the account masked. */
  private refusedBy(said: PolicyVerdict | undefined, { request }: RestCall): GatewayError {
    const arn = this.methodArn(request).replace(/:\d{8}(\d{4}):/, ':********$1:');
    const how = said === 'denied explicitly' ? ' with an explicit deny' : '';
    const message = `User: anonymous is not authorized to perform: execute-api:Invoke on resource: ${arn}${how}`;
    return { ...GATEWAY_ERRORS.denied, message };
  }

  private byIam(call: RestCall): RestVerdict {
    const { request } = call;
    const arn = this.methodArn(request);
    const verdict = authorizeByIam(this.context, request, arn, (caller) =>
      this.policy?.judge(arn, request.http.sourceIp, caller),
    );
    if ('caller' in verdict) return { identity: signerIdentity(verdict.caller, this.api.account) };
    if ('message' in verdict) return { error: { ...GATEWAY_ERRORS.denied, message: verdict.message } };
    return { error: verdict.refused === 'unsigned' ? GATEWAY_ERRORS.noSuchMethod : GATEWAY_ERRORS.invalidSignature };
  }

  private async byFunction(authorizer: Deployed, call: RestCall): Promise<RestVerdict> {
    const { properties } = authorizer;
    const sources = texts(properties.IdentitySource).flatMap((source) => source.split(/\s*,\s*/));
    const values = sources.map((source) => identityOf(source, call));
    const identity = values.filter((value): value is string => value !== undefined && value !== '');
    const expression = text(properties.IdentityValidationExpression);
    const valid = expression === undefined || matchesWhole(expression, identity[0] ?? '');
    if (identity.length < values.length || !valid) return { error: GATEWAY_ERRORS.unauthorized };
    const credentials = text(properties.AuthorizerCredentials);
    const verdict = await this.functionOf(authorizer).authorize({
      lambda: {
        uri: text(properties.AuthorizerUri) ?? '',
        source: this.api.arnHere('execute-api', `${this.api.ref}/authorizers/${authorizer.ref}`),
        credentials,
      },
      event: this.eventOf(properties.Type === 'TOKEN', identity[0], call),
      methodArn: this.methodArn(call.request),
      identity,
    });
    return this.verdictOf(verdict, call);
  }

  private verdictOf(verdict: AuthorizerVerdict, call: RestCall): RestVerdict {
    if (!('refused' in verdict)) {
      const context = Object.entries(verdict.context).map(([name, value]) => [name, String(value)] as const);
      return {
        authorizer: { ...Object.fromEntries(context), principalId: verdict.principalId, integrationLatency: 0 },
      };
    }
    if (verdict.refused === 'unauthorized') return { error: GATEWAY_ERRORS.unauthorized };
    if (verdict.refused === 'denied') {
      const message = `${GATEWAY_ERRORS.denied.message}${verdict.explicitly ? ' with an explicit deny' : ''}`;
      return { error: { ...GATEWAY_ERRORS.denied, message } };
    }
    this.log(`ERROR authorizer: ${verdict.reason}`, call);
    return { error: GATEWAY_ERRORS.authorizerFailed };
  }

  private functionOf({ ref, properties }: Deployed): LambdaAuthorizer {
    const ttl = number(properties.AuthorizerResultTtlInSeconds) ?? DEFAULT_TTL;
    const known = this.functions.get(ref) ?? new LambdaAuthorizer(this.context, false, ttl);
    this.functions.set(ref, known);
    return known;
  }

  private eventOf(
    isToken: boolean,
    token: string | undefined,
    { request, resource, parameters }: RestCall,
  ): JsonObject {
    const methodArn = this.methodArn(request);
    if (isToken) return { type: 'TOKEN', methodArn, authorizationToken: token };
    const {
      body: _body,
      isBase64Encoded: _encoded,
      ...event
    } = eventV1(request, {
      resource: resource.path,
      resourceId: resource.id,
      path: request.path,
      headers: forwardedRestHeaders(request),
      parameters,
      body: { isBase64Encoded: false },
    });
    return { type: 'REQUEST', methodArn, ...event };
  }

  private methodArn({ stage, http, path }: ApiRequest): string {
    return this.api.arnHere('execute-api', `${this.api.ref}/${stage}/${http.method}${path}`);
  }

  private log(line: string, { request }: RestCall): void {
    this.context.logs.write(this.api.displayName, line, request.requestId);
  }
}

/** The value of an identity source: `method.request.header.Authorization`; undefined if the request lacks it. */
function identityOf(source: string, { request }: RestCall): string | undefined {
  const [, kind, name = ''] =
    /^(method\.request\.header|method\.request\.querystring|stageVariables|context)\.(.+)$/.exec(source) ?? [];
  switch (kind) {
    case 'method.request.header':
      return header(request.http, name.toLowerCase());
    case 'method.request.querystring':
      return new URLSearchParams(request.http.query).get(name) ?? undefined;
    case 'stageVariables':
      return named(request.stageVariables, name);
    case 'context':
      return contextValue(requestContext(request, { resource: '', resourceId: '' }), name);
    default:
      return undefined;
  }
}
