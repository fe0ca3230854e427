import { FUNCTION_URI, refused, refusedInTwoRegions } from './support';

const ROOT = { 'Fn::GetAtt': ['Api', 'RootResourceId'] };
const REST = { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'api' } };
const RestApiId = { Ref: 'Api' };
const part = (kind: string, properties: object) => ({ Type: `AWS::ApiGateway::${kind}`, Properties: properties });
const own = (kind: string, properties: object) => part(kind, { RestApiId, ...properties });
const resource = (PathPart: string, ParentId: object = ROOT) => own('Resource', { PathPart, ParentId });
const MOCK = { Type: 'MOCK' };
const LAMBDA = { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri: FUNCTION_URI };
const method = (properties: object) =>
  own('Method', { HttpMethod: 'GET', ResourceId: ROOT, AuthorizationType: 'NONE', Integration: MOCK, ...properties });
const S3 = { Type: 'AWS', IntegrationHttpMethod: 'GET', Uri: 'arn:aws:apigateway:eu-west-1:s3:path/b/k' };
const TOKEN = { Name: 'a', Type: 'TOKEN', AuthorizerUri: FUNCTION_URI, IdentitySource: 'method.request.header.Auth' };
const REQUEST = { ...TOKEN, Type: 'REQUEST' };
const CORS = { StatusCode: '200', ResponseParameters: { 'method.response.header.Vary': "'Origin'" } };

