import { accessMatrix } from '../../../../lib/access/matrix';
import type { Model } from '../../../../lib/core/model/model';
import { readTemplate } from '../../../../lib/core/model/read-template';
import { POLICY_TEMPLATES } from '../../../../lib/core/model/sam/policy-templates';
import { unreadIn } from '../../../../lib/core/model/unread';
import { judge } from '../../../../lib/rules/judge';
import { RULES } from '../../../../lib/rules/rules/registry';

function sam(resources: string, more = ''): Model {
  const indented = resources.trim().replace(/^/gm, '  ');
  return readTemplate(`Transform: AWS::Serverless-2016-10-31\n${more}\nResources:\n${indented}\n`, { name: 'T' });
}

const properties = (model: Model, id: string) => model.resources.get(`T/${id}`)?.properties;
const unread = (model: Model) => unreadIn(model).map(({ kind, reason }) => [kind, reason]);

/** What somebody may do: `sqs:SendMessage on T/Queue`. */
function grantsOf(model: Model, who: string): string[] {
  return accessMatrix(model)
    .entries.filter(({ principal }) => `${principal.kind} ${principal.name}` === who)
    .flatMap(({ actions, resource }) => actions.map((action) => `${action} on ${resource}`));
}

const open = (model: Model) =>
  judge(model, { rules: RULES.filter(({ id }) => id === 'ApiRouteAuthorizer') }).findings.map(({ message }) => message);

const fn = (name: string, rest = '') => `${name}:
  Type: AWS::Serverless::Function
  Properties:
    Handler: a.b
    Runtime: nodejs22.x
${rest.trim().replace(/^/gm, '    ')}`;

test('knows all 81 policy templates, and says which it does not', () => {
  expect(Object.keys(POLICY_TEMPLATES)).toHaveLength(81);
  const model = sam(fn('Fn', 'Policies: [{ AthenaQueryPolicy: { WorkGroupName: main } }, { BrandNewPolicy: {} }]'));
  expect(grantsOf(model, 'function T/Fn')).toEqual(
    expect.arrayContaining([
      'athena:ListWorkGroups on *',
      'athena:StartQueryExecution on arn:aws:athena:${AWS::Region}:${AWS::AccountId}:workgroup/main',
    ]),
  );
  expect(unread(model)).toEqual([['expansion', 'what the policy template BrandNewPolicy grants is not known here']]);
  expect(accessMatrix(model).entries.some(({ verdict }) => verdict === 'unknown')).toBe(true);
});

test('gives each branch of a conditional policy its grant', () => {
  const model = sam(
    fn('Fn', 'Policies: [!If [IsProd, SQSSendMessagePolicy: { QueueName: q }, AWSLambdaRole]]'),
    'Parameters: { Stage: { Type: String } }\nConditions: { IsProd: !Equals [!Ref Stage, prod] }',
  );
  const { entries } = accessMatrix(model);
  expect(entries.find(({ actions }) => actions.includes('sqs:SendMessage*'))?.conditions).toEqual(['when IsProd']);
  expect(entries.find(({ actions }) => actions.includes('lambda:InvokeFunction'))?.conditions).toEqual([
    'when not IsProd',
  ]);
});

