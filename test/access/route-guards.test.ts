import { diffAccess } from '../../lib/access';
import type { Model } from '../../lib/core/model/model';
import { getAtt, template } from './templates';

interface Settings {
  readonly issuer?: string;
  readonly audience?: readonly string[];
  readonly scopes?: readonly string[];
  readonly type?: string;
}

/** A route of an HTTP API that asks for a token. */
const http = ({ issuer = 'https://login', audience = ['shop'], scopes, type = 'JWT' }: Settings) =>
  template({
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP' } },
    Login: {
      Type: 'AWS::ApiGatewayV2::Authorizer',
      Properties: {
        ApiId: { Ref: 'Api' },
        AuthorizerType: 'JWT',
        JwtConfiguration: { Issuer: issuer, Audience: audience },
      },
    },
    Route: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: { Ref: 'Api' },
        RouteKey: 'GET /orders',
        AuthorizationType: type,
        AuthorizerId: { Ref: 'Login' },
        ...(scopes && { AuthorizationScopes: scopes }),
      },
    },
  });

const told = (before: Settings, after: Settings) => {
  const { widened, narrowed } = diffAccess(http(before), http(after));
  return { widened: widened.flatMap(({ conditions }) => conditions), narrowed: narrowed.length };
};

test.each<[string, Settings, Settings, string]>([
  ['no scope any more', { scopes: ['admin'] }, {}, 'the scopes of a token do not count'],
  ['one scope more', { scopes: ['admin'] }, { scopes: ['admin', 'read'] }, "the token has the scope 'read'"],
  ['one audience more', {}, { audience: ['shop', 'site'] }, "the token is for 'site'"],
])('a route that asks for less is a widening: %s', (_, before, after, condition) => {
  expect(told(before, after)).toEqual({ widened: [condition], narrowed: 0 });
  expect(told(after, before)).toEqual({ widened: [], narrowed: 1 });
});

test.each<[string, Settings, Settings, string]>([
  ['another issuer', {}, { issuer: 'https://other' }, "'https://other' vouches for the caller"],
  ['another kind of authorization', {}, { type: 'CUSTOM' }, 'CUSTOM asks who calls, in place of JWT'],
])('whom %s lets in are others, so it widens and narrows', (_, before, after, condition) => {
  expect(told(before, after)).toEqual({ widened: [condition], narrowed: 1 });
});

test('a route that asks for the same, a new one and one that is gone are no change', () => {
  const one = http({ scopes: ['admin'] });
  const none = template({ Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP' } } });
  for (const [before, after] of [
    [one, one],
    [none, one],
    [one, none],
  ] as const) {
    expect(diffAccess(before, after)).toEqual({ widened: [], narrowed: [], platform: [] });
  }
});

test('a user pool more of a method of a REST API is a widening, and the id of the change tells it from others', () => {
  const rest = (...pools: string[]) =>
    template({
      Api: { Type: 'AWS::ApiGateway::RestApi', Properties: {} },
      Pool: { Type: 'AWS::Cognito::UserPool' },
      Other: { Type: 'AWS::Cognito::UserPool' },
      Login: {
        Type: 'AWS::ApiGateway::Authorizer',
        Properties: { RestApiId: { Ref: 'Api' }, ProviderARNs: pools.map((id) => getAtt(id)) },
      },
      Get: {
        Type: 'AWS::ApiGateway::Method',
        Properties: {
          RestApiId: { Ref: 'Api' },
          HttpMethod: 'GET',
          AuthorizationType: 'COGNITO_USER_POOLS',
          AuthorizerId: { Ref: 'Login' },
        },
      },
    });
  const { widened } = diffAccess(rest('Pool'), rest('Pool', 'Other'));
  expect(widened).toMatchObject([
    {
      principal: { kind: 'anyone' },
      resource: 'Shop/Api/*/GET/',
      conditions: ["'Shop/Other' vouches for the caller"],
      reason: 'condition',
    },
  ]);
});

type Json = Readonly<Record<string, unknown>>;

/** An operation of an OpenAPI document, with what it requires and its authorizers. */
interface Operation {
  readonly security?: unknown;
  readonly shared?: unknown;
  readonly schemes: Json;
}

const jwt = (issuer = 'https://login', ...audience: readonly string[]) => ({
  type: 'oauth2',
  'x-amazon-apigateway-authorizer': {
    type: 'jwt',
    jwtConfiguration: { issuer, audience: audience.length > 0 ? audience : ['shop'] },
  },
});
const pool = (name: string) => ({
  type: 'apiKey',
  'x-amazon-apigateway-authorizer': {
    type: 'cognito_user_pools',
    providerARNs: [`arn:aws:cognito-idp:eu-west-1:111111111111:userpool/${name}`],
  },
});

const bodyOf = ({ security, shared, schemes }: Operation) => ({
  openapi: '3.0.1',
  paths: { '/orders': { get: { ...(security !== undefined && { security }) } } },
  components: { securitySchemes: schemes },
  ...(shared !== undefined && { security: shared }),
});
const written = (operation: Operation) =>
  template({ Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Body: bodyOf(operation) } } });
