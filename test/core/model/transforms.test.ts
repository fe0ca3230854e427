import { createRequire } from 'node:module';
import { at, items } from '../../../lib/core/model/select';
import { readTemplate } from '../../../lib/core/model/read-template';
import { ReadError } from '../../../lib/core/model/read-error';
import { Choice, Reference, Text, Unknown } from '../../../lib/core/model/values';

/** CloudFormation's own resolver, that aws-cdk-lib brings along: loads a template and says what is in it. */
function officialResources(template: string): Record<string, { resourceType: string; properties: object }> {
  const nested = createRequire(require.resolve('aws-cdk-lib/package.json'));
  const { TemplateModel, TemplateContent } = nested('@aws/cloudformation-validate') as {
    TemplateContent: new (text: string, name: string) => object;
    TemplateModel: new (content: object) => {
      resources(): Record<string, { resourceType: string; properties: object }>;
      free(): void;
    };
  };
  const model = new TemplateModel(new TemplateContent(template, 'template.yaml'));
  try {
    return model.resources();
  } finally {
    model.free();
  }
}

const LOOPS = `
Transform: AWS::LanguageExtensions
Parameters:
  Names: { Type: CommaDelimitedList, Default: 'x, y' }
  Stage: { Type: String, Default: dev }
Mappings: { Queues: { dev: { names: [p.1, q-2] } } }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Fn::ForEach::Topics:
    - Name
    - [A, B]
    - Topic\${Name}:
        Type: AWS::SNS::Topic
        Properties:
          TopicName: !Sub 'my-\${Name}-\${AWS::Region}'
          DisplayName: !Ref Name
  Fn::ForEach::Queues:
    - Name
    - !Ref Names
    - Queue\${Name}:
        Type: AWS::SQS::Queue
        Condition: IsProd
        Properties:
          QueueName: 'q-\${Name}'
          RedrivePolicy: { deadLetterTargetArn: !GetAtt 'Queue\${Name}.Arn', maxReceiveCount: 5 }
          Tags:
            - Key: topic
              Value: !GetAtt [!Sub 'Topic\${AWS::NoValue}', Arn]
  Fn::ForEach::Mapped:
    - Name
    - !FindInMap [Queues, !Ref Stage, names]
    - Mapped&{Name}: { Type: AWS::SQS::Queue, Properties: { QueueName: '\${Name}' } }
  Fn::ForEach::Outer:
    - One
    - [a, b]
    - Fn::ForEach::Inner:
        - Two
        - [c, d]
        - Both\${One}\${Two}: { Type: AWS::SNS::Topic }
  Single:
    Type: X::Y::Z
    Properties:
      Fn::ForEach::Properties:
        - Name
        - [v, w]
        - 'Prop\${Name}': !Sub '\${Name}-\${TopicA}'
Outputs:
  Fn::ForEach::Outputs:
    - Name
    - [A, B]
    - Out\${Name}: { Value: !GetAtt 'Topic\${Name}.TopicName' }
`;

describe('loops', () => {
  const model = readTemplate(LOOPS, { name: 'T', file: 'loops.yaml' });

  test('give the resources that the official resolver gives', () => {
    const official = Object.entries(officialResources(LOOPS)).map(([id, { resourceType }]) => `${id} ${resourceType}`);
    const ours = [...model.resources.values()].map(({ logicalId, type }) => `${logicalId} ${type}`);
    expect(ours.sort()).toEqual(official.sort());
  });

  test('keep the intrinsic functions inside of them', () => {
    const properties = (id: string) => model.resources.get(`T/${id}`)!.properties;
    const region = new Unknown('AWS::Region is known only at deployment', 'AWS::Region');
    expect(properties('TopicA')).toEqual({ TopicName: new Text(['my-A-', region]), DisplayName: 'A' });
    expect(properties('Queuey')).toMatchObject({
      QueueName: 'q-y',
      RedrivePolicy: { deadLetterTargetArn: new Reference('T/Queuey', 'Arn') },
    });
    expect(properties('Mappedq2')).toEqual({ QueueName: 'q-2' });
    expect(properties('Single')).toEqual({
      Propv: new Text(['v-', new Reference('T/TopicA')]),
      Propw: new Text(['w-', new Reference('T/TopicA')]),
    });
    expect(model.templates.get('T')!.outputs.OutB).toEqual(new Reference('T/TopicB', 'TopicName'));
  });

  test('are where a reader finds what they made', () => {
    expect(model.resources.get('T/TopicB')!.location?.line).toBe(10);
  });
});

