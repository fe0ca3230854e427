import { EndpointType, type RestApiProps } from 'aws-cdk-lib/aws-apigateway';
import type { IVpcEndpoint } from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Check } from '../../core/check/check';
import { either, having, known, list, needed, object, oneOf } from '../../core/check/kinds';
import type { ApiAuthorizer } from './authorizer';
import { parseRoute, type RouteKey } from './route-key';

/** A private API, reached only through these endpoints. */
export interface PrivateEndpoint {
  /** `execute-api` endpoints in the VPCs that the API is called from. */
  readonly vpcEndpoints: readonly IVpcEndpoint[];
}

/**
 * Endpoint type of a REST API: `'regional'`, `'edge'` (through CloudFront, near callers), or private, reached only through VPC
 * endpoints.
 */
export type ApiEndpoint = 'regional' | 'edge' | PrivateEndpoint;

const PRIVATE = 'write { vpcEndpoints: [endpoint] }, with execute-api endpoints in the VPCs it is called from';

const PRIVATE_ENDPOINT = object<PrivateEndpoint>(
  {
    vpcEndpoints: needed(
      known(
        list(
          having(
            'a VPC endpoint',
            'vpcEndpointId',
            "pass the endpoint: vpc.addInterfaceEndpoint('Api', { service: InterfaceVpcEndpointAwsService.APIGATEWAY })",
          ),
          '[endpoint]',
        ),
      ),
      PRIVATE,
    ),
  },
  '{ vpcEndpoints: [endpoint] }',
);

/** An API's endpoint. */
export const ENDPOINT = known(
  either(
    "must be 'regional', 'edge' or { vpcEndpoints }",
    (value) => (value === 'private' || value === 'PRIVATE' ? PRIVATE : "choose one of them; 'regional' is the default"),
    oneOf('regional', 'edge'),
    PRIVATE_ENDPOINT,
  ),
);

/** A policy document. */
export const POLICY = having('a policy', 'statementCount', 'pass a new PolicyDocument({ statements: [...] })');

/** Who may call each route, by key. */
export type Authorizers = ReadonlyMap<string, ApiAuthorizer>;

/** Checks of an API's endpoint and resource policy. */
export function endpointChecks(
  endpoint: ApiEndpoint,
  policy: PolicyDocument | undefined,
  domain: object | undefined,
  authorizers: Authorizers,
): Check[] {
  const asking = [...authorizers.values()].filter((authorizer) => authorizer !== 'iam');
  const allows = policy === undefined || statementsOf(policy).some(({ Effect: effect }) => effect !== 'Deny');
  return [
    {
      prop: 'policy',
      value: policy && statementsOf(policy).length,
      valid: () => allows || asking.length === 0,
      rule: "must allow 'execute-api:Invoke' to someone: a policy denies whatever it does not allow",
      remedy: 'add an Allow statement, or remove it',
    },
    {
      prop: 'domain',
      value: domain && 'a domain',
      valid: () => endpoint !== 'edge' || domain === undefined,
      rule: "must not be given with endpoint 'edge': the domains created here are regional",
      remedy: "leave 'endpoint' out, and put CloudFront in front of the domain if callers are far away",
    },
    ...(typeof endpoint === 'string' ? [] : privateChecks(endpoint, policy, domain, authorizers)),
  ];
}

function privateChecks(
  { vpcEndpoints }: PrivateEndpoint,
  policy: PolicyDocument | undefined,
  domain: object | undefined,
  authorizers: Authorizers,
): Check[] {
  return [
    {
      prop: 'endpoint.vpcEndpoints',
      value: vpcEndpoints.length,
      valid: () => vpcEndpoints.length > 0,
      rule: 'must have at least one endpoint: without one a private API cannot be reached',
      remedy: PRIVATE,
    },
    {
      prop: 'domain',
      value: domain && 'a domain',
      valid: () => domain === undefined,
      rule: 'must not be given for a private API, which public domains do not reach',
      remedy: "remove it: in the networks of its endpoints, use 'url'",
    },
    ...(policy ? [] : overlaps(authorizers)),
  ];
}