test.each<[string, object, string]>([
  [
    'an API too eager to compress',
    part('RestApi', { Name: 'a', MinimumCompressionSize: 10_485_761 }),
    'Invalid minimum',
  ],
  ['an API without a name', part('RestApi', {}), 'Name is required'],
  [
    'two endpoint types',
    part('RestApi', { Name: 'a', EndpointConfiguration: { Types: ['EDGE', 'REGIONAL'] } }),
    'multiple',
  ],
  [
    'an endpoint type of its own',
    part('RestApi', { Name: 'a', EndpointConfiguration: { Types: ['GLOBAL'] } }),
    'Valid options',
  ],
  [
    'endpoints of a public API',
    part('RestApi', { Name: 'a', EndpointConfiguration: { VpcEndpointIds: ['vpce-1'] } }),
    'PRIVATE',
  ],
  ['a policy that is none', part('RestApi', { Name: 'a', Policy: 'Allow' }), 'Invalid policy document'],
  ['a path part', resource('a b'), 'path part only allow'],
  ['a verb', method({ HttpMethod: 'FETCH' }), 'Invalid HttpMethod'],
  ['a type of integration', method({ Integration: { Type: 'LAMBDA' } }), "got 'LAMBDA'"],
  [
    'an integration without a verb',
    method({ Integration: { Type: 'HTTP', Uri: 'http://a.example' } }),
    'must be non-empty',
  ],
  [
    'a URL without a protocol',
    method({ Integration: { Type: 'HTTP', IntegrationHttpMethod: 'GET', Uri: 'a.example' } }),
    'Invalid HTTP endpoint',
  ],
  [
    'the ARN of a function',
    method({ Integration: { ...LAMBDA, Uri: 'arn:aws:lambda:eu-west-1:1:function:f' } }),
    'path or action',
  ],
  ['no ARN', method({ Integration: { ...LAMBDA, Uri: 'f' } }), 'Invalid ARN'],
  [
    'a proxy of S3',
    method({ Integration: { ...S3, Type: 'AWS_PROXY' } }),
    'only supports Lambda function and Firehose',
  ],
  ['a service without a role', method({ Integration: S3 }), 'Role ARN must be specified'],
  ['a role by its name', method({ Integration: { ...S3, Credentials: 'role' } }), 'Invalid ARN'],
  [
    'a link without its id',
    method({
      Integration: { Type: 'HTTP', IntegrationHttpMethod: 'GET', Uri: 'http://a', ConnectionType: 'VPC_LINK' },
    }),
    'ConnectionId',
  ],
  ['a short wait', method({ Integration: { ...MOCK, TimeoutInMillis: 49 } }), 'between 50 ms and 29000 ms'],
  [
    'a long wait at the edge',
    method({ Integration: { ...MOCK, TimeoutInMillis: 29_001 } }),
    'between 50 ms and 29000 ms',
  ],
  [
    'a text without quotes',
    method({ Integration: { ...MOCK, RequestParameters: { 'integration.request.header.a': 'b' } } }),
    'mapping expression specified: b',
  ],
  [
    'a parameter that the method lacks',
    method({ Integration: { ...MOCK, RequestParameters: { 'integration.request.path.a': 'method.request.path.a' } } }),
    'parameter specified: method.request.path.a',
  ],
  [
    'a key of the cache that it lacks',
    method({ Integration: { ...MOCK, CacheKeyParameters: ['method.request.querystring.q'] } }),
    'Invalid cache key',
  ],
  [
    'a mapping without its method response',
    method({ Integration: { ...MOCK, IntegrationResponses: [CORS] } }),
    'No method response exists',
  ],
  [
    'a header that the method response lacks',
    method({ Integration: { ...MOCK, IntegrationResponses: [CORS] }, MethodResponses: [{ StatusCode: '200' }] }),
    'parameter specified: method.response.header.Vary',
  ],
  [
    'a pattern with an open bracket',
    method({ Integration: { ...MOCK, IntegrationResponses: [{ StatusCode: '500', SelectionPattern: '(.*' }] } }),
    'Invalid regex',
  ],
  [
    'one name in two places',
    method({ RequestParameters: { 'method.request.header.a': true, 'method.request.querystring.a': true } }),
    'must be unique',
  ],
  [
    'a parameter of nowhere',
    method({ RequestParameters: { 'method.request.cookie.a': true } }),
    'parameter specified: method.request.cookie.a',
  ],
  ['a model that is none', method({ RequestModels: { 'application/json': 'Pet' } }), 'model identifier specified: Pet'],
  ['no authorizer', method({ AuthorizationType: 'CUSTOM' }), 'requires a valid authorizer'],
  ['scopes for everybody', method({ AuthorizationScopes: ['a'] }), 'only valid for COGNITO_USER_POOLS'],
  ['a type of authorizer', own('Authorizer', { ...TOKEN, Type: 'JWT' }), "got 'JWT'"],
  ['an authorizer without a name', own('Authorizer', { ...TOKEN, Name: undefined }), 'Name is required'],
  ['a token from nowhere', own('Authorizer', { ...TOKEN, IdentitySource: undefined }), 'cannot be empty'],
  [
    'a token from two headers',
    own('Authorizer', { ...TOKEN, IdentitySource: 'method.request.header.a,method.request.header.b' }),
    'Invalid token source',
  ],
  [
    'a token of a query',
    own('Authorizer', { ...TOKEN, IdentitySource: 'method.request.querystring.a' }),
    'Invalid token source',
  ],
  [
    'one of several sources',
    own('Authorizer', { ...REQUEST, IdentitySource: 'method.request.header.a, header.b' }),
    'expression: header.b.',
  ],
  [
    'verdicts remembered of nobody',
    own('Authorizer', { ...REQUEST, IdentitySource: undefined }),
    'IdentitySource is required',
  ],
  [
    'verdicts remembered for ever',
    own('Authorizer', { ...TOKEN, AuthorizerResultTtlInSeconds: 3601 }),
    'between 0 and 3600',
  ],
  [
    'an authorizer without a function',
    own('Authorizer', { ...TOKEN, AuthorizerUri: undefined }),
    'AuthorizerUri is a required',
  ],
  [
    'an authorizer by its ARN',
    own('Authorizer', { ...TOKEN, AuthorizerUri: 'arn:aws:lambda:eu-west-1:1:function:f' }),
    'Invalid Authorizer URI',
  ],
  [
    'no user pool',
    own('Authorizer', { Name: 'a', Type: 'COGNITO_USER_POOLS', IdentitySource: 'method.request.header.a' }),
    'ProviderARNs cannot be empty',
  ],
  ['a model with a hyphen', own('Model', { Name: 'a-b', Schema: { type: 'object' } }), 'must be alphanumeric'],
  ['a media type', own('Model', { ContentType: 'json', Schema: { type: 'object' } }), 'content type specified: json'],
  ['no schema', own('Model', {}), 'at least 1 property'],
  ['a schema that is no JSON', own('Model', { Schema: '{' }), 'Invalid model schema'],
  ['a type in capitals', own('Model', { Schema: { properties: { a: { type: 'String' } } } }), 'Invalid model schema'],
  ['nothing that is required', own('Model', { Schema: { type: 'object', required: [] } }), 'Invalid model schema'],
  ['a value twice', own('Model', { Schema: { enum: ['A', 'A'] } }), 'Invalid model schema'],
  ['a model by its name', own('Model', { Schema: { items: { $ref: 'Pet' } } }), 'canonical form'],
  ['a validator without a name', own('RequestValidator', { Name: '' }), 'cannot be blank'],
  ['the status of an error', own('GatewayResponse', { ResponseType: 'DEFAULT_4XX', StatusCode: '4XX' }), "got '4XX'"],
  ['a stage with a space', own('Stage', { StageName: 'v 4' }), 'Stage name only allows'],
  ['a variable of a stage', own('Stage', { StageName: 'a', Variables: { 'a-b': '1' } }), 'Invalid stage variable name'],
  ['a size of a cache', own('Stage', { StageName: 'a', CacheClusterSize: '1' }), 'CacheClusterSize is one of'],
  [
    'a canary for more than all',
    own('Stage', { StageName: 'a', CanarySetting: { PercentTraffic: 101 } }),
    'from 0 to 100',
  ],
  [
    'a log without its request',
    own('Stage', { StageName: 'a', AccessLogSetting: { Format: '$context.status' } }),
    'must include either',
  ],
  [
    'a path of settings',
    own('Stage', { StageName: 'a', MethodSettings: [{ HttpMethod: '*', ResourcePath: 'a' }] }),
    'setting path: a',
  ],
  [
    'a method of settings',
    own('Stage', { StageName: 'a', MethodSettings: [{ HttpMethod: 'get', ResourcePath: '/*' }] }),
    "the method 'get'",
  ],
  [
    'a cache that keeps too long',
    own('Stage', { StageName: 'a', MethodSettings: [{ CacheTtlInSeconds: 3601 }] }),
    'no greater than 3600',
  ],
  ['a short key', part('ApiKey', { Value: 'short' }), 'at least 20'],
  ['a long key', part('ApiKey', { Value: 'x'.repeat(129) }), 'exceeds maximum size of 128'],
  ['a quota of no time', part('UsagePlan', { Quota: { Limit: 5 } }), 'quota period'],
  ['a quota below none', part('UsagePlan', { Quota: { Limit: -1, Period: 'DAY' } }), 'quota limit'],
  [
    'the eighth day of a week',
    part('UsagePlan', { Quota: { Limit: 5, Period: 'WEEK', Offset: 7 } }),
    'between 0 and 6',
  ],
  [
    'a plan for no stage',
    part('UsagePlan', { ApiStages: [{ ApiId: RestApiId, Stage: 'prod' }] }),
    'API Stage not found',
  ],
  [
    'a plan for a method',
    part('UsagePlan', { ApiStages: [{ ApiId: RestApiId, Throttle: { GET: {} } }] }),
    'Invalid method',
  ],
  ['a key of another type', part('UsagePlanKey', { KeyType: 'KEY' }), 'KeyType is API_KEY'],
  [
    'two levels below a domain',
    part('BasePathMapping', { DomainName: 'a.example', BasePath: 'a/b' }),
    'slash character',
  ],
  ['a deployment of nothing', own('Deployment', {}), "doesn't contain any methods"],
])('refuses %s', (_, One, why) => {
  const found = refused({ Api: REST, One: One as typeof REST });
  expect(found).toEqual({ One: [expect.stringContaining(why)] });
});

