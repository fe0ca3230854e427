import { Duration, Token } from 'aws-cdk-lib';
import { HttpApi, HttpRoute, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { ApiRoute, ServerlessApiProps } from 'lintel/aws';
import 'lintel/testing';
import { judge } from '../../aws/packs';
import { apiOf, attempt, inline, plainFunction, sourcesOf, stackOf } from './serverless-apis';

test.each(['http', 'rest'] as const)('tells the topic of 5xx answers and of slow ones of the stage (%s)', (kind) => {
  const stack = stackOf();
  const { api, template } = apiOf({ kind, alarmTopic: new Topic(stack, 'OnCall') }, stack);
  expect(api.alarms.length).toBe(2);
  const alarms = Object.values(template().findResources('AWS::CloudWatch::Alarm'));
  expect(alarms.map(({ Properties }) => Properties.Threshold as number).sort()).toEqual([1, 2500]);
  for (const alarm of alarms) {
    expect(JSON.stringify(alarm.Properties.AlarmActions)).toContain('OnCall');
    expect(JSON.stringify(alarm)).toContain('"Name":"Stage"');
  }
});

describe('the minimal use', () => {
  const minimal = () => apiOf({ routes: { 'GET /hello': 'test/patterns/aws/handlers/hello.ts' } });

  test('creates an API, a stage, a log and a function with its role, and nothing else', () => {
    const types = Object.values(minimal().template().toJSON().Resources as Record<string, { Type: string }>);
    expect(types.map(({ Type }) => Type).sort()).toEqual([
      'AWS::ApiGatewayV2::Api',
      'AWS::ApiGatewayV2::Integration',
      'AWS::ApiGatewayV2::Route',
      'AWS::ApiGatewayV2::Stage',
      'AWS::CloudWatch::Alarm',
      'AWS::CloudWatch::Alarm',
      'AWS::IAM::Role',
      'AWS::Lambda::Function',
      'AWS::Lambda::Permission',
      'AWS::Logs::LogGroup',
      'AWS::Logs::LogGroup',
    ]);
  });

  test('gives the function its logs and its traces, and no more', () => {
    const roles = Object.values(minimal().template().findResources('AWS::IAM::Role'));
    const statements = roles[0]!.Properties.Policies.flatMap((policy: Policy) => policy.PolicyDocument.Statement);
    expect(statements.flatMap(({ Action }: Statement) => Action)).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'xray:PutTraceSegments',
      'xray:PutTelemetryRecords',
    ]);
    minimal().template().resourceCountIs('AWS::IAM::Policy', 0);
  });

  test('throttles, and logs each request as JSON without what may hold secrets', () => {
    const stages = Object.values(minimal().template().findResources('AWS::ApiGatewayV2::Stage'));
    const { AccessLogSettings, DefaultRouteSettings, StageName } = stages[0]!.Properties;
    const format = Object.values(JSON.parse(AccessLogSettings.Format) as Record<string, string>);
    expect(format).toEqual(expect.arrayContaining(['$context.routeKey', '$context.status', '$context.error.message']));
    expect(format.join()).not.toMatch(/header|query|body|authorizer\.claims/i);
    expect(DefaultRouteSettings).toEqual({ ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 500 });
    expect(StageName).toBe('$default');
  });

  test('keeps the access log for a month, out of the resource policy that all log groups share', () => {
    const groups = minimal().template().findResources('AWS::Logs::LogGroup', { DeletionPolicy: 'Retain' });
    const { Properties } = Object.values(groups)[0]!;
    expect(Properties.RetentionInDays).toBe(30);
    expect(JSON.stringify(Properties.LogGroupName)).toMatch(/\/aws\/vendedlogs\/Shop-Api-[0-9A-F]{8}\//);
  });

  test('lets the API invoke the function for its own method and path only', () => {
    expect(sourcesOf(minimal().template())).toEqual(['<ApiCD79A>/*/GET/hello']);
  });

  test('passes the packs, with nothing acknowledged but the wildcard of X-Ray and the missing dead-letter queue', () => {
    const { errors, acknowledged } = judge(minimal().stack);
    expect(errors).toEqual([]);
    expect(Object.keys(acknowledged).sort()).toEqual([
      'AwsSolutions-IAM5[Resource::*] Shop/Api/GET hello/HandlerRole/Resource',
      'Serverless-LambdaDLQ Shop/Api/GET hello/Handler/Resource',
      'Serverless-LambdaStarPermissions Shop/Api/GET hello/HandlerRole/Resource',
    ]);
  });

  test('is what it was', () => {
    expect(minimal().stack).toMatchTemplateSnapshot();
  });
});

