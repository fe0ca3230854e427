import { Duration, type Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Method, RestApi, Stage } from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { type ServerlessApiProps, ServiceFunction } from 'lintel/aws';
import { runLocally } from 'lintel/testing';
import { judge } from '../../aws/packs';
import { apiOf, inline, ISSUER, plainFunction, sourcesOf, stackOf } from './serverless-apis';

const restOf = (props: Partial<ServerlessApiProps> = {}, stack?: Stack) => apiOf({ kind: 'rest', ...props }, stack);
const attempt = (props: Partial<ServerlessApiProps>) => () => restOf(props);

describe('the minimal use', () => {
  test('creates a regional API with a method, a validator, a stage and a log, and nothing else of API Gateway', () => {
    const { template } = restOf();
    const types = Object.values(template().toJSON().Resources as Record<string, { Type: string }>);
    expect(types.map(({ Type }) => Type).sort()).toEqual([
      'AWS::ApiGateway::Deployment',
      'AWS::ApiGateway::Method',
      'AWS::ApiGateway::RequestValidator',
      'AWS::ApiGateway::Resource',
      'AWS::ApiGateway::RestApi',
      'AWS::ApiGateway::Stage',
      'AWS::CloudWatch::Alarm',
      'AWS::CloudWatch::Alarm',
      'AWS::IAM::Role',
      'AWS::Lambda::Function',
      'AWS::Lambda::Permission',
      'AWS::Logs::LogGroup',
      'AWS::Logs::LogGroup',
    ]);
    expect(template().toJSON().Outputs).toBeUndefined();
    template().hasResourceProperties('AWS::ApiGateway::RestApi', { EndpointConfiguration: { Types: ['REGIONAL'] } });
  });

  test('traces, logs errors and accesses, and throttles', () => {
    restOf()
      .template()
      .hasResourceProperties('AWS::ApiGateway::Stage', {
        StageName: 'live',
        TracingEnabled: true,
        AccessLogSetting: { Format: Match.serializedJson(Match.objectLike({ route: '$context.resourcePath' })) },
        MethodSettings: [
          {
            HttpMethod: '*',
            ResourcePath: '/*',
            LoggingLevel: 'ERROR',
            DataTraceEnabled: false,
            ThrottlingRateLimit: 1000,
            ThrottlingBurstLimit: 500,
          },
        ],
      });
  });

  test('validates bodies and parameters of each method', () => {
    const { template } = restOf({ routes: { 'GET /orders/{id}': inline() } });
    template().hasResourceProperties('AWS::ApiGateway::RequestValidator', {
      ValidateRequestBody: true,
      ValidateRequestParameters: true,
    });
    template().hasResourceProperties('AWS::ApiGateway::Method', {
      RequestValidatorId: { Ref: Match.stringLikeRegexp('Validator') },
      RequestParameters: { 'method.request.path.id': true },
    });
  });

  test('passes the packs: each method is acknowledged not to use Cognito, with who is asked instead', () => {
    const { stack } = restOf({ routes: { 'GET /a': inline(), 'GET /b': { ...inline(), authorizer: 'none' } } });
    const { errors, acknowledged } = judge(stack);
    expect(errors).toEqual([]);
    expect(Object.fromEntries(Object.entries(acknowledged).filter(([id]) => /APIG|COG/.test(id)))).toEqual({
      'AwsSolutions-COG4 Shop/Api/Api/Default/a/GET/Resource':
        'Callers of this route are authorized by IAM, not by a Cognito user pool',
      'AwsSolutions-COG4 Shop/Api/Api/Default/b/GET/Resource':
        "The team declared this route public by authorizer 'none'",
      'AwsSolutions-APIG4 Shop/Api/Api/Default/b/GET/Resource':
        "The team declared this route public by authorizer 'none'",
    });
  });

  test('is what it was', () => {
    expect(restOf().stack).toMatchTemplateSnapshot();
  });
});

test('routes permit their own method and path of the stage, and no test invocations', () => {
  const { api, template } = restOf({
    routes: { 'POST /orders': inline(), 'ANY /files/{proxy+}': inline(), 'GET /': inline() },
  });
  const stage = '<ApiDeplo>';
  expect(sourcesOf(template())).toEqual([
    `<ApiCD79A>/${stage}/*/files/*`,
    `<ApiCD79A>/${stage}/GET/`,
    `<ApiCD79A>/${stage}/POST/orders`,
  ]);
  expect(api.route('POST /orders')).toBeInstanceOf(Method);
  expect(api.functions['POST /orders']!.node.path).toBe('Shop/Api/POST orders/Handler');
});

test('a shared function, warm, is called by its alias from each of its routes', () => {
  const stack = stackOf();
  const handler = new ServiceFunction(stack, 'Orders', { ...inline(), warm: 1 });
  const { template } = restOf({ routes: { 'GET /a': handler, 'POST /a': handler } }, stack);
  const alias = { Ref: stack.getLogicalId(handler.live!.node.defaultChild as never) };
  template().resourceCountIs('AWS::Lambda::Permission', 2);
  template().allResourcesProperties('AWS::Lambda::Permission', { FunctionName: alias });
  template().allResourcesProperties('AWS::ApiGateway::Method', {
    Integration: { Uri: { 'Fn::Join': ['', Match.arrayWith([alias])] } },
  });
});