test.each([
  ['a macro', 'Transform: [AWS::LanguageExtensions, MyMacro]\nResources: {}', "has the transform 'MyMacro'"],
  ['a null', 'Transform:\nResources: {}', "has the transform 'null'"],
  [
    'a macro above the properties of a resource',
    "Resources: { 'Fn::Transform': { Name: Mine }, A: { Type: X::Y::Z } }",
    "has the transform 'Mine'",
  ],
  [
    'a loop over an unknown list',
    'Parameters: { L: { Type: CommaDelimitedList } }\nResources: { Fn::ForEach::X: [N, !Ref L, { A: { Type: X::Y::Z } }] }',
    "'Fn::ForEach::X' loops over values that are known only at deployment",
  ],
  [
    'a loop without a body',
    'Resources: { Fn::ForEach::X: [N, [a]] }',
    "'Fn::ForEach::X' is not a list of an identifier, a collection and a map",
  ],
  ['a template nested too deeply', `Resources: ${'{"a":'.repeat(300)}1${'}'.repeat(300)}`, 'levels'],
])('refuses %s', (_, template, reason) => {
  expect(() => readTemplate(template, { file: 't.yaml' })).toThrow(ReadError);
  expect(() => readTemplate(template, { file: 't.yaml' })).toThrow(reason);
});

test('accepts transforms that change nothing we judge', () => {
  const model = readTemplate('Transform: AWS::SecretsManager-2024-09-16\nResources: { A: { Type: X::Y::Z } }');
  expect(model.resources.size).toBe(1);
});

const SAM = `
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: nodejs22.x
    Timeout: 10
    Environment: { Variables: { SHARED: a, BOTH: global } }
    Layers: [one]
  Api: { TracingEnabled: true }
Conditions:
  IsProd: !Equals [!Ref AWS::Region, eu-west-1]
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Condition: IsProd
    Properties:
      Handler: index.handler
      CodeUri: ./src
      Tracing: Active
      Tags: { team: a }
      Layers: [two]
      Environment: { Variables: { BOTH: own, QUEUE: !Ref Queue } }
      EventInvokeConfig: { DestinationConfig: &failed { OnFailure: { Type: SNS, Destination: !Ref Topic } } }
      DeadLetterQueue: { Type: SQS, TargetArn: !GetAtt Queue.Arn }
      AutoPublishAlias: live
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 }
      Policies:
        - AmazonS3ReadOnlyAccess
        - Statement: [{ Effect: Allow, Action: 's3:GetObject', Resource: '*' }]
        - SQSSendMessagePolicy: { QueueName: !GetAtt Queue.QueueName }
        - NewPolicy: { Name: x }
      Events:
        Jobs: { Type: SQS, Properties: { Queue: !GetAtt Queue.Arn, BatchSize: 5, DestinationConfig: *failed } }
        News: { Type: SNS, Properties: { Topic: !Ref Topic } }
        Files: { Type: S3, Properties: { Bucket: !Ref Bucket, Events: ['s3:ObjectCreated:*'] } }
        Nightly: { Type: Schedule, Properties: { Schedule: rate(1 day), RetryPolicy: { MaximumRetryAttempts: 5 } } }
        Daily: { Type: ScheduleV2, Properties: { ScheduleExpression: rate(1 day) } }
        Changes: { Type: EventBridgeRule, Properties: { Pattern: { source: [shop] } } }
        Thing: { Type: IoTRule, Properties: { Sql: SELECT } }
        Get: { Type: Api, Properties: { Path: '/x/{id}', Method: get } }
        Post: { Type: HttpApi, Properties: { Path: /x, Method: post, ApiId: !Ref Http } }
  Http:
    Type: AWS::Serverless::HttpApi
    Properties: { Auth: { DefaultAuthorizer: Login } }
  Queue: { Type: AWS::SQS::Queue }
  Topic: { Type: AWS::SNS::Topic }
  Bucket: { Type: AWS::S3::Bucket }
  Table: { Type: AWS::Serverless::SimpleTable, Properties: { PrimaryKey: { Name: key, Type: String } } }
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties: { Definition: { StartAt: A }, Type: EXPRESS, Policies: [{ LambdaInvokePolicy: { FunctionName: !Ref Worker } }] }
  Unknown: { Type: AWS::Serverless::Novelty }
  User: { Type: X::Y::Z, Properties: { Alias: !Ref Worker.Alias } }
`;

