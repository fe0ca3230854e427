import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { ApiKind, ServerlessApiProps, UserPoolAuthorizer } from 'lintel/aws';
import { type LocalRun, runLocally } from 'lintel/testing';
import { judge } from '../../aws/packs';
import { apiOf, inline, ISSUER, stackOf } from './serverless-apis';

const poolOf = (stack = stackOf()) => {
  const userPool = new UserPool(stack, 'Users');
  return { stack, userPool, web: userPool.addClient('Web'), mobile: userPool.addClient('Mobile') };
};
const SCOPES = ['orders/read'];

describe('a user pool as authorizer', () => {
  test('of a REST API asks the pool, for tokens of its clients; scopes stand at the methods', () => {
    const { stack, userPool, web, mobile } = poolOf();
    const { template } = apiOf(
      {
        kind: 'rest',
        authorizer: { userPool, clients: [web, mobile] },
        routes: {
          'GET /a': inline(),
          'GET /b': { ...inline(), authorizer: { userPool, scopes: SCOPES } },
          'GET /c': { ...inline(), authorizer: { userPool, scopes: ['orders/write'] } },
        },
      },
      stack,
    );
    const authorizers = Object.values(template().findResources('AWS::ApiGateway::Authorizer'));
    const pool = { 'Fn::GetAtt': [stack.getLogicalId(userPool.node.defaultChild as never), 'Arn'] };
    const ids = [web, mobile].map((client) => ({ Ref: stack.getLogicalId(client.node.defaultChild as never) }));
    expect(authorizers.map(({ Properties }) => Properties)).toMatchObject([
      {
        Type: 'COGNITO_USER_POOLS',
        ProviderARNs: [pool],
        IdentitySource: 'method.request.header.Authorization',
        IdentityValidationExpression: { 'Fn::Join': ['', ['^(', { 'Fn::Join': ['|', ids] }, ')$']] },
      },
      { Type: 'COGNITO_USER_POOLS', ProviderARNs: [pool] },
    ]);
    expect(authorizers[1]!.Properties.IdentityValidationExpression).toBeUndefined();
    const methods = Object.values(template().findResources('AWS::ApiGateway::Method'));
    expect(methods.map(({ Properties }) => [Properties.AuthorizationType, Properties.AuthorizationScopes])).toEqual([
      ['COGNITO_USER_POOLS', undefined],
      ['COGNITO_USER_POOLS', SCOPES],
      ['COGNITO_USER_POOLS', ['orders/write']],
    ]);
    expect(Object.keys(judge(stack).acknowledged).filter((id) => id.includes('COG4'))).toEqual([]);
  });

  test('of an HTTP API is a JWT authorizer of its issuer and clients, which share it whatever their scopes', () => {
    const { stack, userPool, web } = poolOf();
    const { template } = apiOf(
      {
        authorizer: { userPool, clients: [web] },
        routes: {
          'GET /a': inline(),
          'GET /b': { ...inline(), authorizer: { userPool, clients: [web], scopes: SCOPES } },
          'GET /c': { ...inline(), authorizer: { ...ISSUER, scopes: SCOPES } },
        },
      },
      stack,
    );
    template().resourceCountIs('AWS::ApiGatewayV2::Authorizer', 2);
    template().hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerType: 'JWT',
      JwtConfiguration: {
        Audience: [{ Ref: stack.getLogicalId(web.node.defaultChild as never) }],
        Issuer: {
          'Fn::Join': [
            '',
            ['https://', { 'Fn::GetAtt': [stack.getLogicalId(userPool.node.defaultChild as never), 'ProviderName'] }],
          ],
        },
      },
    });
    const routes = Object.values(template().findResources('AWS::ApiGatewayV2::Route'));
    expect(routes.map(({ Properties }) => [Properties.RouteKey, Properties.AuthorizationScopes])).toEqual([
      ['GET /a', undefined],
      ['GET /b', SCOPES],
      ['GET /c', SCOPES],
    ]);
  });

  test.each<[string, ApiKind, Partial<UserPoolAuthorizer>, string]>([
    [
      'no clients with an HTTP API',
      'http',
      { clients: undefined },
      "'authorizer.clients' must be given for an HTTP API, which verifies a token's audience, got nothing; name the clients whose tokens are accepted: [userPool.addClient('Web')] (Shop/Api)",
    ],
    ['an empty list of clients', 'rest', { clients: [] }, "'authorizer.clients' must have 1 to 50 clients, got []"],
    [
      'clients beside scopes with a REST API',
      'rest',
      { scopes: SCOPES },
      "'authorizer.clients' must not be given together with 'scopes' for kind 'rest', which cannot tell the audience of an access token, got ['Shop/Users/Web']; grant the scopes to these clients only, and remove 'clients'; or set 'kind' to 'http' (Shop/Api)",
    ],
    ['no scope', 'rest', { clients: undefined, scopes: [] }, "'authorizer.scopes' must have a scope, got []"],
    [
      'more scopes than a route takes',
      'http',
      { scopes: Array.from({ length: 11 }, (_, index) => `orders/${index}`) },
      "'authorizer.scopes' must have 1 to 10 scopes",
    ],
  ])('refuses %s', (_, kind, props, message) => {
    const { stack, userPool, web } = poolOf();
    const api: Partial<ServerlessApiProps> = { kind, authorizer: { userPool, clients: [web], ...props } };
    expect(() => apiOf(api, stack)).toThrow(message);
  });

  test('is what a bare pool is told to become', () => {
    const { stack, userPool } = poolOf();
    expect(() => apiOf({ authorizer: userPool as never }, stack)).toThrow('write { userPool, clients: [client] }');
  });
});

