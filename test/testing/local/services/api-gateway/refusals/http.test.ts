import { FUNCTION_URI, refused } from './support';

const part = (kind: string, properties: object) => ({ Type: `AWS::ApiGatewayV2::${kind}`, Properties: properties });
const HTTP = part('Api', { Name: 'http', ProtocolType: 'HTTP' });
const SOCKET = part('Api', { Name: 'socket', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.do' });
const ofHttp = (kind: string, properties: object) => part(kind, { ApiId: { Ref: 'Http' }, ...properties });
const ofSocket = (kind: string, properties: object) => part(kind, { ApiId: { Ref: 'Socket' }, ...properties });
const route = (RouteKey: unknown, properties: object = {}) => ofHttp('Route', { RouteKey, ...properties });
const LAMBDA = { IntegrationType: 'AWS_PROXY', IntegrationUri: FUNCTION_URI, PayloadFormatVersion: '2.0' };
const PROXY = {
  IntegrationType: 'HTTP_PROXY',
  IntegrationMethod: 'ANY',
  IntegrationUri: 'https://a',
  PayloadFormatVersion: '1.0',
};
const SQS = { IntegrationType: 'AWS_PROXY', IntegrationSubtype: 'SQS-SendMessage', PayloadFormatVersion: '1.0' };
const SENT = {
  CredentialsArn: 'arn:aws:iam::111111111111:role/r',
  RequestParameters: { QueueUrl: 'q', MessageBody: '$request.body' },
};
const integration = (properties: object) => ofHttp('Integration', properties);
const JWT = { AuthorizerType: 'JWT', Name: 'a', IdentitySource: ['$request.header.Authorization'] };
const ISSUED = { JwtConfiguration: { Issuer: 'https://login.example.com', Audience: ['shop'] } };
const REQUEST = {
  AuthorizerType: 'REQUEST',
  Name: 'a',
  AuthorizerUri: FUNCTION_URI,
  AuthorizerPayloadFormatVersion: '2.0',
};
const cors = (CorsConfiguration: object) => part('Api', { Name: 'a', ProtocolType: 'HTTP', CorsConfiguration });

test.each<[string, ReturnType<typeof part>, string]>([
  ['a protocol', part('Api', { Name: 'a', ProtocolType: 'TCP' }), 'Must be one of [HTTP, WEBSOCKET]'],
  ['an API without a name', part('Api', { ProtocolType: 'HTTP' }), 'Invalid API name'],
  [
    'messages that select no route',
    part('Api', { Name: 'a', ProtocolType: 'WEBSOCKET' }),
    'Invalid routeSelectionExpression',
  ],
  [
    'requests that select their route',
    part('Api', { Name: 'a', ProtocolType: 'HTTP', RouteSelectionExpression: '$request.body.do' }),
    'currently limited',
  ],
  [
    'credentials for everybody',
    cors({ AllowCredentials: true, AllowOrigins: ['*'] }),
    "not supported if 'allow-origin' is *",
  ],
  [
    'an origin without a protocol',
    cors({ AllowOrigins: ['www.example.com'] }),
    'Invalid format for origin www.example.com',
  ],
  ['an answer remembered for two days', cors({ MaxAge: 172_800 }), 'MaxAge is from -1 to 86400'],
  [
    'cross-origin messages',
    part('Api', { ...SOCKET.Properties, CorsConfiguration: { AllowOrigins: ['*'] } }),
    'Cors is not supported',
  ],
  ['no route key', route(undefined), 'Route key is required'],
  ['a route key without a blank', route('GET/orders'), 'not formatted properly'],
  ['a verb', route('FETCH /orders'), 'not formatted properly'],
  ['a variable in a part', route('GET /e{id}'), 'path parts appear to be invalid'],
  ['a slash at the end', route('GET /orders/'), 'path parts appear to be invalid'],
  ['the id of an integration', route('GET /', { Target: 'abc' }), 'malformed target'],
  ['API keys', route('GET /', { ApiKeyRequired: true }), 'not currently supported for HTTP APIs'],
  ['a token of nobody', route('GET /', { AuthorizationType: 'JWT' }), 'requires a valid JWT authorizer'],
  ['scopes of nobody', route('GET /', { AuthorizationScopes: ['a'] }), 'only valid for COGNITO_USER_POOLS and JWT'],
  [
    'a guard on each message',
    ofSocket('Route', { RouteKey: 'say', AuthorizationType: 'AWS_IAM' }),
    'restricted to the $connect route',
  ],
  [
    'a mock',
    integration({ IntegrationType: 'MOCK', PayloadFormatVersion: '1.0' }),
    'only be associated with proxy integrations',
  ],
  ['no format', integration({ ...LAMBDA, PayloadFormatVersion: undefined }), 'required parameter for integration'],
  ['a format', integration({ ...LAMBDA, PayloadFormatVersion: '3.0' }), 'Unsupported PayloadFormatVersion: 3.0'],
  [
    'the format of functions',
    integration({ ...PROXY, PayloadFormatVersion: '2.0' }),
    'not supported for integration of type HTTP_PROXY',
  ],
  [
    'a proxy without a verb',
    integration({ ...PROXY, IntegrationMethod: undefined }),
    'must be specified for integrationType HTTPPROXY',
  ],
  [
    'a wait of half a minute and more',
    integration({ ...LAMBDA, TimeoutInMillis: 30_001 }),
    'between 50 ms and 30000 ms',
  ],
  [
    'messages that wait as long',
    ofSocket('Integration', { IntegrationType: 'AWS_PROXY', TimeoutInMillis: 29_001 }),
    'between 50 ms and 29000 ms',
  ],
  ['messages in the second format', ofSocket('Integration', LAMBDA), 'Unsupported PayloadFormatVersion: 2.0'],
  [
    'a link without its id',
    integration({
      ...PROXY,
      ConnectionType: 'VPC_LINK',
      IntegrationUri: 'arn:aws:servicediscovery:eu-west-1:1:service/srv-1',
    }),
    'ConnectionId must be set',
  ],
  [
    'a link to a load balancer',
    integration({
      ...PROXY,
      ConnectionType: 'VPC_LINK',
      ConnectionId: 'l',
      IntegrationUri: 'arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/a/b',
    }),
    'valid ELB listener ARN',
  ],
  [
    'a service without a role',
    integration({ ...SQS, ...SENT, CredentialsArn: undefined }),
    'Role ARN must be specified',
  ],
  [
    'a service without its parameters',
    integration({ ...SQS, ...SENT, RequestParameters: { QueueUrl: 'q' } }),
    'all of the following parameters: QueueUrl, MessageBody',
  ],
  [
    'a service in the second format',
    integration({ ...SQS, ...SENT, PayloadFormatVersion: '2.0' }),
    'Operation: SQS-SendMessage is not supported',
  ],
  [
    'a mapping of a REST API',
    integration({ ...PROXY, RequestParameters: { 'integration.request.header.a': "'b'" } }),
    'Invalid Request Actioned Parameter',
  ],
  [
    'a mapping of a reserved header',
    integration({ ...PROXY, RequestParameters: { 'overwrite:header.Authorization': 'x' } }),
    "the header 'Authorization' is reserved",
  ],
  [
    'a response mapping',
    integration({
      ...PROXY,
      ResponseParameters: { 200: { ResponseParameters: [{ Destination: 'append:statuscode', Source: '1' }] } },
    }),
    'Invalid Response Actioned Parameter',
  ],
  [
    'a response that is none',
    integration({ ...PROXY, ResponseParameters: { 600: { ResponseParameters: [] } } }),
    'Status Code 600 is not valid',
  ],
  ['tokens without their issuer', ofHttp('Authorizer', JWT), 'must not be null for JWT Authorizer'],
  [
    'an issuer that is no URL',
    ofHttp('Authorizer', { ...JWT, JwtConfiguration: { Issuer: 'accounts.google.com', Audience: ['a'] } }),
    'not a valid URL',
  ],
  [
    'tokens for nobody',
    ofHttp('Authorizer', { ...JWT, JwtConfiguration: { Issuer: 'https://a.example', Audience: [] } }),
    'at least one audience',
  ],
  [
    'a source of a REST API',
    ofHttp('Authorizer', { ...REQUEST, IdentitySource: ['method.request.header.a'] }),
    'Invalid identity source expression',
  ],
  [
    'a function in no format',
    ofHttp('Authorizer', { ...REQUEST, AuthorizerPayloadFormatVersion: undefined }),
    'required parameter for REQUEST authorizer',
  ],
  ['no function', ofHttp('Authorizer', { ...REQUEST, AuthorizerUri: undefined }), 'AuthorizerUri is a required field'],
  [
    'yes or no in the first format',
    ofHttp('Authorizer', { ...REQUEST, AuthorizerPayloadFormatVersion: '1.0', EnableSimpleResponses: true }),
    'can only be set for',
  ],
  [
    'verdicts remembered of nobody',
    ofHttp('Authorizer', { ...REQUEST, AuthorizerResultTtlInSeconds: 300 }),
    'Identity source must be set',
  ],
  [
    'verdicts remembered for ever',
    ofHttp('Authorizer', { ...REQUEST, IdentitySource: ['$request.header.a'], AuthorizerResultTtlInSeconds: 3601 }),
    'between 0 and 3600',
  ],
  ['tokens of messages', ofSocket('Authorizer', { ...ISSUED, AuthorizerType: 'JWT' }), 'Only REQUEST authorizer type'],
  [
    'a source of an HTTP API',
    ofSocket('Authorizer', { ...REQUEST, IdentitySource: ['$request.header.a'] }),
    'Invalid request identity source expression',
  ],
  ['a stage with a dot', ofHttp('Stage', { StageName: 'v1.0' }), 'Stage name only allows'],
  [
    'a log without its request',
    ofHttp('Stage', { StageName: 'a', AccessLogSettings: { Format: '$context.status' } }),
    'must include either',
  ],
  [
    'a mapping that begins with a slash',
    part('ApiMapping', { DomainName: 'a.example', ApiMappingKey: '/' }),
    "should not start with a '/'",
  ],
  [
    'a mapping that ends with a slash',
    part('ApiMapping', { DomainName: 'a.example', ApiMappingKey: 'a/' }),
    "should not end with a '/'",
  ],
  [
    'a blank in a mapping',
    part('ApiMapping', { DomainName: 'a.example', ApiMappingKey: 'a b' }),
    'may contain only letters',
  ],
])('refuses %s', (_, One, why) => {
  expect(refused({ Http: HTTP, Socket: SOCKET, One })).toEqual({ One: [expect.stringContaining(why)] });
});

test.each<[string, Parameters<typeof refused>[0], string]>([
  ['a second route of one key', { One: route('GET /'), Two: route('GET /') }, 'Route with key GET / already exists'],
  [
    'settings of no route',
    { One: route('GET /'), Two: ofHttp('Stage', { StageName: 'a', RouteSettings: { 'GET /a': {} } }) },
    'Unable to find Route by key GET /a',
  ],
  [
    'a second stage of one name',
    { One: ofHttp('Stage', { StageName: 'a' }), Two: ofHttp('Stage', { StageName: 'a' }) },
    'Stage already exists',
  ],
  [
    'a function for tokens',
    {
      One: ofHttp('Authorizer', REQUEST),
      Two: route('GET /', { AuthorizationType: 'JWT', AuthorizerId: { Ref: 'One' } }),
    },
    'requires a valid JWT authorizer',
  ],
  [
    'an authorizer of another API',
    {
      One: ofSocket('Authorizer', REQUEST),
      Two: route('GET /', { AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'One' } }),
    },
    'requires a valid authorizer',
  ],
  [
    'a mapping that a REST API has',
    {
      One: { Type: 'AWS::ApiGateway::BasePathMapping', Properties: { DomainName: 'a.example' } },
      Two: part('ApiMapping', { DomainName: 'a.example' }),
    },
    'ApiMapping key already exists',
  ],
])('refuses %s', (_, resources, why) => {
  expect(refused({ Http: HTTP, Socket: SOCKET, ...resources })).toEqual({ Two: [expect.stringContaining(why)] });
});

test('accepts APIs with everything that API Gateway takes', () => {
  const linked = { ...PROXY, ConnectionType: 'VPC_LINK', ConnectionId: 'l' };
  const found = refused({
    Http: cors({ AllowCredentials: true, AllowOrigins: ['https://a.example', 'http://*'], MaxAge: -1 }),
    Socket: SOCKET,
    Quick: part('Api', { Name: 'quick', ProtocolType: 'HTTP', Target: FUNCTION_URI }),
    Listener: { Type: 'AWS::ElasticLoadBalancingV2::Listener', Properties: {} },
    Lambda: integration({
      ...LAMBDA,
      TimeoutInMillis: 30_000,
      RequestParameters: { 'append:header.a': '$request.path' },
    }),
    Private: integration({ ...linked, IntegrationUri: { Ref: 'Listener' } }),
    Named: integration({ ...linked, IntegrationUri: 'arn:aws:servicediscovery:eu-west-1:1:service/srv-1' }),
    Queue: integration({ ...SQS, ...SENT }),
    Changed: integration({
      ...PROXY,
      RequestParameters: { 'overwrite:path': '/a', 'remove:querystring.b': "''" },
      ResponseParameters: { 500: { ResponseParameters: [{ Destination: 'overwrite:statuscode', Source: '403' }] } },
    }),
    Root: route('ANY /', { Target: { 'Fn::Sub': 'integrations/${Lambda}' } }),
    Default: route('$default'),
    Greedy: route('GET /a.b/{c:d}/{all+}', {
      AuthorizationType: 'JWT',
      AuthorizerId: { Ref: 'Tokens' },
      AuthorizationScopes: ['a'],
    }),
    Tokens: ofHttp('Authorizer', { ...JWT, ...ISSUED }),
    Local: ofHttp('Authorizer', { ...JWT, JwtConfiguration: { Issuer: 'http://127.0.0.1:1', Audience: ['a'] } }),
    Function: ofHttp('Authorizer', {
      ...REQUEST,
      EnableSimpleResponses: true,
      IdentitySource: ['$context.routeKey'],
      AuthorizerResultTtlInSeconds: 3600,
    }),
    Stage: ofHttp('Stage', { StageName: '$default', RouteSettings: { 'ANY /': {} } }),
    Connect: ofSocket('Route', {
      RouteKey: '$connect',
      AuthorizationType: 'CUSTOM',
      AuthorizerId: { Ref: 'Guard' },
      ApiKeyRequired: true,
    }),
    Say: ofSocket('Route', { RouteKey: 'say something' }),
    Guard: ofSocket('Authorizer', {
      AuthorizerType: 'REQUEST',
      Name: 'a',
      AuthorizerUri: FUNCTION_URI,
      IdentitySource: ['route.request.querystring.token'],
    }),
    Mock: ofSocket('Integration', { IntegrationType: 'MOCK' }),
    One: part('ApiMapping', { DomainName: 'a.example', ApiMappingKey: 'orders/v1' }),
    Two: part('ApiMapping', { DomainName: 'a.example' }),
  });
  expect(found).toEqual({});
});

test('refuses nothing that only a parameter gives, or whose API is elsewhere', () => {
  const Value = { Ref: 'Given' };
  const found = refused(
    {
      Http: part('Api', {
        Name: Value,
        ProtocolType: Value,
        CorsConfiguration: { AllowCredentials: true, AllowOrigins: [Value] },
      }),
      Route: route(Value, { AuthorizationType: Value, Target: Value }),
      Same: route(Value),
      Guarded: ofHttp('Route', { RouteKey: 'say', AuthorizationType: 'AWS_IAM' }),
      Integration: integration({ IntegrationType: Value, TimeoutInMillis: Value }),
      Elsewhere: part('Integration', { ApiId: 'abc123', IntegrationType: 'MOCK', TimeoutInMillis: 29_500 }),
      Authorizer: ofHttp('Authorizer', {
        AuthorizerType: 'REQUEST',
        AuthorizerUri: Value,
        AuthorizerResultTtlInSeconds: Value,
      }),
      Tokens: ofHttp('Authorizer', { AuthorizerType: 'JWT', JwtConfiguration: { Issuer: Value, Audience: [Value] } }),
      Stage: ofHttp('Stage', { StageName: Value, RouteSettings: { 'GET /a': {} } }),
      One: part('ApiMapping', { DomainName: Value, ApiMappingKey: 'a' }),
      Two: part('ApiMapping', { DomainName: Value, ApiMappingKey: 'a' }),
    },
    { Parameters: { Given: { Type: 'String' } } },
  );
  expect(found).toEqual({});
});

test('refuses nothing that a dynamic reference gives', () => {
  const value = '{{resolve:ssm:/value}}';
  const found = refused({
    Http: part('Api', { Name: 'a', ProtocolType: 'HTTP', CorsConfiguration: { AllowOrigins: [value] } }),
    Route: route(value),
    Private: integration({ ...PROXY, IntegrationUri: value, ConnectionType: 'VPC_LINK', ConnectionId: value }),
    Authorizer: ofHttp('Authorizer', { ...REQUEST, IdentitySource: [value] }),
    Stage: ofHttp('Stage', { StageName: 'a', RouteSettings: { 'GET /a': {} } }),
  });
  expect(found).toEqual({});
});

test('settings may be of routes of a quick create and of documents', () => {
  const Stage = ofHttp('Stage', { StageName: 'a', RouteSettings: { $default: {} } });
  const quick = part('Api', { Name: 'a', ProtocolType: 'HTTP', Target: 'https://a.example' });
  const elsewhere = part('Api', { BodyS3Location: { Bucket: 'b', Key: 'k' } });
  for (const Http of [quick, elsewhere]) expect(refused({ Http, Route: route('GET /a'), Stage })).toEqual({});
});

test('an authorizer may be of an API that is not known', () => {
  const authorizer = part('Authorizer', { ...JWT, ...ISSUED, ApiId: { Ref: 'AWS::Nope' } });
  const guarded = route('GET /a', { AuthorizationType: 'JWT', AuthorizerId: { Ref: 'Authorizer' } });
  expect(refused({ Http: HTTP, Authorizer: authorizer, Route: guarded })).toEqual({});
});