describe('the authorizer', () => {
  test('a function is asked for every request', () => {
    const stack = stackOf();
    const { template } = restOf({ authorizer: plainFunction(stack, 'Guard', Duration.seconds(20)) }, stack);
    template().hasResourceProperties('AWS::ApiGateway::Authorizer', {
      Type: 'REQUEST',
      AuthorizerResultTtlInSeconds: 0,
      IdentitySource: 'method.request.header.Authorization',
    });
    template().hasResourceProperties('AWS::ApiGateway::Method', { AuthorizationType: 'CUSTOM' });
    expect(judge(stack).acknowledged).toMatchObject({
      'AwsSolutions-COG4 Shop/Api/Api/Default/orders/GET/Resource': expect.stringContaining('a function of the team'),
    });
  });

  test('refuses an issuer of tokens, for the API and for a route', () => {
    const message =
      "must not be { issuer, audience } with kind 'rest', which supports no issuers but Cognito user pools, got 'https://login.example.com'; write { userPool } if it is one, set 'kind' to 'http', or pass a function that verifies the token (Shop/Api)";
    expect(attempt({ authorizer: ISSUER })).toThrow(`'authorizer' ${message}`);
    expect(attempt({ routes: { 'GET /a': { ...inline(), authorizer: ISSUER } } })).toThrow(
      `'routes.GET /a.authorizer' ${message}`,
    );
  });
});

describe('cors', () => {
  const cors = { origins: ['https://shop.example.com'], credentials: true };

  test('answers pages on every path, also when the API refuses', () => {
    const { stack, template } = restOf({ cors });
    template().hasResourceProperties('AWS::ApiGateway::Method', {
      HttpMethod: 'OPTIONS',
      Integration: {
        IntegrationResponses: [
          {
            StatusCode: '204',
            ResponseParameters: {
              'method.response.header.Access-Control-Allow-Origin': "'https://shop.example.com'",
              'method.response.header.Access-Control-Allow-Methods': "'GET'",
              'method.response.header.Access-Control-Allow-Headers': "'authorization,content-type'",
              'method.response.header.Access-Control-Allow-Credentials': "'true'",
              'method.response.header.Access-Control-Max-Age': "'3600'",
            },
          },
        ],
      },
    });
    for (const ResponseType of ['DEFAULT_4XX', 'DEFAULT_5XX']) {
      template().hasResourceProperties('AWS::ApiGateway::GatewayResponse', {
        ResponseType,
        ResponseParameters: {
          'gatewayresponse.header.Access-Control-Allow-Origin': "'https://shop.example.com'",
          'gatewayresponse.header.Access-Control-Allow-Credentials': "'true'",
        },
      });
    }
    expect(judge(stack).errors).toEqual([]);
  });

  test('cannot name one of several origins in a refusal', () => {
    const { template } = restOf({ cors: { origins: ['https://a.example.com', 'https://b.example.com'] } });
    template().resourceCountIs('AWS::ApiGateway::GatewayResponse', 0);
  });

  test('allows every method where a route takes any', () => {
    const { template } = restOf({ cors, routes: { 'ANY /a': inline() } });
    template().hasResourceProperties('AWS::ApiGateway::Method', {
      Integration: {
        IntegrationResponses: [
          Match.objectLike({
            ResponseParameters: Match.objectLike({
              'method.response.header.Access-Control-Allow-Methods': Match.stringLikeRegexp('DELETE'),
            }),
          }),
        ],
      },
    });
  });

  test('refuses a route that answers browsers itself', () => {
    expect(attempt({ cors, routes: { 'OPTIONS /a': inline() } })).toThrow(
      "'routes' must not handle OPTIONS itself with 'cors' and kind 'rest', got 'OPTIONS /a'; remove the route, or 'cors'",
    );
  });

  const widget = { origins: ['*'] };

  test('a route says by itself which pages may call its path, and the others as the API', () => {
    const routes = { 'GET /a': inline(), 'POST /a': inline(), 'GET /widget': { ...inline(), cors: widget } };
    const { stack, template } = restOf({ cors, routes });
    const preflights = Object.values(template().findResources('AWS::ApiGateway::Method'))
      .filter(({ Properties }) => Properties.HttpMethod === 'OPTIONS')
      .map(({ Properties }) => {
        const headers = Properties.Integration.IntegrationResponses[0].ResponseParameters as Record<string, string>;
        return ['Origin', 'Methods'].map((name) => headers[`method.response.header.Access-Control-Allow-${name}`]);
      });
    expect(preflights).toEqual([
      ["'https://shop.example.com'", "'GET,POST'"],
      ["'*'", "'GET'"],
    ]);
    // A refusal could name one origin only.
    template().resourceCountIs('AWS::ApiGateway::GatewayResponse', 0);
    expect(judge(stack).errors).toEqual([]);
  });

  test('where one route alone says it, pages may call no other path', async () => {
    const answer = { code: Code.fromInline('exports.handler = async () => ({ statusCode: 200 })') };
    const { api } = restOf({
      authorizer: 'none',
      routes: { 'GET /a': answer, 'GET /widget': { ...answer, cors: widget } },
    });
    const run = await runLocally(api);
    try {
      const headers = { origin: 'https://any.example.com', 'access-control-request-method': 'GET' };
      const asked = (path: string) => fetch(`${run.url}${path}`, { method: 'OPTIONS', headers });
      expect((await asked('/widget')).headers.get('access-control-allow-origin')).toBe('*');
      expect((await asked('/a')).headers.get('access-control-allow-origin')).toBeNull();
    } finally {
      await run.stop();
    }
  });

  test.each([
    ['one origin', ['https://shop.example.com'], 'https://shop.example.com'],
    ['several', ['https://shop.example.com', 'https://admin.example.com'], null],
  ])(
    'a page of %s can ask, and reads a refusal by the gateway itself only where there is one',
    async (_, origins, read) => {
      const answer = { code: Code.fromInline('exports.handler = async () => ({ statusCode: 200 })') };
      const { api } = restOf({ authorizer: 'iam', routes: { 'GET /a': answer }, cors: { origins } });
      const run = await runLocally(api);
      try {
        for (const origin of origins) {
          const asked = { origin, 'access-control-request-method': 'GET' };
          const preflight = await fetch(`${run.url}/a`, { method: 'OPTIONS', headers: asked });
          expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
        }
        const refused = await fetch(`${run.url}/a`, { headers: { origin: origins[0]! } });
        expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([403, read]);
      } finally {
        await run.stop();
      }
    },
  );

  test.each<[string, Partial<ServerlessApiProps>, string]>([
    [
      'two answers for one path',
      { routes: { 'GET /a': { ...inline(), cors }, 'POST /a': { ...inline(), cors: widget } } },
      "'routes.POST /a.cors' must be the same as that of 'GET /a': a browser sends one preflight for all methods of a path, got ['*']; write it on one of them",
    ],
    [
      'no origin',
      { routes: { 'GET /a': { ...inline(), cors: { origins: [] } } } },
      "'routes.GET /a.cors.origins' must have at least one origin",
    ],
    [
      'a route that answers browsers itself',
      { routes: { 'GET /a': { ...inline(), cors }, 'OPTIONS /a': inline() } },
      "'routes' must not handle OPTIONS itself with 'cors' and kind 'rest', got 'OPTIONS /a'",
    ],
    [
      'a route of an HTTP API',
      { kind: 'http', routes: { 'GET /a': { ...inline(), cors } } },
      "'routes.GET /a.cors' must not be given for an HTTP API, which has the same answer for all its routes",
    ],
  ])('of a route refuses %s', (_, props, message) => {
    expect(attempt({ kind: 'rest', ...props })).toThrow(message);
  });
});