describe('connectors', () => {
  const model = sam(`
${fn('Fn')}
  Connectors:
    Table: { Properties: { Destination: { Id: Table }, Permissions: [Read] } }
    Odd: { Properties: { Destination: { Id: Odd }, Permissions: [Write] } }
Table: { Type: AWS::Serverless::SimpleTable }
Odd: { Type: X::Y::Z }
Queue: { Type: AWS::SQS::Queue }
Topic: { Type: AWS::SNS::Topic }
Publishing:
  Type: AWS::Serverless::Connector
  Properties: { Source: { Id: Topic }, Destination: [{ Id: Queue }, { Id: Fn }], Permissions: [Write] }
`);

  test('let the role of the source use the destination', () => {
    expect(grantsOf(model, 'function T/Fn')).toEqual(
      expect.arrayContaining(['dynamodb:GetItem on T/Table', 'dynamodb:GetItem on T/Table/index/*']),
    );
    expect(grantsOf(model, 'function T/Fn').join()).not.toContain('dynamodb:PutItem');
  });

  test('let a service send and call', () => {
    expect(properties(model, 'PublishingQueuePolicyDestination0')).toBeDefined();
    expect(properties(model, 'PublishingWriteLambdaPermissionDestination1')).toMatchObject({
      Principal: 'sns.amazonaws.com',
    });
  });

  test('that are not known are said', () => {
    expect(unread(model)).toEqual([
      ['expansion', 'what a connector of AWS::Lambda::Function and X::Y::Z grants is not known here'],
    ]);
  });
});

test('a topic that sends through a queue has the queue, its policy and its mapping', () => {
  const model = sam(`
${fn('Fn', 'Events: { News: { Type: SNS, Properties: { Topic: !Ref Topic, SqsSubscription: true } } }')}
Topic: { Type: AWS::SNS::Topic }
`);
  expect([...model.resources.values()].map(({ logicalId }) => logicalId)).toEqual(
    expect.arrayContaining(['FnNewsQueue', 'FnNewsQueuePolicy', 'FnNewsEventSourceMapping', 'FnNews']),
  );
  expect(properties(model, 'FnNews')).toMatchObject({ Protocol: 'sqs' });
  expect(model.resources.has('T/FnNewsPermission')).toBe(false);
  expect(grantsOf(model, 'function T/Fn').join()).toContain('sqs:ReceiveMessage');
});

test('destinations and dead-letter queues that are not named are made, and may be sent to', () => {
  const model = sam(
    fn(
      'Fn',
      `
EventInvokeConfig: { DestinationConfig: { OnFailure: { Type: SQS }, OnSuccess: { Type: SNS } } }
Events: { Tick: { Type: Schedule, Properties: { Schedule: rate(1 hour), DeadLetterConfig: { Type: SQS } } } }
`,
    ),
  );
  expect(grantsOf(model, 'function T/Fn')).toEqual(
    expect.arrayContaining([
      'sqs:SendMessage on T/FnEventInvokeConfigOnFailureQueue',
      'sns:Publish on T/FnEventInvokeConfigOnSuccessTopic',
    ]),
  );
  expect(model.ofType('AWS::SQS::Queue').map(({ logicalId }) => logicalId)).toContain('FnTickQueue');
  expect(properties(model, 'FnTickQueuePolicy')).toBeDefined();
});

test('events of a state machine start it, each by a role of its own', () => {
  const model = sam(`
Machine:
  Type: AWS::Serverless::StateMachine
  Properties:
    Definition: { StartAt: A, States: { A: { Type: Succeed } } }
    Events:
      Tick: { Type: Schedule, Properties: { Schedule: rate(1 hour) } }
      Daily: { Type: ScheduleV2, Properties: { ScheduleExpression: rate(1 day) } }
      Start: { Type: Api, Properties: { Path: /start, Method: post } }
      Odd: { Type: Carrier, Properties: {} }
`);
  expect(properties(model, 'MachineTick')).toMatchObject({ Targets: [{ RoleArn: { target: 'T/MachineTickRole' } }] });
  expect(properties(model, 'MachineDailyRole')).toBeDefined();
  expect(grantsOf(model, 'rule T/MachineTick')).toEqual(['states:StartExecution on T/Machine']);
  expect(open(model)).toEqual(['answers POST /start to anyone']);
  expect(unread(model)).toEqual([['expansion', 'the expansion of events of type Carrier is not known here']]);
});