describe('SAM', () => {
  const model = readTemplate(SAM, { name: 'T', file: 'sam.yaml' });
  const properties = (id: string) => model.resources.get(`T/${id}`)!.properties;

  test('resources become those that SAM makes of them', () => {
    expect(
      [...model.resources.values()].map(({ logicalId, type }) => `${logicalId} ${type.replace('AWS::', '')}`),
    ).toEqual([
      'Worker Lambda::Function',
      'WorkerRole IAM::Role',
      'WorkerVersion Lambda::Version',
      'WorkerAliaslive Lambda::Alias',
      'WorkerEventInvokeConfig Lambda::EventInvokeConfig',
      'WorkerJobs Lambda::EventSourceMapping',
      'WorkerNews SNS::Subscription',
      'WorkerNewsPermission Lambda::Permission',
      'WorkerFilesPermission Lambda::Permission',
      'WorkerNightly Events::Rule',
      'WorkerNightlyPermission Lambda::Permission',
      'WorkerDaily Scheduler::Schedule',
      'WorkerDailyRole IAM::Role',
      'WorkerChanges Events::Rule',
      'WorkerChangesPermission Lambda::Permission',
      'WorkerThing IoT::TopicRule',
      'WorkerThingPermission Lambda::Permission',
      'WorkerGetMethod ApiGateway::Method',
      'WorkerGetPermission Lambda::Permission',
      'WorkerPostIntegration ApiGatewayV2::Integration',
      'WorkerPostRoute ApiGatewayV2::Route',
      'WorkerPostPermission Lambda::Permission',
      'Http ApiGatewayV2::Api',
      'HttpApiGatewayDefaultStage ApiGatewayV2::Stage',
      'Queue SQS::Queue',
      'Topic SNS::Topic',
      'Bucket S3::Bucket',
      'Table DynamoDB::Table',
      'Machine StepFunctions::StateMachine',
      'MachineRole IAM::Role',
      'Unknown Serverless::Novelty',
      'User X::Y::Z',
      'ServerlessRestApi ApiGateway::RestApi',
      'ServerlessRestApiDeployment ApiGateway::Deployment',
      'ServerlessRestApiProdStage ApiGateway::Stage',
    ]);
  });

  test('a function has its own settings over those of Globals', () => {
    expect(properties('Worker')).toEqual({
      Runtime: 'nodejs22.x',
      Timeout: 10,
      Handler: 'index.handler',
      Environment: { Variables: { SHARED: 'a', BOTH: 'own', QUEUE: new Reference('T/Queue') } },
      Layers: ['one', 'two'],
      Code: './src',
      Role: new Reference('T/WorkerRole', 'Arn'),
      TracingConfig: { Mode: 'Active' },
      DeadLetterConfig: { TargetArn: new Reference('T/Queue', 'Arn') },
      Tags: [{ Key: 'team', Value: 'a' }],
    });
    expect(model.resources.get('T/WorkerRole')!.attributes.condition).toBe('IsProd');
  });

  test('the merged settings are those of the official resolver', () => {
    const official = officialResources(SAM).Worker!.properties;
    const sam = [
      'CodeUri',
      'Tracing',
      'DeadLetterQueue',
      'EventInvokeConfig',
      'AutoPublishAlias',
      'ProvisionedConcurrencyConfig',
      'Policies',
      'Events',
    ];
    const made = ['Code', 'Role', 'TracingConfig', 'DeadLetterConfig'];
    const names = (of: object, without: string[]) =>
      Object.keys(of)
        .filter((name) => !without.includes(name))
        .sort();
    expect(names(properties('Worker'), made)).toEqual(names(official, sam));
  });

  test('a role has what SAM gives it, and a policy template that is not known is unknown', () => {
    const { ManagedPolicyArns, Policies } = properties('WorkerRole') as Record<string, never[]>;
    const partition = new Unknown('AWS::Partition is known only at deployment', 'AWS::Partition');
    expect(ManagedPolicyArns).toEqual(
      [
        'service-role/AWSLambdaBasicExecutionRole',
        'AWSXrayWriteOnlyAccess',
        'service-role/AWSLambdaSQSQueueExecutionRole',
        'AmazonS3ReadOnlyAccess',
      ].map((name) => new Text(['arn:', partition, `:iam::aws:policy/${name}`])),
    );
    const statements = Policies!.map(
      (policy: { PolicyDocument: { Statement: [{ Action: unknown }] } }) => policy.PolicyDocument.Statement[0],
    );
    expect(statements.map(({ Action }) => Action)).toEqual([
      's3:GetObject',
      ['sqs:SendMessage*'],
      expect.objectContaining({ reason: 'Fn::NewPolicy is known only at deployment' }),
      'sqs:SendMessage',
      // Once, though the invoke config and the mapping both send there.
      'sns:Publish',
    ]);
  });

  test('a bucket that is told to notify already is not told twice', () => {
    const model = readTemplate(
      `Transform: AWS::Serverless-2016-10-31
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      { Handler: a.b, Runtime: nodejs24.x, InlineCode: x, Events: { Files: { Type: S3, Properties: { Bucket: !Ref Bucket, Events: 's3:ObjectCreated:*' } } } }
  Bucket:
    Type: AWS::S3::Bucket
    Properties: { NotificationConfiguration: { LambdaConfigurations: [{ Event: 's3:ObjectCreated:*', Function: !GetAtt Fn.Arn }] } }
`,
      { name: 'Shop' },
    );
    const bucket = model.resources.get('Shop/Bucket')!;
    expect(items(at(bucket, 'NotificationConfiguration.LambdaConfigurations'))).toHaveLength(1);
  });

  test('events name the alias, and the bucket is told to notify', () => {
    const alias = new Reference('T/WorkerAliaslive');
    expect(properties('WorkerJobs')).toMatchObject({
      FunctionName: alias,
      EventSourceArn: new Reference('T/Queue', 'Arn'),
    });
    expect(properties('WorkerNewsPermission')).toMatchObject({ FunctionName: alias, Principal: 'sns.amazonaws.com' });
    expect(properties('User')).toEqual({ Alias: alias });
    expect(properties('Bucket')).toMatchObject({
      NotificationConfiguration: { LambdaConfigurations: [{ Event: 's3:ObjectCreated:*', Function: alias }] },
    });
  });

  test('routes are authorized as their API says', () => {
    expect(properties('WorkerGetMethod')).toMatchObject({ HttpMethod: 'GET', AuthorizationType: 'NONE' });
    expect(properties('WorkerPostRoute')).toMatchObject({ RouteKey: 'POST /x', AuthorizationType: 'JWT' });
    expect(properties('ServerlessRestApiProdStage')).toMatchObject({ TracingEnabled: true });
  });

  test('what SAM makes is found at the resource it was made of', () => {
    const { locate } = model.templates.get('T')!;
    expect(locate!(['Resources', 'WorkerRole', 'Properties', 'Policies'])?.line).toBe(27);
    expect(locate!(['Resources', 'Worker', 'Properties', 'Handler'])?.line).toBe(17);
  });
});

test('a value that differs by condition is a choice inside a loop too', () => {
  const model = readTemplate(
    `
Parameters: { Stage: { Type: String } }
Conditions: { IsProd: !Equals [!Ref Stage, prod] }
Resources:
  Fn::ForEach::X: [N, [a], { 'Q\${N}': { Type: AWS::SQS::Queue, Properties: { DelaySeconds: !If [IsProd, 1, 2] } } }]
`,
    { name: 'T' },
  );
  expect(model.resources.get('T/Qa')!.properties).toEqual({ DelaySeconds: new Choice('IsProd', 1, 2) });
});
