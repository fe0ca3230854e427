import { Duration, type Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { type ServerlessApiProps, ServiceFunction } from 'lintel/aws';
import 'lintel/testing';
import { judge } from '../../aws/packs';
import { apiOf, attempt, inline, ISSUER, plainFunction, stackOf } from './serverless-apis';

describe('the authorizer', () => {
  const types = (props: Partial<ServerlessApiProps>, stack?: Stack) =>
    Object.values(apiOf(props, stack).template().findResources('AWS::ApiGatewayV2::Route')).map(
      ({ Properties }) => `${Properties.RouteKey} ${Properties.AuthorizationType}`,
    );
  const routes = { 'GET /orders': inline(), 'GET /health': { ...inline(), authorizer: 'none' as const } };

  test("'iam' asks IAM, 'none' nobody", () => {
    expect(types({ routes })).toEqual(['GET /orders AWS_IAM', 'GET /health NONE']);
  });

  test('an issuer makes one JWT authorizer for all its routes', () => {
    const { template } = apiOf({ authorizer: ISSUER, routes: { 'GET /a': inline(), 'GET /b': inline(), ...routes } });
    template().resourceCountIs('AWS::ApiGatewayV2::Authorizer', 1);
    template().hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      Name: 'Authorizer',
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Audience: ['shop'], Issuer: 'https://login.example.com' },
    });
  });

  test('a function is asked for every request, by its alias when warm', () => {
    const stack = stackOf();
    const authorizer = new ServiceFunction(stack, 'Guard', { ...inline(), warm: 1 });
    const { template } = apiOf({ authorizer }, stack);
    const alias = stack.getLogicalId(authorizer.live!.node.defaultChild as never);
    template().hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerType: 'REQUEST',
      AuthorizerResultTtlInSeconds: 0,
      EnableSimpleResponses: true,
      AuthorizerUri: { 'Fn::Join': ['', Match.arrayWith([{ Ref: alias }])] },
    });
    const permissions = Object.values(template().findResources('AWS::Lambda::Permission'));
    expect(JSON.stringify(permissions.map(({ Properties }) => Properties))).toContain('/authorizers/');
  });

  test('of a route is its own, under the name of the route', () => {
    const { template } = apiOf({ routes: { 'GET /a': { ...inline(), authorizer: ISSUER }, 'GET /b': inline() } });
    template().hasResourceProperties('AWS::ApiGatewayV2::Authorizer', { Name: 'GET a Authorizer' });
  });

  test('a public route is acknowledged to the packs: that route, that finding, that reason', () => {
    const { stack } = apiOf({ routes });
    const { errors, acknowledged } = judge(stack);
    expect(errors).toEqual([]);
    expect(stack).toPassRules();
    expect(Object.entries(acknowledged).filter(([finding]) => finding.includes('APIG'))).toEqual([
      [
        'AwsSolutions-APIG4 Shop/Api/Api/GET health/Resource',
        "The team declared this route public by authorizer 'none'",
      ],
    ]);
  });

  test('what became public behind the back of the pattern is still found', () => {
    const { api, stack } = apiOf({ routes });
    (api.route('GET /orders').node.defaultChild as { authorizationType?: string }).authorizationType = 'NONE';
    expect(judge(stack).errors).toEqual(['AwsSolutions-APIG4 Shop/Api/Api/GET orders/Resource']);
    expect(stack).not.toPassRules();
  });

  test.each<[string, Partial<ServerlessApiProps>, string]>([
    [
      'nothing',
      { authorizer: undefined },
      "'authorizer' must be 'none', 'iam', { issuer, audience }, { userPool } or a function, got nothing",
    ],
    [
      'an unknown word',
      { authorizer: 'jwt' as never },
      "or a function, got 'jwt'; say who may call; 'none' means anyone (Shop/Api)",
    ],
    [
      'no function',
      { authorizer: {} as never },
      "or a function, got {}; say who may call; 'none' means anyone (Shop/Api)",
    ],
    [
      'no issuer',
      { authorizer: { audience: ['shop'], issuer: process.env.NO_SUCH_VARIABLE! } },
      "'authorizer.issuer' must start with 'https://', got nothing",
    ],
    ['no routes', { routes: undefined }, "'routes' must be given, got nothing"],
    [
      'an unknown word of a route',
      { routes: { 'GET /a': { ...inline(), authorizer: 'open' as never } } },
      "'routes.GET /a.authorizer' must be 'none', 'iam'",
    ],
    [
      'an issuer without https',
      { authorizer: { ...ISSUER, issuer: 'login' } },
      "'authorizer.issuer' must start with 'https://', got 'login'",
    ],
    [
      'no audience',
      { authorizer: { ...ISSUER, audience: [] } },
      "'authorizer.audience' must have 1 to 50 audiences, got []",
    ],
    [
      'an audience too many',
      { authorizer: { ...ISSUER, audience: Array.from({ length: 51 }, (_, i) => `a${i}`) } },
      "'authorizer.audience' must have 1 to 50 audiences",
    ],
  ])('refuses %s', (_, props, message) => {
    expect(attempt(props)).toThrow(message);
  });

  test('refuses a function that an HTTP API would not wait for', () => {
    const guarded = (seconds: number) => () => {
      const stack = stackOf();
      return apiOf({ authorizer: plainFunction(stack, 'Guard', Duration.seconds(seconds)) }, stack);
    };
    expect(guarded(10)).not.toThrow();
    expect(guarded(11)).toThrow(
      "'authorizer' must time out within 10 seconds, the longest an HTTP API waits for an authorizer, got 11 seconds",
    );
  });
});