describe('routes', () => {
  const route = (api: string, path: string) =>
    fn('Fn', `Events: { A: { Type: Api, Properties: { RestApiId: !Ref ${api}, Path: ${path}, Method: get } } }`);
  const body = (operations: string) => `{ openapi: 3.0.1, paths: { ${operations} } }`;

  test('of a REST API with a definition are those of the definition', () => {
    const model = sam(`
Api: { Type: AWS::Serverless::Api, Properties: { StageName: v1, DefinitionBody: ${body('/own: { get: {} }')} } }
${route('Api', '/event')}
`);
    expect(open(model)).toEqual(['answers GET /own to anyone']);
    expect(model.ofType('AWS::ApiGateway::Method')).toEqual([]);
    expect(properties(model, 'FnAPermission')).toBeDefined();
  });

  test('of an API that is not of SAM are not added to it, and its own stay', () => {
    const model = sam(`
Api: { Type: AWS::ApiGateway::RestApi, Properties: { Name: x } }
Own: { Type: AWS::ApiGateway::Method, Properties: { RestApiId: !Ref Api, HttpMethod: GET, AuthorizationType: AWS_IAM } }
${route('Api', '/event')}
`);
    expect(model.ofType('AWS::ApiGateway::Method').map(({ logicalId }) => logicalId)).toEqual(['Own']);
    expect(properties(model, 'FnAPermission')).toBeDefined();
  });

  test('of an HTTP API with a definition are both', () => {
    const model = sam(`
Api: { Type: AWS::Serverless::HttpApi, Properties: { DefinitionBody: ${body('/own: { get: {} }')} } }
${route('Api', '/event').replace('Type: Api', 'Type: HttpApi').replace('RestApiId', 'ApiId')}
`);
    expect(open(model)).toEqual(['answers GET /own to anyone', 'answers GET /event to anyone']);
  });

  test('of a definition are asked by the default authorizer, but those that opt out', () => {
    const operations = `/a: { get: {} }, /b: { get: { security: [{ NONE: [] }] } }, /c: { options: {} }`;
    const model = sam(`
Api:
  Type: AWS::Serverless::Api
  Properties:
    StageName: v1
    DefinitionBody: ${body(operations)}
    Auth: { DefaultAuthorizer: Login, Authorizers: { Login: { FunctionArn: !GetAtt Fn.Arn } } }
${fn('Fn')}
`);
    expect(open(model)).toEqual(['answers GET /b to anyone']);
    expect(properties(model, 'ApiLoginAuthorizerPermission')).toMatchObject({ Principal: 'apigateway.amazonaws.com' });
  });

  test('are not said to be secured by a scheme that nobody asks', () => {
    const template = (security: string) => `
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        openapi: 3.0.1
        components:
          securitySchemes:
            api_key: { type: apiKey, name: x-api-key, in: header }
            login: { type: oauth2, x-amazon-apigateway-authorizer: { type: cognito_user_pools } }
        paths: { /a: { get: { security: ${security} } } }
`;
    const secured = (security: string) => open(readTemplate(template(security))).length === 0;
    expect(['[{ NONE: [] }]', '[{ api_key: [] }]', '[{}]', '[]'].map(secured)).toEqual([false, false, false, false]);
    expect(secured('[{ login: [] }]')).toBe(true);
  });
});

test('a resource policy and a usage plan of an API are read', () => {
  const model = sam(`
Api:
  Type: AWS::Serverless::Api
  Properties:
    StageName: v1
    Auth:
      ResourcePolicy: { IpRangeWhitelist: [10.0.0.0/8] }
      UsagePlan: { CreateUsagePlan: PER_API, Throttle: { RateLimit: 5 } }
${fn('Fn', 'Events: { A: { Type: Api, Properties: { RestApiId: !Ref Api, Path: /a, Method: get } } }')}
`);
  expect(open(model)).toEqual([]);
  expect(properties(model, 'ApiUsagePlan')).toMatchObject({ Throttle: { RateLimit: 5 } });
  const throttling = judge(model, { rules: RULES.filter(({ id }) => id === 'ApiThrottling') });
  expect(throttling.findings).toEqual([]);
});