const ofSam = (operation: Operation) =>
  template(
    { Api: { Type: 'AWS::Serverless::HttpApi', Properties: { DefinitionBody: bodyOf(operation) } } },
    { Transform: 'AWS::Serverless-2016-10-31' },
  );

const changesOf = (before: Model, after: Model) => {
  const { widened, narrowed } = diffAccess(before, after);
  return [widened.flatMap(({ conditions }) => conditions), narrowed.length] as const;
};

describe.each([
  ['an OpenAPI document', written],
  ['a definition of SAM', ofSam],
])('in %s', (_, document) => {
  const asks = (...scopes: readonly string[]): Operation => ({ security: [{ a: scopes }], schemes: { a: jwt() } });

  test.each<[string, Operation, Operation, string]>([
    ['no scope any more', asks('admin'), asks(), 'the scopes of a token do not count'],
    ['one scope more', asks('admin'), asks('admin', 'read'), "the token has the scope 'read'"],
    [
      'one audience more',
      asks(),
      { ...asks(), schemes: { a: jwt('https://login', 'shop', 'site') } },
      "the token is for 'site'",
    ],
  ])('%s is a widening', (_case, before, after, told) => {
    expect(changesOf(document(before), document(after))).toEqual([[told], 0]);
    expect(changesOf(document(after), document(before))).toEqual([[], 1]);
  });

  test.each<[string, Operation, Operation, string]>([
    [
      'another issuer',
      asks(),
      { ...asks(), schemes: { a: jwt('https://other') } },
      "'https://other' vouches for the caller",
    ],
    [
      'another user pool',
      { ...asks(), schemes: { a: pool('one') } },
      { ...asks(), schemes: { a: pool('two') } },
      "'arn:aws:cognito-idp:eu-west-1:111111111111:userpool/two' vouches for the caller",
    ],
  ])('%s lets in others', (_case, before, after, told) => {
    expect(changesOf(document(before), document(after))).toEqual([[told], 1]);
  });

  test.each<[string, Operation]>([
    ['an emptied requirement', { security: [], schemes: { a: jwt() } }],
    ['no requirement', { schemes: { a: jwt() } }],
    ['a scheme without an authorizer', { security: [{ a: [] }], schemes: { a: { type: 'oauth2' } } }],
  ])('%s opens the route to anyone', (_case, after) => {
    const { widened } = diffAccess(document(asks()), document(after));
    expect(widened).toMatchObject([{ principal: { kind: 'anyone' }, resource: 'Shop/Api/*/GET/orders' }]);
  });

  test('an authorizer that only the deployment tells is another one', () => {
    const [[told]] = changesOf(document(asks()), document({ ...asks(), schemes: { a: { Ref: 'Scheme' } as never } }));
    expect(told).toContain('an unknown authorizer asks who calls, in place of JWT');
  });

  test('another name of the authorizer, another order of scopes and a requirement of the whole document are no change', () => {
    const renamed: Operation = { security: [{ b: ['y', 'x'] }], schemes: { b: jwt() } };
    const shared: Operation = { shared: [{ a: ['x', 'y'] }], schemes: { a: jwt() } };
    for (const after of [renamed, shared]) {
      expect(changesOf(document(asks('x', 'y')), document(after))).toEqual([[], 0]);
    }
  });
});