test('a domain is the only way in, by TLS 1.2, and has a record in the zone', () => {
  const stack = stackOf();
  const { api, template } = restOf(
    {
      domain: {
        name: 'api.example.com',
        certificate: Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-west-1:1:certificate/1'),
        zone: HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' }),
      },
    },
    stack,
  );
  expect(api.url).toBe('https://api.example.com/');
  template().hasResourceProperties('AWS::ApiGateway::RestApi', { DisableExecuteApiEndpoint: true });
  template().hasResourceProperties('AWS::ApiGateway::DomainName', {
    DomainName: 'api.example.com',
    SecurityPolicy: 'TLS_1_2',
    EndpointConfiguration: { Types: ['REGIONAL'] },
  });
  template().hasResourceProperties('AWS::Route53::RecordSet', { Name: 'api.example.com.', Type: 'A' });
});

describe('the limits', () => {
  test('accept a handler of 29 seconds and refuse one of 30, which the API would not wait for', () => {
    expect(attempt({ routes: { 'GET /a': inline(Duration.seconds(29)) } })).not.toThrow();
    expect(attempt({ routes: { 'GET /a': inline(Duration.seconds(30)) } })).toThrow(
      "'routes.GET /a.timeout' must be at most 29 seconds, the longest a REST API waits for an answer, got 30 seconds",
    );
  });

  test("refuse '$default'", () => {
    expect(attempt({ routes: { $default: inline() } })).toThrow("use 'ANY /{proxy+}', or set 'kind' to 'http'");
  });
});

test('children, metrics and the URL are within reach', () => {
  const { api, stack } = restOf();
  expect(api.api).toBeInstanceOf(RestApi);
  expect(api.stage).toBeInstanceOf(Stage);
  expect(JSON.stringify(stack.resolve(api.url))).toMatch(/\.execute-api\..*"\/",{"Ref":"ApiDeploymentStage.*"\/"/);
  const names = [api.metricCount(), api.metricClientError(), api.metricServerError(), api.metricLatency()];
  expect(names.map(({ metricName }) => metricName)).toEqual(['Count', '4XXError', '5XXError', 'Latency']);
});