describe('the policies of a private API', () => {
  const invoke = { Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*' };
  const policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', ...invoke },
      { Effect: 'Deny', ...invoke, Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } } },
    ],
  });
  const api = (id: string, rest: string) => `
${id}:
  Type: AWS::Serverless::Api
  Properties:
    StageName: v1
    EndpointConfiguration: { Type: PRIVATE, VpcEndpointIds: [vpce-1] }
    ${rest}`;
  const domain = (name: string) => `Domain:
      DomainName: ${name}
      CertificateArn: arn:aws:acm:eu-west-1:111111111111:certificate/c
      EndpointConfiguration: PRIVATE
      AccessAssociation: { VpcEndpointId: vpce-1 }
      Policy: ${policy}`;

  test('are those of the API and of its private domain', () => {
    const model = sam(api('Api', `Policy: ${policy}\n    ${domain('sam.apigateway.com')}`));
    expect(unread(model)).toEqual([]);
    const statements = [{ Effect: 'Allow' }, { Effect: 'Deny' }];
    expect(properties(model, 'Api')).toMatchObject({
      EndpointConfiguration: { Types: ['PRIVATE'], VpcEndpointIds: ['vpce-1'] },
      Policy: { Statement: statements },
    });
    const id = 'ApiGatewayDomainNameV2f6d6317296'; // as the translator of SAM names it
    expect(model.resources.get(`T/${id}`)?.type).toBe('AWS::ApiGateway::DomainNameV2');
    expect(properties(model, id)).toMatchObject({
      EndpointConfiguration: { Types: ['PRIVATE'] },
      Policy: { Statement: statements },
    });
    expect(properties(model, `${id}AccessAssociation`)).toMatchObject({ AccessAssociationSource: 'vpce-1' });
    const invoked = accessMatrix(model).entries.filter(({ actions }) => actions.includes('execute-api:Invoke'));
    expect(new Set(invoked.map(({ resource }) => resource)).size).toBe(2);
  });

  test('are those of each of two domains', () => {
    const model = sam(api('A', domain('a.example.com')) + api('B', domain('b.example.com')));
    const domains = [...model.resources.values()].filter(({ type }) => type === 'AWS::ApiGateway::DomainNameV2');
    expect(domains.map(({ properties: { DomainName } }) => DomainName)).toEqual(['a.example.com', 'b.example.com']);
  });

  test('are said to be not read where an API has two', () => {
    const model = sam(
      api('Api', `Policy: ${policy}\n    Auth: { ResourcePolicy: { AwsAccountWhitelist: ['111111111111'] } }`),
    );
    expect(unread(model)).toEqual([['expansion', 'what two resource policies of one API come to is not known here']]);
  });
});

test('what is not known is said to be not expanded', () => {
  const model = sam('New: { Type: AWS::Serverless::NewKind }\nApp: { Type: AWS::Serverless::Application }');
  expect(unread(model)).toEqual([
    ['expansion', 'the expansion of AWS::Serverless::NewKind is not known here'],
    ['nested-template', 'the template of the nested stack is not part of what was read'],
  ]);
});

test('a role that is given in one branch is made in the other', () => {
  const model = sam(
    fn('Fn', 'Role: !If [HasRole, !Ref Given, !Ref AWS::NoValue]'),
    'Parameters: { Given: { Type: String } }\nConditions: { HasRole: !Not [!Equals [!Ref Given, ""]] }',
  );
  expect(properties(model, 'FnRole')).toBeDefined();
});

test('takes a logical id of the prototype for one like any other', () => {
  const model = sam(`constructor: { Type: AWS::Serverless::SimpleTable }\n${fn('__proto__')}`);
  expect([...model.resources.keys()]).toEqual(['T/constructor', 'T/__proto__', 'T/__proto__Role']);
});

test('refuses a resource that is null by its name', () => {
  const template = { Transform: 'AWS::Serverless-2016-10-31', Resources: { A: null } };
  expect(() => readTemplate(JSON.stringify(template))).toThrow("resource 'A' has no 'Type'");
});
