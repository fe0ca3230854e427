import { diffAccess } from '../../lib/access';
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