/** What the policy allows for one route must not open another with IAM authorization, where an allow in the policy is enough. */
function overlaps(authorizers: Authorizers): Check[] {
  const routes = [...authorizers].map(([key, authorizer]) => ({ key: parseRoute(key), isIam: authorizer === 'iam' }));
  if (routes.every(({ isIam }) => !isIam)) return [];
  return routes
    .filter(({ isIam }) => isIam)
    .flatMap(({ key: closed }) =>
      routes
        .filter(({ key, isIam }) => !isIam && covers(resourceOf(key), resourceOf(closed)))
        .map(({ key }) => ({
          prop: `routes.${closed.key}.authorizer`,
          value: 'iam',
          valid: () => false,
          rule: `must not be 'iam' next to '${key.key}' in a private API: what the policy allows there covers this route too, and for IAM either allow is enough`,
          remedy: "give it another path or an API of its own, or write the 'policy' yourself",
        })),
    );
}

function covers(pattern: string, resource: string): boolean {
  const expression = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${expression}$`).test(resource);
}

function resourceOf({ method, path = '/' }: RouteKey): string {
  return `execute-api:/*/${method === 'ANY' ? '*' : method}${path.replace(/\{[^}]+\}/g, '*')}`;
}

/** REST API props of an endpoint. */
export function endpointProps(
  endpoint: ApiEndpoint | undefined,
  policy: PolicyDocument | undefined,
  authorizers: Authorizers,
): Partial<RestApiProps> {
  if (endpoint === undefined || typeof endpoint === 'string') {
    return { ...(endpoint === 'edge' && { endpointTypes: [EndpointType.EDGE] }), ...(policy && { policy }) };
  }
  const vpcEndpoints = [...endpoint.vpcEndpoints];
  return {
    endpointTypes: undefined,
    endpointConfiguration: { types: [EndpointType.PRIVATE], vpcEndpoints },
    policy: onlyThrough(vpcEndpoints, policy, authorizers),
  };
}

/**
 * A private API without a policy denies everyone. This one denies requests through other endpoints, and allows the rest;
 * except routes with IAM authorization, where within an account an allow in the policy would replace the caller's own permission.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 */
function onlyThrough(
  vpcEndpoints: readonly IVpcEndpoint[],
  policy: PolicyDocument | undefined,
  authorizers: Authorizers,
): PolicyDocument {
  const document = policy ? PolicyDocument.fromJson(policy.toJSON()) : new PolicyDocument();
  const open = [...authorizers]
    .filter(([, authorizer]) => authorizer !== 'iam')
    .map(([key]) => resourceOf(parseRoute(key)));
  const preflight = 'execute-api:/*/OPTIONS/*';
  const allowed = open.length === authorizers.size ? [ALL] : [...open, preflight];
  if (!policy) document.addStatements(statement(Effect.ALLOW, allowed));
  const through = vpcEndpoints.map(({ vpcEndpointId }) => vpcEndpointId);
  document.addStatements(statement(Effect.DENY, [ALL], { StringNotEquals: { 'aws:SourceVpce': through } }));
  return document;
}

const ALL = 'execute-api:/*';

function statement(
  effect: Effect,
  resources: readonly string[],
  conditions?: Record<string, unknown>,
): PolicyStatement {
  return new PolicyStatement({
    effect,
    principals: [new AnyPrincipal()],
    actions: ['execute-api:Invoke'],
    resources: [...resources],
    conditions,
  });
}

interface Statement {
  readonly Effect?: string;
}

function statementsOf(policy: PolicyDocument): readonly Statement[] {
  // CDK writes a policy without statements as nothing.
  const { Statement = [] } = (policy.toJSON() ?? {}) as { readonly Statement?: readonly Statement[] };
  return Statement;
}