describe('routes of SAM events', () => {
  const LOGIN = { JwtConfiguration: { issuer: 'https://login', audience: ['shop'] } };
  const POOL = { UserPoolArn: 'arn:aws:cognito-idp:eu-west-1:111111111111:userpool/one' };
  const sam = (kind: 'HttpApi' | 'Api', authorizers: Json, { route, chosen }: { route?: Json; chosen?: string } = {}) =>
    template(
      {
        Fn: {
          Type: 'AWS::Serverless::Function',
          Properties: {
            CodeUri: '.',
            Handler: 'index.handler',
            Runtime: 'nodejs22.x',
            Events: { Get: { Type: kind, Properties: { Path: '/', Method: 'get', ...(route && { Auth: route }) } } },
          },
        },
      },
      {
        Transform: 'AWS::Serverless-2016-10-31',
        Globals: { [kind]: { Auth: { Authorizers: authorizers, DefaultAuthorizer: chosen } } },
      },
    );

  test.each<[string, Model, Model, string]>([
    [
      'no scope of the route any more',
      sam('HttpApi', { A: LOGIN }, { route: { Authorizer: 'A', AuthorizationScopes: ['admin'] } }),
      sam('HttpApi', { A: LOGIN }, { route: { Authorizer: 'A' } }),
      'the scopes of a token do not count',
    ],
    [
      'no scope of the authorizer any more',
      sam('HttpApi', { A: { ...LOGIN, AuthorizationScopes: ['admin'] } }, { chosen: 'A' }),
      sam('HttpApi', { A: LOGIN }, { chosen: 'A' }),
      'the scopes of a token do not count',
    ],
    [
      'another issuer',
      sam('HttpApi', { A: LOGIN }, { chosen: 'A' }),
      sam('HttpApi', { A: { JwtConfiguration: { issuer: 'https://other', audience: ['shop'] } } }, { chosen: 'A' }),
      "'https://other' vouches for the caller",
    ],
    [
      'another user pool',
      sam('Api', { A: POOL }, { chosen: 'A' }),
      sam('Api', { A: { UserPoolArn: 'arn:aws:cognito-idp:eu-west-1:111111111111:userpool/two' } }, { chosen: 'A' }),
      "'arn:aws:cognito-idp:eu-west-1:111111111111:userpool/two' vouches for the caller",
    ],
  ])('%s is a widening', (_, before, after, told) => {
    expect(changesOf(before, after)[0]).toEqual([told]);
  });

  test('no scope of a state machine any more is a widening', () => {
    const machine = (scopes: Json) =>
      template(
        {
          Machine: {
            Type: 'AWS::Serverless::StateMachine',
            Properties: {
              Definition: { StartAt: 'A', States: { A: { Type: 'Succeed' } } },
              Events: {
                Get: { Type: 'Api', Properties: { Path: '/', Method: 'post', Auth: { Authorizer: 'A', ...scopes } } },
              },
            },
          },
        },
        { Transform: 'AWS::Serverless-2016-10-31', Globals: { Api: { Auth: { Authorizers: { A: POOL } } } } },
      );
    const [told] = changesOf(machine({ AuthorizationScopes: ['admin'] }), machine({}));
    expect(told).toEqual(['the scopes of a token do not count']);
  });

  test('another name of the authorizer is no change', () => {
    expect(
      changesOf(sam('HttpApi', { A: LOGIN }, { chosen: 'A' }), sam('HttpApi', { B: LOGIN }, { chosen: 'B' })),
    ).toEqual([[], 0]);
    expect(changesOf(sam('Api', { A: POOL }, { chosen: 'A' }), sam('Api', { B: POOL }, { chosen: 'B' }))).toEqual([
      [],
      0,
    ]);
  });
});

test('a route that asks for less in one branch of a template is a widening there', () => {
  const route = (otherwise: Json) =>
    template(
      {
        Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP' } },
        Route: {
          Type: 'AWS::ApiGatewayV2::Route',
          Properties: {
            ApiId: { Ref: 'Api' },
            RouteKey: 'GET /orders',
            AuthorizationType: 'JWT',
            AuthorizerId: 'shared',
            AuthorizationScopes: { 'Fn::If': ['IsDev', { Ref: 'AWS::NoValue' }, otherwise] },
          },
        },
      },
      {
        Parameters: { Stage: { Type: 'String' } },
        Conditions: { IsDev: { 'Fn::Equals': [{ Ref: 'Stage' }, 'dev'] } },
      },
    );
  const none = { Ref: 'AWS::NoValue' };
  expect(changesOf(route(['admin'] as never), route(none))).toEqual([['the scopes of a token do not count'], 0]);
});