const SECOND = 'API Key already exists';
test.each<[string, Parameters<typeof refused>[0], string]>([
  ['a second variable beside one', { One: resource('{a}'), Two: resource('{b}') }, 'A sibling ({a}) of this resource'],
  ['a second resource of one name', { One: resource('a'), Two: resource('a') }, 'already has this name: a'],
  [
    'a resource below a greedy one',
    { One: resource('{all+}'), Two: resource('a', { Ref: 'One' }) },
    'greedy path variable: {all+}',
  ],
  ['a second method of a resource', { One: method({}), Two: method({}) }, 'Method already exists'],
  [
    'a second stage of one name',
    { One: own('Stage', { StageName: 'a' }), Two: own('Stage', { StageName: 'a' }) },
    'Stage already exists',
  ],
  [
    'a stage that its deployment creates',
    {
      One: method({}),
      Deployed: own('Deployment', { StageName: 'a' }),
      Two: own('Stage', { StageName: 'a', DeploymentId: { Ref: 'Deployed' } }),
    },
    'Stage already exists',
  ],
  [
    'the settings of a stage that a deployment creates',
    { One: method({}), Two: own('Deployment', { StageName: 'a', StageDescription: { Variables: { 'a-b': 'c' } } }) },
    'Invalid stage variable name: a-b',
  ],
  [
    'a second model of one name',
    { One: own('Model', { Name: 'A', Schema: {} }), Two: own('Model', { Name: 'A', Schema: {} }) },
    'Model name already exists',
  ],
  [
    'a second key of one value',
    { One: part('ApiKey', { Value: 'x'.repeat(20) }), Two: part('ApiKey', { Value: 'x'.repeat(20) }) },
    SECOND,
  ],
  [
    'a deployment without an integration',
    { One: method({ Integration: undefined }), Two: own('Deployment', {}) },
    'No integration defined',
  ],
  [
    'an authorizer of another kind',
    {
      One: own('Authorizer', TOKEN),
      Two: method({ AuthorizationType: 'COGNITO_USER_POOLS', AuthorizerId: { Ref: 'One' } }),
    },
    'Invalid authorizer ID',
  ],
  [
    'an authorizer of another API',
    {
      Other: REST,
      One: part('Authorizer', { ...TOKEN, RestApiId: { Ref: 'Other' } }),
      Two: method({ AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'One' } }),
    },
    'Invalid authorizer ID',
  ],
  [
    'a validator of another API',
    {
      Other: REST,
      One: part('RequestValidator', { RestApiId: { Ref: 'Other' } }),
      Two: method({ RequestValidatorId: { Ref: 'One' } }),
    },
    'Invalid Request Validator',
  ],
  [
    'a second mapping of a domain',
    {
      One: part('BasePathMapping', { DomainName: 'a.example' }),
      Two: part('BasePathMapping', { DomainName: 'a.example', BasePath: '(none)' }),
    },
    'Base path already exists',
  ],
])('refuses %s', (_, resources, why) => {
  expect(refused({ Api: REST, ...resources })).toEqual({ Two: [expect.stringContaining(why)] });
});

