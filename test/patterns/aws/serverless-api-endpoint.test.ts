import { InterfaceVpcEndpoint } from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, ArnPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { App } from 'aws-cdk-lib';
import { accessMatrix, read } from 'lintel/access';
import type { ApiKind, ServerlessApiProps } from 'lintel/aws';
import { runLocally } from 'lintel/testing';
import { apiOf, inline, stackOf } from './serverless-apis';

const endpointOf = (stack = stackOf()) => ({
  stack,
  vpcEndpoints: [
    InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(stack, 'Endpoint', { vpcEndpointId: 'vpce-1', port: 443 }),
  ],
});
const allow = (conditions?: Record<string, unknown>) =>
  new PolicyStatement({
    principals: [new AnyPrincipal()],
    actions: ['execute-api:Invoke'],
    resources: ['execute-api:/*'],
    conditions,
  });
const policyOf = (...statements: PolicyStatement[]) => new PolicyDocument({ statements });
const OFFICE = { IpAddress: { 'aws:SourceIp': ['203.0.113.0/24'] } };
const THROUGH = {
  Effect: 'Deny',
  Principal: { AWS: '*' },
  Action: 'execute-api:Invoke',
  Resource: 'execute-api:/*',
  Condition: { StringNotEquals: { 'aws:SourceVpce': ['vpce-1'] } },
};

/** The API with its policy, of a template. */
function apiIn(props: Partial<ServerlessApiProps>, stack = stackOf()) {
  const [api] = Object.values(
    apiOf({ kind: 'rest', ...props }, stack)
      .template()
      .findResources('AWS::ApiGateway::RestApi'),
  );
  return api!.Properties as { EndpointConfiguration: unknown; Policy?: { Statement: Record<string, unknown>[] } };
}

describe('a private API', () => {
  test('answers by its endpoints, and its policy takes nothing else', () => {
    const { stack, vpcEndpoints } = endpointOf();
    const { EndpointConfiguration, Policy } = apiIn({ endpoint: { vpcEndpoints }, authorizer: 'none' }, stack);
    expect(EndpointConfiguration).toEqual({ Types: ['PRIVATE'], VpcEndpointIds: ['vpce-1'] });
    expect(Policy!.Statement).toMatchObject([{ Effect: 'Allow', Resource: 'execute-api:/*' }, THROUGH]);
    expect(stack).toPassRules();
  });

  test('with IAM opens no route by its policy, whose word would be enough', () => {
    const { stack, vpcEndpoints } = endpointOf();
    const routes = { 'GET /orders/{id}': inline(), 'GET /health': { ...inline(), authorizer: 'none' as const } };
    const { Policy } = apiIn({ endpoint: { vpcEndpoints }, authorizer: 'iam', routes }, stack);
    expect(Policy!.Statement.map(({ Effect: effect, Resource }) => [effect, Resource])).toEqual([
      ['Allow', ['execute-api:/*/GET/health', 'execute-api:/*/OPTIONS/*']],
      ['Deny', 'execute-api:/*'],
    ]);
  });

  test('is shown in the access matrix: who gets in by the policy, on which condition', () => {
    const called = (authorizer: 'none' | 'iam') => {
      const { stack, vpcEndpoints } = endpointOf();
      const routes = { 'GET /orders/{id}': inline(), 'GET /health': { ...inline(), authorizer: 'none' as const } };
      apiOf({ kind: 'rest', endpoint: { vpcEndpoints }, authorizer, routes }, stack);
      const { entries } = accessMatrix(read(App.of(stack)!.synth().directory));
      return entries
        .filter(({ actions }) => String(actions).includes('execute-api:Invoke'))
        .map(({ verdict, resource, conditions }) => [verdict, resource, ...conditions].join(', '));
    };
    expect(called('none')).toMatchInlineSnapshot(`
     [
       "denied, Shop/Api/Api/*, aws:SourceVpce is not 'vpce-1'",
       "conditional, Shop/Api/Api/*/GET/health, the caller is in the network of the API",
       "conditional, Shop/Api/Api/*/GET/orders/{id}, the caller is in the network of the API",
     ]
    `);
    expect(called('iam')).toMatchInlineSnapshot(`
     [
       "denied, Shop/Api/Api/*, aws:SourceVpce is not 'vpce-1'",
       "allowed, Shop/Api/Api/*/GET/health",
       "conditional, Shop/Api/Api/*/GET/health, the caller is in the network of the API",
       "allowed, Shop/Api/Api/*/OPTIONS/*",
     ]
    `);
  });

  test('adds to the policy of the team that nothing else gets in', () => {
    const { stack, vpcEndpoints } = endpointOf();
    const { Policy } = apiIn({ endpoint: { vpcEndpoints }, policy: policyOf(allow(OFFICE)) }, stack);
    expect(Policy!.Statement).toMatchObject([{ Effect: 'Allow', Condition: OFFICE }, THROUGH]);
  });

  test('runs locally as if called by its endpoint, which is said', async () => {
    const { stack, vpcEndpoints } = endpointOf();
    const handler = { code: Code.fromInline('exports.handler = async () => ({ statusCode: 200 });') };
    const props: Partial<ServerlessApiProps> = { kind: 'rest', authorizer: 'none', routes: { 'GET /': handler } };
    const run = await runLocally(apiOf({ ...props, endpoint: { vpcEndpoints } }, stack).api);
    expect((await fetch(run.url)).status).toBe(200);
    expect(run.unsupported.map(({ reason }) => reason)).toContain(
      'its network does not exist here: requests count as coming from aws:SourceVpce vpce-1',
    );
    await run.stop();
    const office = await runLocally(apiOf({ ...props, policy: policyOf(allow(OFFICE)) }).api);
    expect((await fetch(office.url)).status).toBe(403);
    await office.stop();
  });
});