describe('routes', () => {
  test('have a function, a role and a permission each', () => {
    const { api, template } = apiOf({
      routes: { 'POST /orders': inline(), 'GET /orders/{id}/lines/{line}': inline() },
    });
    expect(Object.keys(api.functions)).toEqual(['POST /orders', 'GET /orders/{id}/lines/{line}']);
    expect(api.functions['POST /orders']!.node.path).toBe('Shop/Api/POST orders/Handler');
    template().resourceCountIs('AWS::Lambda::Function', 2);
    template().resourceCountIs('AWS::IAM::Role', 2);
    expect(sourcesOf(template())).toEqual(['<ApiCD79A>/*/GET/orders/*/lines/*', '<ApiCD79A>/*/POST/orders']);
  });

  test.each([
    ['ANY /files/{proxy+}', '<ApiCD79A>/*/*/files/*'],
    ['GET /', '<ApiCD79A>/*/GET/'],
    ['$default', '<ApiCD79A>/*/$default'],
  ])('%s is served, and permits no more than itself', (key, source) => {
    const { template } = apiOf({ routes: { [key]: inline() } });
    template().hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: key });
    expect(sourcesOf(template())).toEqual([source]);
  });

  test('share a function when they name the same, or the same object of settings', () => {
    const stack = stackOf();
    const mine = plainFunction(stack, 'Mine');
    const settings = inline();
    const { api, template } = apiOf(
      {
        routes: {
          'GET /a': mine,
          'GET /b': { handler: mine, authorizer: 'none' },
          'GET /c': settings,
          'GET /d': settings,
          'GET /e': { handler: settings, authorizer: 'none' },
        },
      },
      stack,
    );
    const { functions } = api;
    expect(functions['GET /a']).toBe(mine);
    expect(functions['GET /b']).toBe(mine);
    expect(functions['GET /d']).toBe(functions['GET /c']);
    expect(functions['GET /e']).toBe(functions['GET /c']);
    template().resourceCountIs('AWS::Lambda::Function', 2);
    template().resourceCountIs('AWS::ApiGatewayV2::Integration', 2);
    template().resourceCountIs('AWS::Lambda::Permission', 5);
  });

  test('have functions of their own when they only look the same', () => {
    const { template } = apiOf({ routes: { 'GET /a': inline(), 'GET /b': inline() } });
    template().resourceCountIs('AWS::Lambda::Function', 2);
  });

  test('keep their ids when others are added', () => {
    const id = (routes: Record<string, ApiRoute>) => {
      const { api, stack } = apiOf({ routes });
      return stack.getLogicalId(api.functions['GET /b']!.node.defaultChild as never);
    };
    expect(id({ 'GET /a': inline(), 'GET /b': inline() })).toBe(id({ 'GET /b': inline() }));
  });

  test('call a warm function by its live alias', () => {
    const { template } = apiOf({ routes: { 'GET /orders': { ...inline(), warm: 2 } } });
    const alias = Object.keys(template().findResources('AWS::Lambda::Alias'))[0];
    template().hasResourceProperties('AWS::ApiGatewayV2::Integration', { IntegrationUri: { Ref: alias } });
    template().hasResourceProperties('AWS::Lambda::Permission', { FunctionName: { Ref: alias } });
  });

  test('are found by their key', () => {
    const { api } = apiOf();
    expect(api.route('GET /orders')).toBeInstanceOf(HttpRoute);
    expect(() => api.route('GET /order')).toThrow(
      "'route' must be a route of this API, got 'GET /order'; use one of 'GET /orders' (Shop/Api)",
    );
  });
});