test('accepts an API with everything that API Gateway takes', () => {
  const declared = { 'method.request.path.id': true, 'method.request.querystring.q': false };
  const mapped = { 'integration.request.path.id': 'method.request.path.id', 'integration.request.header.b': "'b'" };
  const found = refused({
    Api: part('RestApi', { Name: 'a', EndpointConfiguration: { Types: ['REGIONAL'] }, MinimumCompressionSize: 0 }),
    Orders: resource('orders'),
    Order: resource('{id}', { Ref: 'Orders' }),
    All: resource('{all+}'),
    Pet: own('Model', {
      Name: 'Pet',
      ContentType: 'application/json',
      Schema: {
        $schema: 'http://json-schema.org/draft-04/schema#',
        type: ['object', 'null'],
        required: ['type'],
        properties: { type: { enum: ['cat', null] }, tag: { $ref: '#/definitions/Tag' } },
        definitions: { Tag: { $ref: 'https://apigateway.amazonaws.com/restapis/abc/models/Tag' } },
      },
    }),
    Validator: own('RequestValidator', { Name: 'body', ValidateRequestBody: true }),
    Token: own('Authorizer', { ...TOKEN, AuthorizerResultTtlInSeconds: 0 }),
    Request: own('Authorizer', { ...REQUEST, IdentitySource: undefined, AuthorizerResultTtlInSeconds: 0 }),
    Sources: own('Authorizer', { ...REQUEST, IdentitySource: 'method.request.querystring.a,context.path' }),
    Post: method({
      HttpMethod: 'POST',
      ResourceId: { Ref: 'Orders' },
      AuthorizationType: 'CUSTOM',
      AuthorizerId: { Ref: 'Token' },
      RequestModels: { 'application/json': { Ref: 'Pet' }, 'text/plain': 'Empty' },
      RequestValidatorId: { Ref: 'Validator' },
      Integration: { ...LAMBDA, TimeoutInMillis: 60_000 },
    }),
    Get: method({
      ResourceId: { Ref: 'Order' },
      RequestParameters: declared,
      MethodResponses: [{ StatusCode: '200', ResponseParameters: { 'method.response.header.Vary': true } }],
      Integration: {
        ...S3,
        Credentials: 'arn:aws:iam::111111111111:role/r',
        RequestParameters: mapped,
        CacheKeyParameters: ['method.request.path.id', 'integration.request.header.b'],
        IntegrationResponses: [CORS, { StatusCode: '404', SelectionPattern: '(?i).*\\(no[\\])(]?\\).*|[^(]' }],
      },
    }),
    Any: method({
      HttpMethod: 'ANY',
      ResourceId: { Ref: 'All' },
      Integration: { ...S3, Uri: 'arn:aws:apigateway:eu-west-1:lambda:path/x' },
    }),
    Deployment: own('Deployment', {}),
    Stage: own('Stage', {
      StageName: 'v4-stg',
      CacheClusterSize: '0.5',
      Variables: { backend: 'https://a.example/~shop?b=c#d' },
      AccessLogSetting: { Format: '$context.extendedRequestId' },
      MethodSettings: [
        { HttpMethod: '*', ResourcePath: '/*' },
        { HttpMethod: 'GET', ResourcePath: '/~1orders~1{id}' },
      ],
    }),
    Plan: part('UsagePlan', {
      ApiStages: [{ ApiId: RestApiId, Stage: 'v4-stg', Throttle: { '/orders/GET': {} } }],
      Quota: { Limit: 1, Period: 'MONTH', Offset: 27 },
    }),
    Key: part('ApiKey', { Value: 'x'.repeat(128) }),
    One: part('BasePathMapping', { DomainName: 'a.example', BasePath: 'a' }),
    Two: part('BasePathMapping', { DomainName: 'b.example', BasePath: 'a' }),
  });
  expect(found).toEqual({});
});

