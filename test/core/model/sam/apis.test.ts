import { accessMatrix } from '../../../../lib/access/matrix';
import { routes } from '../../../../lib/core/model/api-routes';
import type { Model } from '../../../../lib/core/model/model';
import { readTemplate } from '../../../../lib/core/model/read-template';
import { unreadIn } from '../../../../lib/core/model/unread';
import { judge } from '../../../../lib/rules/judge';
import { apiRouteAuthorizer } from '../../../../lib/rules/rules/apis/api-route-authorizer';

function sam(resources: string, more = ''): Model {
  const indented = resources.trim().replace(/^/gm, '  ');
  return readTemplate(`Transform: AWS::Serverless-2016-10-31\n${more}\nResources:\n${indented}\n`, { name: 'T' });
}

const properties = (model: Model, id: string) => model.resources.get(`T/${id}`)?.properties;
const typesOf = (model: Model) => [...model.resources.values()].map(({ logicalId, type }) => `${logicalId} ${type}`);
const open = (model: Model) => judge(model, { rules: [apiRouteAuthorizer] }).findings.map(({ message }) => message);

/** Rows of the matrix: `anyone * conditional execute-api:Invoke on T/Api/*\/GET/x if an API key is given`. */
function rows(model: Model, who: string): string[] {
  return accessMatrix(model)
    .entries.filter(({ principal }) => `${principal.kind} ${principal.name}` === who)
    .map(
      ({ verdict, actions, resource, conditions }) =>
        `${verdict} ${actions.join()} on ${resource}${conditions.length > 0 ? ` if ${conditions.join(' and ')}` : ''}`,
    );
}

const fn = (name: string, rest = '', condition = '') => `
${name}:
  Type: AWS::Serverless::Function${condition && `\n  Condition: ${condition}`}
  Properties:
    Handler: a.b
    Runtime: nodejs22.x
${rest.trim().replace(/^/gm, '    ')}`;

const event = (properties: string) => `Events: { Call: { Type: Api, Properties: { ${properties} } } }`;

test('a WebSocket API has its routes, the permissions of each, and asks on connecting', () => {
  const model = sam(`
Api:
  Type: AWS::Serverless::WebSocketApi
  Properties:
    RouteSelectionExpression: $request.body.action
    Routes: { $connect: { FunctionArn: !GetAtt Fn.Arn }, send: { FunctionArn: !GetAtt Fn.Arn } }
${fn('Fn')}`);
  expect(unreadIn(model)).toEqual([]);
  expect(open(model)).toEqual(['answers $connect to anyone']);
  expect(rows(model, 'api T/Api')).toEqual([
    "conditional lambda:InvokeFunction on T/Fn if aws:SourceArn is like 'T/Api/default/$connect' or 'T/Api/default/send'",
  ]);
});

test('a WebSocket API with an authorizer lets it be called, or has a role that calls it', () => {
  const api = (more: string) => `
Api:
  Type: AWS::Serverless::WebSocketApi
  Properties:
    RouteSelectionExpression: $request.body.action
    StageName: Prod
    Auth: { AuthType: CUSTOM, AuthArn: !GetAtt Auth.Arn${more} }
    Routes: { $connect: { FunctionArn: !GetAtt Fn.Arn } }
${fn('Fn')}${fn('Auth')}`;
  const asked = sam(api(''));
  expect(open(asked)).toEqual([]);
  expect(rows(asked, 'api T/Api')).toContain(
    "conditional lambda:InvokeFunction on T/Auth if aws:SourceArn is like 'T/Api/authorizers/*'",
  );
  const byRole = sam(api(', InvokeRole: !GetAtt FnRole.Arn'));
  expect(properties(byRole, 'ApiAuthorizerPermission')).toBeUndefined();
  expect(properties(byRole, 'ApiConnectAuthorizer')).toHaveProperty('AuthorizerCredentialsArn');
});

