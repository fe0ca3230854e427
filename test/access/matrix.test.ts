import { accessMatrix, type AccessEntry } from '../../lib/access';
import type { Model } from '../../lib/core/model/model';
import { document, getAtt, may, role, template, TRUST, worker } from './templates';

/** The entries of a principal as lines. */
function lines(model: Model, principal?: string): string[] {
  return accessMatrix(model)
    .entries.filter(({ principal: { name } }) => principal === undefined || name === principal)
    .map(line);
}

function line({
  principal,
  resource,
  verdict,
  actions,
  allBut,
  levels,
  conditions,
  except,
  problem,
}: AccessEntry): string {
  const what = `${allBut ? 'all but ' : ''}${actions.join(' ')}`;
  const more = [...conditions, ...(except ? [`except ${except.join()}`] : []), ...(problem ? [problem] : [])];
  return `${principal.kind} ${principal.name}: ${verdict} ${what} (${levels.join()}) on ${resource}${more.map((one) => `; ${one}`).join('')}`;
}

const FN = 'Shop/Fn';

test('the consumer of a stream is a resource of its own', () => {
  const arn = getAtt('Fan', 'ConsumerARN');
  const model = template(
    worker([may('kinesis:SubscribeToShard', arn), may('kinesis:ListShards', getAtt('Clicks'))], {
      Clicks: { Type: 'AWS::Kinesis::Stream', Properties: {} },
      Fan: { Type: 'AWS::Kinesis::StreamConsumer', Properties: { ConsumerName: 'fan', StreamARN: getAtt('Clicks') } },
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { EventSourceArn: arn, FunctionName: { Ref: 'Fn' } },
      },
    }),
  );
  expect(lines(model, FN)).toEqual([
    'function Shop/Fn: allowed kinesis:ListShards (list) on Shop/Clicks',
    'function Shop/Fn: allowed kinesis:SubscribeToShard (read) on Shop/Fan',
  ]);
});