test('refuses nothing that only a parameter gives', () => {
  const Value = { Ref: 'Given' };
  const found = refused(
    {
      Api: part('RestApi', { Name: Value, EndpointConfiguration: { Types: [Value] }, MinimumCompressionSize: Value }),
      One: own('Resource', { PathPart: '{a}', ParentId: Value }),
      Two: own('Resource', { PathPart: '{b}', ParentId: Value }),
      Token: own('Authorizer', { Name: 'a', Type: Value, AuthorizerUri: Value }),
      Request: own('Authorizer', { ...REQUEST, IdentitySource: undefined, AuthorizerResultTtlInSeconds: Value }),
      Model: own('Model', { Name: Value, Schema: { type: Value, required: [Value], enum: [Value] } }),
      Method: method({
        AuthorizationType: Value,
        RequestModels: { 'application/json': Value },
        MethodResponses: [{ StatusCode: Value }],
        Integration: {
          Type: 'AWS',
          IntegrationHttpMethod: Value,
          Uri: Value,
          TimeoutInMillis: Value,
          RequestParameters: { 'integration.request.header.a': Value },
          IntegrationResponses: [CORS],
        },
      }),
      Other: method({ HttpMethod: 'PUT', ResourceId: Value }),
      Another: method({ HttpMethod: 'PUT', ResourceId: Value }),
      Elsewhere: part('Deployment', { RestApiId: Value }),
      Stage: own('Stage', { StageName: Value, CacheClusterSize: Value, Variables: { a: Value } }),
      Plan: part('UsagePlan', {
        ApiStages: [{ ApiId: RestApiId, Stage: 'prod' }],
        Quota: { Period: Value, Limit: Value },
      }),
      Key: part('ApiKey', { Value }),
    },
    { Parameters: { Given: { Type: 'String' } } },
  );
  expect(found).toEqual({});
});