test('a GraphQL API has its log role, and its data sources roles that may use what they read', () => {
  const model = sam(`
Graph:
  Type: AWS::Serverless::GraphQLApi
  Properties:
    SchemaInline: 'type Query { a: String }'
    Auth: { Type: AWS_LAMBDA, LambdaAuthorizer: { AuthorizerUri: !GetAtt Auth.Arn }, Additional: [{ Type: API_KEY }] }
    DataSources:
      DynamoDb: { Table: { TableName: orders, Permissions: [Read] } }
      Lambda: { Call: { FunctionArn: !GetAtt Fn.Arn } }
    Resolvers: { Query: { a: { Runtime: { Name: APPSYNC_JS, Version: 1.0.0 }, InlineCode: x } } }
${fn('Fn')}${fn('Auth')}`);
  expect(unreadIn(model)).toEqual([]);
  expect(properties(model, 'Graph')).toMatchObject({
    AuthenticationType: 'AWS_LAMBDA',
    AdditionalAuthenticationProviders: [{ AuthenticationType: 'API_KEY' }],
    LogConfig: { FieldLogLevel: 'ALL' },
  });
  expect(typesOf(model)).toEqual(
    expect.arrayContaining(['GraphCloudWatchRole AWS::IAM::Role', 'GraphQuerya AWS::AppSync::Resolver']),
  );
  const granted = rows(model, 'api T/Graph');
  expect(granted.some((row) => /^allowed .*dynamodb:GetItem.* on .*table\/orders$/.test(row))).toBe(true);
  expect(granted.some((row) => row.includes('dynamodb:PutItem'))).toBe(false);
  expect(granted).toContainEqual(expect.stringMatching(/^allowed .*lambda:InvokeFunction.* on T\/Fn$/));
  expect(granted).toContainEqual(expect.stringMatching(/lambda:InvokeFunction on T\/Auth/));
});

test('a capacity provider has a role that runs its instances, unless one is given', () => {
  const provider = (more = '') =>
    sam(`Cap: { Type: AWS::Serverless::CapacityProvider, Properties: { VpcConfig: { SubnetIds: [s] }${more} } }`);
  expect(typesOf(provider())).toEqual(['Cap AWS::Lambda::CapacityProvider', 'CapOperatorRole AWS::IAM::Role']);
  expect(typesOf(provider(', OperatorRole: arn:aws:iam::111111111111:role/r'))).toHaveLength(1);
});

describe('a domain', () => {
  const api = (id: string, type: string, more: string) => `
${id}:
  Type: AWS::Serverless::${type}
  Properties:
    StageName: v1
    Domain: { DomainName: ${id}.example.com, CertificateArn: c, BasePath: [one, /two-b], Route53: { HostedZoneId: Z1${more} } }`;

  test('leads to the stage by its paths, and its records to it', () => {
    const model = sam(`${api('A', 'Api', '')}${api('B', 'HttpApi', ', IpV6: true')}`);
    expect(properties(model, 'AoneBasePathMapping')).toMatchObject({ BasePath: 'one', RestApiId: { target: 'T/A' } });
    expect(properties(model, 'Atwob' + 'BasePathMapping')).toMatchObject({ BasePath: 'two-b' });
    expect(properties(model, 'BoneApiMapping')).toMatchObject({
      ApiMappingKey: 'one',
      Stage: { target: 'T/Bv1Stage' },
    });
    const [group, ...others] = [...model.resources.values()].filter(({ type }) => type.endsWith('RecordSetGroup'));
    expect(others).toEqual([]);
    expect(group?.properties.RecordSets).toMatchObject([
      { Name: 'A.example.com', Type: 'A' },
      { Name: 'B.example.com', Type: 'A' },
      { Name: 'B.example.com', Type: 'AAAA' },
    ]);
  });
});

describe('the resource policy of an API', () => {
  test('names the paths of its routes', () => {
    const model = sam(
      fn('Fn', event('Path: /a, Method: put')),
      "Globals: { Api: { Auth: { ResourcePolicy: { IpRangeBlacklist: ['1.2.3.4'] } } } }",
    );
    expect(rows(model, 'anyone *')).toContain(
      "denied execute-api:Invoke on T/ServerlessRestApi/Prod/PUT/a if aws:SourceIp is in '1.2.3.4'",
    );
    expect(open(model)).toEqual([]);
  });

  test('may be that of one event', () => {
    const policy = "Auth: { ResourcePolicy: { AwsAccountWhitelist: ['111111111111'] } }";
    const model = sam(fn('Fn', event(`Path: /a, Method: any, ${policy}`)));
    expect(rows(model, 'account 111111111111')).toEqual(['allowed execute-api:Invoke on T/ServerlessRestApi/Prod/*/a']);
  });

  test('tells a network from an endpoint by the default of a parameter', () => {
    const model = sam(
      fn('Fn', event('Path: /a, Method: get')),
      `Parameters: { Net: { Type: String, Default: vpc-1 } }
Globals: { Api: { Auth: { ResourcePolicy: { SourceVpcWhitelist: [!Ref Net, vpce-2] } } } }`,
    );
    const condition = rows(model, 'anyone *').find((row) => row.startsWith('denied'));
    expect(condition).toContain("aws:SourceVpc is not 'vpc-1'");
    expect(condition).toContain("aws:SourceVpce is not 'vpce-2'");
  });

  test('in the definition alone guards its routes', () => {
    const model = sam(`
Api:
  Type: AWS::ApiGateway::RestApi
  Properties:
    Body:
      swagger: '2.0'
      paths: { /a: { get: { x-amazon-apigateway-integration: { type: aws_proxy, uri: u } } } }
      x-amazon-apigateway-policy:
        Statement:
          - { Effect: Allow, Principal: '*', Action: 'execute-api:Invoke', Resource: '*' }
          - Effect: Deny
            Principal: '*'
            Action: execute-api:Invoke
            Resource: '*'
            Condition: { NotIpAddress: { 'aws:SourceIp': 10.0.0.0/8 } }`);
    expect(open(model)).toEqual([]);
  });
});