describe('the limits', () => {
  test.each([[1], [30]])('accept a handler of %d seconds', (seconds) => {
    expect(attempt({ routes: { 'GET /a': inline(Duration.seconds(seconds)) } })).not.toThrow();
  });

  test.each([[31], [60]])('refuse a handler of %d seconds, which the API would not wait for', (seconds) => {
    expect(attempt({ routes: { 'GET /a': inline(Duration.seconds(seconds)) } })).toThrow(
      "'routes.GET /a.timeout' must be at most 30 seconds, the longest an HTTP API waits for an answer",
    );
  });

  test('refuse a function of the team that is too slow', () => {
    const stack = stackOf();
    const routes = {
      'GET /a': { handler: plainFunction(stack, 'Slow', Duration.minutes(1)), authorizer: 'none' as const },
    };
    expect(() => apiOf({ routes }, stack)).toThrow(
      'got 1 minute; lower it, or answer at once and do the work behind a queue',
    );
  });

  test('are not guessed for a timeout that is known only at deployment', () => {
    const timeout = Duration.seconds(Token.asNumber({ Ref: 'Seconds' }));
    expect(attempt({ routes: { 'GET /a': inline(timeout) } })).not.toThrow();
  });

  test.each<[string, ServerlessApiProps['throttle'], string]>([
    ['no rate', { rate: 0, burst: 1 }, "'throttle.rate' must be more than 0 requests per second, got 0"],
    ['no burst', { rate: 1, burst: 0 }, "'throttle.burst' must be a whole number of requests, 1 or more, got 0"],
    ['half a request', { rate: 1, burst: 1.5 }, "'throttle.burst' must be a whole number"],
  ])('refuse %s', (_, throttle, message) => {
    expect(attempt({ throttle })).toThrow(message);
  });

  test('refuse an unknown kind', () => {
    expect(attempt({ kind: 'websocket' as never })).toThrow("'kind' must be 'http' or 'rest', got 'websocket'");
  });

  test('of the function itself are refused in the words of the API', () => {
    expect(attempt({ routes: { 'GET /a': { ...inline(), memorySize: 20_480 } } })).toThrow(
      /'routes.GET \/a.memorySize' .* \(Shop\/Api\)$/,
    );
  });

  test('are all reported at once', () => {
    const broken = {
      'get /a': inline(),
      'GET /b': inline(Duration.minutes(2)),
      'GET /{x}': inline(),
      'GET /{y}': inline(),
    };
    const message = /^'authorizer' .*\n'routes' .*\n'routes' .*\n'routes.GET \/b.timeout' .*\n'throttle.rate' .*$/;
    expect(attempt({ routes: broken, authorizer: 'open' as never, throttle: { rate: 0, burst: 1 } })).toThrow(message);
  });
});

test('other settings: throttle and retention of the access log', () => {
  const { template } = apiOf({ throttle: { rate: 0.5, burst: 2 }, accessLogRetention: RetentionDays.ONE_YEAR });
  template().hasResourceProperties('AWS::ApiGatewayV2::Stage', {
    DefaultRouteSettings: { ThrottlingRateLimit: 0.5, ThrottlingBurstLimit: 2 },
  });
  template().hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 365 });
});

test('children, metrics and the URL are within reach', () => {
  const { api, stack } = apiOf();
  expect(api.api).toBeInstanceOf(HttpApi);
  expect(api.stage).toBeInstanceOf(HttpStage);
  expect(JSON.stringify(stack.resolve(api.url))).toContain('.execute-api.');
  const names = [api.metricCount(), api.metricClientError(), api.metricServerError(), api.metricLatency()];
  expect(names.map(({ metricName }) => metricName)).toEqual(['Count', '4xx', '5xx', 'Latency']);
  for (const { dimensions } of names) expect(dimensions).toEqual({ ApiId: expect.anything() });
});

interface Statement {
  readonly Action: string | string[];
}

interface Policy {
  readonly PolicyDocument: { readonly Statement: Statement[] };
}