test('methods of other stacks and documents count for a deployment', () => {
  const Deployment = own('Deployment', {});
  const nested = { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'https://s3.example/t.json' } };
  const body = part('RestApi', { BodyS3Location: { Bucket: 'b', Key: 'k' } });
  expect(refused({ Api: REST, Deployment, Nested: nested })).toEqual({});
  expect(refused({ Api: body, Deployment })).toEqual({});
  expect(refused({ Deployment: part('Deployment', { RestApiId: 'abc123' }) })).toEqual({});
});

test('refuses nothing that a dynamic reference gives', () => {
  const value = '{{resolve:ssm:/value}}';
  const found = refused({
    Api: part('RestApi', { Name: value, EndpointConfiguration: { Types: [value], VpcEndpointIds: [value] } }),
    Request: own('Authorizer', { ...REQUEST, IdentitySource: value }),
    Method: method({
      RequestModels: { 'application/json': value },
      Integration: {
        ...S3,
        Uri: value,
        Credentials: value,
        RequestParameters: { 'integration.request.header.a': value },
      },
    }),
    Plan: part('UsagePlan', { ApiStages: [{ ApiId: RestApiId, Stage: value }] }),
  });
  expect(found).toEqual({});
});

test.each<[string, Parameters<typeof refused>[0]]>([
  ['a dollar sign in a path', { One: resource('$export'), Two: resource('a,b') }],
  [
    'endpoints of an API whose type is not known',
    {
      One: part('RestApi', {
        Name: 'a',
        EndpointConfiguration: { Types: [{ Ref: 'AWS::Nope' }], VpcEndpointIds: ['vpce-1'] },
      }),
    },
  ],
  [
    'a key of a cache for parameters that are not known',
    {
      One: method({
        RequestParameters: { Ref: 'AWS::Nope' },
        Integration: { ...MOCK, CacheKeyParameters: ['method.request.path.a'] },
      }),
    },
  ],
  [
    'a parameter with one value and with several',
    {
      One: method({
        RequestParameters: { 'method.request.header.a': true, 'method.request.multivalueheader.a': true },
      }),
    },
  ],
  [
    'a model of a copied API',
    {
      Api: part('RestApi', { CloneFrom: 'abc123' }),
      One: method({ RequestModels: { 'application/json': 'Pet' } }),
    },
  ],
  ['a quota of none', { One: part('UsagePlan', { Quota: { Limit: 0, Period: 'DAY' } }) }],
  [
    'a stage beside one that its deployment creates',
    {
      One: method({}),
      Deployed: own('Deployment', { StageName: 'a' }),
      Two: own('Stage', { StageName: 'b', DeploymentId: { Ref: 'Deployed' } }),
    },
  ],
])('accepts %s', (_, resources) => {
  expect(refused({ Api: REST, ...resources })).toEqual({});
});

test('accepts one domain in two regions', () => {
  const domain = { DomainName: 'api.example.com' };
  expect(
    refusedInTwoRegions({
      Domain: part('DomainName', domain),
      Mapping: part('BasePathMapping', { DomainName: { Ref: 'Domain' } }),
      Literal: part('BasePathMapping', { ...domain, BasePath: 'v1' }),
      Newer: { Type: 'AWS::ApiGatewayV2::ApiMapping', Properties: { ...domain, ApiMappingKey: 'v2' } },
    }),
  ).toEqual({});
});