test('an API key that the API asks for is asked for by its routes, and by none that says no', () => {
  const model = sam(
    `${fn('A', event('Path: /a, Method: get'))}${fn('B', event('Path: /b, Method: get, Auth: { ApiKeyRequired: false }'))}`,
    'Globals: { Api: { Auth: { ApiKeyRequired: true } } }',
  );
  expect(rows(model, 'anyone *')).toEqual([
    'conditional execute-api:Invoke on T/ServerlessRestApi/*/GET/a if an API key is given',
    'allowed execute-api:Invoke on T/ServerlessRestApi/*/GET/b',
  ]);
});

const document = (paths: string, more = '') => `
Api:
  Type: AWS::Serverless::Api
  Properties:
    StageName: v1
    ${more}
    DefinitionBody: { swagger: '2.0', paths: ${paths} }
${fn('Fn', event('RestApiId: !Ref Api, Path: /a, Method: get, Auth: { Authorizer: NONE, OverrideApiAuth: true }'))}`;

test('an event that says so overrides what the definition asks', () => {
  const auth = 'Auth: { DefaultAuthorizer: Own, Authorizers: { Own: { UserPoolArn: u } } }';
  const paths = '{ /a: { get: { x-amazon-apigateway-integration: { uri: u } } }, /b: { get: { responses: {} } } }';
  expect(open(sam(document(paths, auth)))).toEqual(['answers GET /a to anyone']);
});

test('the default authorizer is that of routes that events add to a definition', () => {
  const model = sam(`
Api:
  Type: AWS::Serverless::HttpApi
  Properties:
    DefinitionBody: { openapi: 3.0.1, paths: {} }
    Auth: { EnableIamAuthorizer: true, DefaultAuthorizer: AWS_IAM }
${fn('Fn', 'Events: { Call: { Type: HttpApi, Properties: { ApiId: !Ref Api, Path: /x, Method: any } } }')}`);
  expect(open(model)).toEqual([]);
  expect(routes(model).map(({ key, authorization }) => [key, authorization])).toEqual([['ANY /x', 'AWS_IAM']]);
});

describe('an authorizer that a parameter names', () => {
  const api = (auth: string, call: string) => `
Api: { Type: AWS::Serverless::Api, Properties: { StageName: v1, Auth: { Authorizers: { Own: { UserPoolArn: u } }${auth} } } }
${fn('Fn', event(`RestApiId: !Ref Api, Path: !Ref Place, Method: get${call}`))}`;
  const parameters = (authorizer: string) =>
    `Parameters: { Place: { Type: String, Default: /a }, Named: { Type: String${authorizer} } }`;
  const kinds = (model: Model) => routes(model).map(({ key, authorization }) => [key, authorization]);

  test('is the default of the parameter', () => {
    const model = sam(api('', ', Auth: { Authorizer: !Ref Named }'), parameters(', Default: Own'));
    expect(kinds(model)).toEqual([['GET /a', 'COGNITO_USER_POOLS']]);
    const none = sam(api(', DefaultAuthorizer: !Ref Named', ''), parameters(', Default: NONE'));
    expect(open(none)).toEqual(['answers GET /a to anyone']);
  });

  test.each([
    ['', ', Auth: { Authorizer: !Ref Named }'],
    [', DefaultAuthorizer: !Ref Named', ''],
  ])('may be none where it has no default%s%s', (auth, call) => {
    const model = sam(api(auth, call), parameters(''));
    const { findings, unknown } = judge(model, { rules: [apiRouteAuthorizer] });
    expect([findings, unknown.map(({ message }) => message)]).toEqual([[], [expect.stringContaining("'Named'")]]);
  });
});