describe.each<ApiKind>(['rest', 'http'])('an API of kind %s with a user pool, run locally', (kind) => {
  const echo = {
    code: Code.fromInline(
      'exports.handler = async ({ requestContext: { authorizer } }) => ({ statusCode: 200, body: JSON.stringify((authorizer.claims ?? authorizer.jwt.claims).sub) });',
    ),
  };
  let run: LocalRun;
  beforeAll(async () => {
    const { stack, userPool, web } = poolOf();
    const scoped = { userPool, scopes: SCOPES, ...(kind === 'http' && { clients: [web] }) };
    const { api } = apiOf(
      {
        kind,
        authorizer: { userPool, clients: [web] },
        routes: { 'GET /me': echo, 'GET /orders': { ...echo, authorizer: scoped } },
      },
      stack,
    );
    run = await runLocally(api, { issuers: 'local' });
  });
  afterAll(() => run.stop());
  const ask = async (path: string, claims: Record<string, unknown>) => {
    const { status } = await fetch(run.url + path, { headers: { authorization: `Bearer ${run.token(claims)}` } });
    return status;
  };

  test('takes tokens of its clients, and no others', async () => {
    expect(await ask('/me', { sub: 'ann' })).toBe(200);
    expect(await ask('/me', { sub: 'ann', aud: 'mobile' })).toBe(401);
    expect(await ask('/me', { iss: 'https://evil.example.com' })).toBe(401);
    expect((await fetch(`${run.url}/me`)).status).toBe(401);
  });

  test('takes an access token with the scope, and refuses one without', async () => {
    expect(await ask('/orders', { sub: 'ann', scope: 'orders/read openid' })).toBe(200);
    expect(await ask('/orders', { sub: 'ann', scope: 'openid' })).toBe(kind === 'rest' ? 401 : 403);
  });

  if (kind === 'rest') {
    test('takes identity tokens where there are no scopes, and access tokens where there are', async () => {
      expect(await ask('/me', { sub: 'ann', token_use: 'access' })).toBe(401);
      expect(await ask('/me', { sub: 'ann', token_use: undefined })).toBe(401);
      expect(await ask('/orders', { sub: 'ann', scope: 'orders/read', token_use: 'id' })).toBe(401);
    });
  }
});