describe('identity policies', () => {
  test('inline, attached from either side, managed by AWS and by the customer', () => {
    const model = template(
      worker([may('dynamodb:GetItem', getAtt('Table'))], {
        Role: role([may('dynamodb:GetItem', getAtt('Table'))], {
          ManagedPolicyArns: [
            { 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole' },
            { Ref: 'Mine' },
          ],
        }),
        Attached: {
          Type: 'AWS::IAM::Policy',
          Properties: {
            PolicyName: 'a',
            PolicyDocument: document(may('sqs:SendMessage', getAtt('Queue'))),
            Roles: [{ Ref: 'Role' }],
          },
        },
        Own: {
          Type: 'AWS::IAM::RolePolicy',
          Properties: {
            PolicyName: 'o',
            PolicyDocument: document(may('sqs:GetQueueUrl', getAtt('Queue'))),
            RoleName: { Ref: 'Role' },
          },
        },
        Mine: {
          Type: 'AWS::IAM::ManagedPolicy',
          Properties: { PolicyDocument: document(may('s3:GetObject', { 'Fn::Sub': '${Bucket.Arn}/*' })) },
        },
        Theirs: {
          Type: 'AWS::IAM::ManagedPolicy',
          Properties: {
            PolicyDocument: document(may('s3:PutObject', { 'Fn::Sub': '${Bucket.Arn}/*' })),
            Roles: [{ Ref: 'Role' }],
          },
        },
      }),
    );
    expect(lines(model, FN)).toEqual([
      'function Shop/Fn: allowed logs:CreateLogGroup logs:CreateLogStream logs:PutLogEvents (write) on *',
      'function Shop/Fn: allowed s3:GetObject s3:PutObject (read,write) on Shop/Bucket/*',
      'function Shop/Fn: allowed sqs:GetQueueUrl sqs:SendMessage (read,write) on Shop/Queue',
      'function Shop/Fn: allowed dynamodb:GetItem (read) on Shop/Table',
    ]);
  });

  test('of AWS whose body is not known here, and of roles and policies from elsewhere, are unknown', () => {
    const elsewhere = { Type: 'AWS::Lambda::Function', Properties: { Role: 'arn:aws:iam::111111111111:role/far' } };
    const model = template({
      ...worker([], {
        Role: role([], {
          ManagedPolicyArns: ['arn:aws:iam::aws:policy/BrandNewAccess', 'arn:aws:iam::111111111111:policy/far'],
        }),
      }),
      Far: elsewhere,
    });
    expect(lines(model)).toEqual([
      "function Shop/Far: unknown  () on *; the role 'arn:aws:iam::111111111111:role/far' is not part of what was read",
      "function Shop/Fn: unknown  () on *; the AWS-managed policy 'BrandNewAccess' is not known here",
      "function Shop/Fn: unknown  () on *; the policy 'arn:aws:iam::111111111111:policy/far' is not part of what was read",
    ]);
  });

  test('an action that another one includes is not repeated, and case does not matter', () => {
    const model = template(worker([may(['dynamodb:*', 'dynamodb:GetItem', 'dynamodb:Get*'], getAtt('Table'))]));
    expect(lines(model, FN)).toEqual([
      'function Shop/Fn: allowed dynamodb:* (read,list,write,tagging,permissions) on Shop/Table',
    ]);
    expect(lines(template(worker([may('DYNAMODB:getitem', getAtt('Table'))])), FN)).toEqual([
      'function Shop/Fn: allowed dynamodb:GetItem (read) on Shop/Table',
    ]);
  });

  test('NotAction, NotResource and conditions are told', () => {
    const model = template(
      worker([
        { Effect: 'Allow', NotAction: ['iam:*'], Resource: getAtt('Table') },
        { Effect: 'Allow', Action: 'sqs:SendMessage', NotResource: getAtt('Queue') },
        may('dynamodb:Query', getAtt('Table'), {
          Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['a'] } },
        }),
      ]),
    );
    expect(lines(model, FN)).toEqual([
      'function Shop/Fn: allowed sqs:SendMessage (write) on *; except Shop/Queue',
      'function Shop/Fn: allowed all but iam:* (read,list,write,tagging,permissions) on Shop/Table',
      "function Shop/Fn: conditional dynamodb:Query (read) on Shop/Table; every value of dynamodb:LeadingKeys is 'a'",
    ]);
  });

  test('an explicit deny takes off what it covers, and is shown', () => {
    const model = template(
      worker([
        may(['dynamodb:GetItem', 'dynamodb:PutItem'], getAtt('Table')),
        { Effect: 'Deny', Action: 'dynamodb:P*', Resource: '*' },
        { Effect: 'Deny', Action: 'sqs:*', Resource: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
        may('sqs:SendMessage', getAtt('Queue')),
      ]),
    );
    expect(lines(model, FN)).toEqual([
      'function Shop/Fn: denied dynamodb:P* (read,write,permissions) on *',
      "function Shop/Fn: denied sqs:* (read,write,tagging,permissions) on *; aws:SecureTransport is 'false'",
      'function Shop/Fn: allowed sqs:SendMessage (write) on Shop/Queue',
      'function Shop/Fn: allowed dynamodb:GetItem (read) on Shop/Table',
    ]);
  });

  test('a wildcard that is denied in part stays as it is, beside the deny', () => {
    const model = template(worker([may('*'), { Effect: 'Deny', Action: 'sqs:*', Resource: '*' }]));
    expect(accessMatrix(model).entries.map(({ verdict, actions }) => [verdict, actions])).toEqual([
      ['allowed', ['*']],
      ['denied', ['sqs:*']],
    ]);
  });

  test('a boundary leaves what both allow', () => {
    const boundary = {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { PolicyDocument: document(may('dynamodb:*', getAtt('Table')), may('sqs:SendMessage')) },
    };
    const model = template(
      worker([], {
        Role: role([may(['dynamodb:GetItem', 's3:GetObject']), may('sqs:*', getAtt('Queue'))], {
          PermissionsBoundary: { Ref: 'B' },
        }),
        B: boundary,
      }),
    );
    expect(lines(model, FN)).toEqual([
      'function Shop/Fn: allowed sqs:SendMessage (write) on Shop/Queue',
      'function Shop/Fn: allowed dynamodb:GetItem (read) on Shop/Table',
    ]);
    const unread = template(
      worker([], { Role: role([may('s3:GetObject')], { PermissionsBoundary: 'arn:aws:iam::1:policy/b' }) }),
    );
    expect(lines(unread, FN)[0]).toContain('unknown');
  });

  test('both branches of a condition are told, and one statement where they agree', () => {
    const choice = (then: unknown, otherwise: unknown) => ({ 'Fn::If': ['IsProd', then, otherwise] });
    const model = template(
      worker([
        may(choice('dynamodb:GetItem', 'dynamodb:*'), getAtt('Table')),
        choice(may('sqs:SendMessage', getAtt('Queue')), { Ref: 'AWS::NoValue' }),
        may('s3:GetObject', choice(getAtt('Bucket'), getAtt('Bucket'))),
      ]),
      {
        Parameters: { Stage: { Type: 'String' } },
        Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
      },
    );
    expect(lines(model, FN)).toEqual([
      'function Shop/Fn: allowed s3:GetObject (read) on Shop/Bucket',
      'function Shop/Fn: conditional sqs:SendMessage (write) on Shop/Queue; when IsProd',
      'function Shop/Fn: conditional dynamodb:* (read,list,write,tagging,permissions) on Shop/Table; when not IsProd',
      'function Shop/Fn: conditional dynamodb:GetItem (read) on Shop/Table; when IsProd',
    ]);
  });

  test('what is known only at deployment is unknown, never left out', () => {
    const model = template(
      worker([may('s3:GetObject', { 'Fn::Sub': 'arn:aws:s3:::${Name}/*' }), may({ Ref: 'What' }, getAtt('Table'))]),
      {
        Parameters: { Name: { Type: 'String' }, What: { Type: 'String' } },
      },
    );
    expect(lines(model, FN)).toEqual([
      'function Shop/Fn: unknown <What> () on Shop/Table',
      'function Shop/Fn: unknown s3:GetObject (read) on arn:aws:s3:::<Name>/*',
    ]);
  });

  test('a malformed statement is unknown and says why', () => {
    const model = template(
      worker([{ Effect: 'Allow', Action: 'sqs:*' }, may('sqs:*', '*', { Condition: { Like: { a: 'b' } } })]),
    );
    expect(lines(model, FN)).toEqual([
      "function Shop/Fn: unknown  () on *; 'Resource' is missing",
      "function Shop/Fn: unknown sqs:* (read,write,tagging,permissions) on *; condition 'Like' on 'a' cannot be judged: there is no operator 'Like'",
    ]);
  });

  test('actions that AWS does not have are listed with their policies', () => {
    const model = template(worker([may(['dynamodb:GetItems', 'dynamodb:GetItem'], getAtt('Table'))]));
    expect(accessMatrix(model).unknownActions).toEqual([{ action: 'dynamodb:GetItems', policies: ['Shop/Role (p)'] }]);
  });
});