test('what only the deployment tells of a path is a parameter of it', () => {
  const calls = ['!Ref Place', "!Sub '/${Place}/b'"].map((path) => event(`Path: ${path}, Method: get`));
  for (const [index, key] of ['GET /{Place}', 'GET /{Place}/b'].entries()) {
    const model = sam(fn('Fn', calls[index]), 'Parameters: { Place: { Type: String } }');
    expect(open(model)).toEqual([`answers ${key} to anyone`]);
    expect(rows(model, 'api T/ServerlessRestApi')[0]).toContain('/GET/*');
  }
});

test('a route that the template writes itself has no default authorizer of SAM', () => {
  const model = sam(`
Api: { Type: AWS::Serverless::HttpApi, Properties: { Auth: { DefaultAuthorizer: AWS_IAM } } }
Fn: { Type: AWS::Lambda::Function, Properties: { Role: r } }
To: { Type: AWS::ApiGatewayV2::Integration, Properties: { ApiId: !Ref Api, IntegrationUri: !GetAtt Fn.Arn } }
Own: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref Api, RouteKey: GET /own, Target: !Sub 'integrations/\${To}' } }`);
  expect(open(model)).toEqual(['answers GET /own to anyone']);
});

describe('paths in branches of a condition', () => {
  const integration = 'x-amazon-apigateway-integration: { uri: u, credentials: !GetAtt FnRole.Arn }';
  const conditions = 'Parameters: { Stage: { Type: String } }\nConditions: { IsProd: !Equals [!Ref Stage, prod] }';

  test('are routes in each of them', () => {
    const paths = `{ /p: !If [IsProd, { get: { ${integration} } }, { post: { ${integration} } }] }`;
    const model = sam(document(paths), conditions);
    expect(open(model)).toEqual([
      'answers GET /p to anyone when IsProd',
      'answers GET /a to anyone',
      'answers POST /p to anyone when not IsProd',
    ]);
    expect(rows(model, 'anyone *')).toEqual(
      expect.arrayContaining([
        'conditional execute-api:Invoke on T/Api/*/GET/p if when IsProd',
        'conditional execute-api:Invoke on T/Api/*/POST/p if when not IsProd',
      ]),
    );
  });

  test('get the default authorizer each', () => {
    const auth = 'Auth: { DefaultAuthorizer: Own, Authorizers: { Own: { UserPoolArn: u } } }';
    const paths = `{ /p: !If [IsProd, { get: { ${integration} } }, !Ref AWS::NoValue] }`;
    expect(open(sam(document(paths, auth), conditions))).toEqual(['answers GET /a to anyone']);
  });
});

test('an API of nothing but conditional routes exists where one of them does', () => {
  const model = sam(
    `${fn('A', event('Path: /a, Method: get'), 'IsA')}${fn('B', event('Path: /b, Method: get'), 'IsB')}`,
    'Parameters: { S: { Type: String } }\nConditions: { IsA: !Equals [!Ref S, a], IsB: !Equals [!Ref S, b] }',
  );
  expect(model.resources.get('T/ServerlessRestApi')?.attributes.condition).toBe('ServerlessRestApiCondition');
  const none = sam(fn('A', event('Path: /a, Method: get'), 'Never'), "Conditions: { Never: !Equals ['1', '2'] }");
  expect(typesOf(none)).toEqual([]);
});

test('the roles in the definition of an API are those that it works with', () => {
  const model = sam(`
Api:
  Type: AWS::ApiGateway::RestApi
  Properties:
    Body:
      swagger: '2.0'
      securityDefinitions:
        Own: { type: apiKey, x-amazon-apigateway-authorizer: { authorizerCredentials: !GetAtt Role.Arn } }
      paths:
        /a: { get: { x-amazon-apigateway-integration: { uri: u, credentials: !GetAtt Role.Arn } } }
        /b: { get: { x-amazon-apigateway-integration: { uri: u, credentials: 'arn:aws:iam::*:user/*' } } }
Role:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument:
      Statement: [{ Effect: Allow, Action: 'sts:AssumeRole', Principal: { Service: apigateway.amazonaws.com } }]
    Policies:
      - { PolicyName: P, PolicyDocument: { Statement: [{ Effect: Allow, Action: 'sqs:SendMessage', Resource: '*' }] } }`);
  expect(rows(model, 'api T/Api')).toEqual(['allowed sqs:SendMessage on *']);
  expect(accessMatrix(model).entries.filter(({ verdict }) => verdict === 'unknown')).toEqual([]);
});