test('a policy is that of the API, and one that changes is deployed', () => {
  const deploymentOf = (policy: PolicyDocument) => {
    const { template } = apiOf({ kind: 'rest', policy });
    return Object.keys(template().findResources('AWS::ApiGateway::Deployment'));
  };
  expect(apiIn({ policy: policyOf(allow(OFFICE)) }).Policy!.Statement).toMatchObject([{ Condition: OFFICE }]);
  expect(deploymentOf(policyOf(allow()))).not.toEqual(deploymentOf(policyOf(allow(OFFICE))));
});

test('an API by way of CloudFront', () => {
  expect(apiIn({ endpoint: 'edge' }).EndpointConfiguration).toEqual({ Types: ['EDGE'] });
});

test.each<[string, ApiKind, (props: ReturnType<typeof endpointOf>) => Partial<ServerlessApiProps>, string]>([
  [
    'a private API of no network',
    'rest',
    () => ({ endpoint: 'private' as never }),
    "'endpoint' must be 'regional', 'edge' or { vpcEndpoints }, got 'private'; write { vpcEndpoints: [endpoint] }, with execute-api endpoints in the VPCs it is called from (Shop/Api)",
  ],
  ['no endpoint', 'rest', () => ({ endpoint: { vpcEndpoints: [] } }), "'endpoint.vpcEndpoints' must have at least one"],
  [
    'a private HTTP API',
    'http',
    ({ vpcEndpoints }) => ({ endpoint: { vpcEndpoints } }),
    "'endpoint' must not be given for an HTTP API, which is always regional",
  ],
  [
    'the policy of an HTTP API',
    'http',
    () => ({ policy: policyOf(allow()) }),
    "'policy' must not be given for an HTTP API, which has no resource policy",
  ],
  [
    'a policy that allows nobody',
    'rest',
    () => ({
      authorizer: 'none',
      policy: policyOf(
        new PolicyStatement({
          effect: Effect.DENY,
          principals: [new ArnPrincipal('*')],
          actions: ['*'],
          resources: ['*'],
        }),
      ),
    }),
    "'policy' must allow 'execute-api:Invoke' to someone: a policy denies whatever it does not allow, got 1",
  ],
  [
    'a public domain of a private API',
    'rest',
    ({ stack, vpcEndpoints }) => ({
      endpoint: { vpcEndpoints },
      domain: {
        name: 'api.example.com',
        certificate: Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-west-1:1:certificate/1'),
      },
    }),
    "'domain' must not be given for a private API, which public domains do not reach",
  ],
  [
    'a domain of an edge-optimized API',
    'rest',
    ({ stack }) => ({
      endpoint: 'edge',
      domain: {
        name: 'api.example.com',
        certificate: Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-west-1:1:certificate/1'),
      },
    }),
    "'domain' must not be given with endpoint 'edge': the domains created here are regional, got 'a domain'",
  ],
  [
    'a public path that covers one of IAM',
    'rest',
    ({ vpcEndpoints }) => ({
      endpoint: { vpcEndpoints },
      routes: { 'GET /{proxy+}': { ...inline(), authorizer: 'none' }, 'GET /admin/users': inline() },
    }),
    "'routes.GET /admin/users.authorizer' must not be 'iam' next to 'GET /{proxy+}' in a private API: what the policy allows there covers this route too, and for IAM either allow is enough, got 'iam'; give it another path or an API",
  ],
])('refuses %s', (_, kind, props, message) => {
  const given = endpointOf();
  expect(() => apiOf({ kind, ...props(given) }, given.stack)).toThrow(message);
});