describe('principals', () => {
  test.each<[string, string, object]>([
    ['state machine', 'AWS::StepFunctions::StateMachine', { RoleArn: getAtt('R') }],
    ['schedule', 'AWS::Scheduler::Schedule', { Target: { RoleArn: getAtt('R') } }],
    ['pipe', 'AWS::Pipes::Pipe', { RoleArn: getAtt('R') }],
    ['rule', 'AWS::Events::Rule', { Targets: [{ Arn: 'x', RoleArn: getAtt('R') }] }],
    ['task', 'AWS::ECS::TaskDefinition', { TaskRoleArn: getAtt('R') }],
    ['identity pool', 'AWS::Cognito::IdentityPoolRoleAttachment', { Roles: { authenticated: getAtt('R') } }],
    ['api', 'AWS::ApiGatewayV2::Integration', { CredentialsArn: getAtt('R') }],
  ])('a %s is known by its role', (kind, Type, Properties) => {
    const model = template({ It: { Type, Properties }, R: role([may('sqs:SendMessage')]) });
    expect(lines(model, 'Shop/It')).toEqual([`${kind} Shop/It: allowed sqs:SendMessage (write) on *`]);
  });

  test('an API is known by the roles of its methods and integrations', () => {
    const model = template({
      Api: { Type: 'AWS::ApiGateway::RestApi', Properties: {} },
      Method: {
        Type: 'AWS::ApiGateway::Method',
        Properties: { RestApiId: { Ref: 'Api' }, Integration: { Credentials: getAtt('R') } },
      },
      R: role([may('sqs:SendMessage')]),
    });
    expect(lines(model)).toContain('api Shop/Api: allowed sqs:SendMessage (write) on *');
  });

  test('a role that nobody of the model works with stands for itself', () => {
    expect(lines(template({ R: role([may('sqs:SendMessage')]) }), 'Shop/R')).toEqual([
      'role Shop/R: allowed sqs:SendMessage (write) on *',
    ]);
  });

  test('a shared role is told for each of its functions', () => {
    const second = { Type: 'AWS::Lambda::Function', Properties: { Role: getAtt('Role') } };
    const model = template(worker([may('sqs:SendMessage')], { Second: second }));
    expect(lines(model).map((one) => one.split(':')[0])).toEqual(['function Shop/Fn', 'function Shop/Second']);
  });
});

describe('resource policies', () => {
  const permission = (properties: object) => ({
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: getAtt('Fn'),
      Principal: 'events.amazonaws.com',
      ...properties,
    },
  });

  test('answer who may invoke a function', () => {
    const model = template(
      worker([], {
        Rule: { Type: 'AWS::Events::Rule', Properties: {} },
        Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: {} },
        ByRule: permission({ SourceArn: getAtt('Rule') }),
        ByName: permission({
          FunctionName: { Ref: 'Fn' },
          Principal: 's3.amazonaws.com',
          SourceAccount: { Ref: 'AWS::AccountId' },
        }),
        ByAnyone: permission({ Principal: '*', FunctionUrlAuthType: 'NONE', Action: 'lambda:InvokeFunctionUrl' }),
        ByAccount: permission({ Principal: '222222222222' }),
        ByOneRoute: permission({
          Principal: 'apigateway.amazonaws.com',
          SourceArn: { 'Fn::Sub': 'arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/GET/a' },
        }),
        ByOtherRoute: permission({
          Principal: 'apigateway.amazonaws.com',
          SourceArn: { 'Fn::Sub': 'arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/GET/b' },
        }),
      }),
    );
    expect(lines(model)).toEqual([
      "anyone *: conditional lambda:InvokeFunctionUrl (write) on Shop/Fn; lambda:FunctionUrlAuthType is 'NONE'",
      'account 222222222222: allowed lambda:InvokeFunction (write) on Shop/Fn',
      "api Shop/Api: conditional lambda:InvokeFunction (write) on Shop/Fn; aws:SourceArn is like 'Shop/Api/*/GET/a' or 'Shop/Api/*/GET/b'",
      'rule Shop/Rule: allowed lambda:InvokeFunction (write) on Shop/Fn',
      "service s3.amazonaws.com: conditional lambda:InvokeFunction (write) on Shop/Fn; aws:SourceAccount is '${AWS::AccountId}'",
    ]);
  });

  const topic = { Type: 'AWS::SNS::Topic', Properties: {} };
  const bySns = (Resource: unknown) => ({
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'x:y',
    Resource,
    Condition: { ArnEquals: { 'aws:SourceArn': { Ref: 'Topic' } } },
  });
  test.each<[string, object, string]>([
    [
      'queue',
      { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: [{ Ref: 'It' }], PolicyDocument: document(bySns('*')) } },
      'AWS::SQS::Queue',
    ],
    [
      'topic',
      {
        Type: 'AWS::SNS::TopicPolicy',
        Properties: { Topics: [{ Ref: 'It' }], PolicyDocument: document(bySns({ Ref: 'It' })) },
      },
      'AWS::SNS::Topic',
    ],
    [
      'bucket',
      {
        Type: 'AWS::S3::BucketPolicy',
        Properties: { Bucket: { Ref: 'It' }, PolicyDocument: document(bySns(getAtt('It'))) },
      },
      'AWS::S3::Bucket',
    ],
    [
      'secret',
      {
        Type: 'AWS::SecretsManager::ResourcePolicy',
        Properties: { SecretId: { Ref: 'It' }, ResourcePolicy: document(bySns('*')) },
      },
      'AWS::SecretsManager::Secret',
    ],
    [
      'bus',
      {
        Type: 'AWS::Events::EventBusPolicy',
        Properties: { EventBusName: { Ref: 'It' }, StatementId: 's', Statement: bySns(getAtt('It')) },
      },
      'AWS::Events::EventBus',
    ],
    [
      'stream',
      {
        Type: 'AWS::Kinesis::ResourcePolicy',
        Properties: { ResourceArn: getAtt('It'), ResourcePolicy: document(bySns(getAtt('It'))) },
      },
      'AWS::Kinesis::Stream',
    ],
  ])('of a %s say who may use it', (_, policy, Type) => {
    const model = template({ It: { Type, Properties: {} }, Topic: topic, Policy: policy });
    expect(lines(model)).toEqual(['topic Shop/Topic: allowed x:y () on Shop/It']);
  });

  test.each<[string, string, object]>([
    ['table', 'AWS::DynamoDB::Table', { ResourcePolicy: { PolicyDocument: document(bySns('*')) } }],
    [
      'global table',
      'AWS::DynamoDB::GlobalTable',
      { Replicas: [{ Region: 'eu-west-1', ResourcePolicy: { PolicyDocument: document(bySns('*')) } }] },
    ],
    ['key', 'AWS::KMS::Key', { KeyPolicy: document(bySns('*')) }],
    ['api', 'AWS::ApiGateway::RestApi', { Policy: document(bySns('*')) }],
  ])('in a %s itself say who may use it', (_, Type, Properties) => {
    const model = template({ It: { Type, Properties }, Topic: topic });
    expect(lines(model)).toEqual(['topic Shop/Topic: allowed x:y () on Shop/It']);
  });

  test('of logs are JSON as text', () => {
    const text = JSON.stringify(
      document({
        Effect: 'Allow',
        Principal: { Service: 'es.amazonaws.com' },
        Action: 'logs:PutLogEvents',
        Resource: 'arn:aws:logs:*',
      }),
    );
    const model = template({
      P: { Type: 'AWS::Logs::ResourcePolicy', Properties: { PolicyName: 'p', PolicyDocument: text } },
    });
    expect(lines(model)).toEqual(['service es.amazonaws.com: allowed logs:PutLogEvents (write) on arn:aws:logs:*']);
  });

  test('name roles of the model by what works with them', () => {
    const policy = {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'Queue' }],
        PolicyDocument: document({
          Effect: 'Allow',
          Principal: { AWS: getAtt('Role') },
          Action: 'sqs:SendMessage',
          Resource: getAtt('Queue'),
        }),
      },
    };
    expect(lines(template(worker([], { Policy: policy })))).toEqual([
      'function Shop/Fn: allowed sqs:SendMessage (write) on Shop/Queue',
    ]);
  });

  test('show the trust of a role, except that of the service that works with it', () => {
    const trust = (Principal: object) => document({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' });
    const model = template({
      ...worker([]),
      Open: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust({ AWS: '222222222222' }) } },
      Idle: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: TRUST } },
    });
    expect(lines(model)).toEqual([
      'account 222222222222: allowed sts:AssumeRole (write) on Shop/Open',
      'service lambda.amazonaws.com: allowed sts:AssumeRole (write) on Shop/Idle',
    ]);
  });

  test('of a key that does not let the account in leave identity policies without effect', () => {
    const key = (Principal: object) => ({
      Type: 'AWS::KMS::Key',
      Properties: { KeyPolicy: document({ Effect: 'Allow', Principal, Action: 'kms:*', Resource: '*' }) },
    });
    const decrypt = [may('kms:Decrypt', getAtt('Key'))];
    const root = { AWS: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' } };
    expect(lines(template(worker(decrypt, { Key: key(root) })), FN)).toEqual([
      'function Shop/Fn: allowed kms:Decrypt (write) on Shop/Key',
    ]);
    expect(lines(template(worker(decrypt, { Key: key({ AWS: '222222222222' }) })), FN)).toEqual([
      'function Shop/Fn: conditional kms:Decrypt (write) on Shop/Key; the policy of the key allows it too',
    ]);
  });
});

test('the matrix does not depend on the order of the template', () => {
  const resources = worker([may('sqs:SendMessage', getAtt('Queue')), may('dynamodb:GetItem', getAtt('Table'))]);
  const reversed = Object.fromEntries(Object.entries(resources).reverse());
  expect(accessMatrix(template(reversed))).toEqual(accessMatrix(template(resources)));
});
