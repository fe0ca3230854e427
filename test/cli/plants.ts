/** A template with one mistake, and the rule that names it. */
export interface Plant {
  /** What is wrong. */
  readonly mistake: string;
  /** The rule, ours or one of the official validator. */
  readonly rule: string | RegExp;
  /** The template, in YAML. */
  readonly template: string;
}

const plants: Plant[] = [];

/** `resources` is YAML below `Resources`, in flow style or indented by two. */
function plant(mistake: string, rule: string | RegExp, resources: string, rest = ''): void {
  plants.push({ mistake, rule, template: `${rest}\nResources:\n${resources}\n` });
}

const FUNCTION = `Code: { ZipFile: 'exports.handler = async () => 1' }, Handler: index.handler, Runtime: nodejs22.x, Role: !GetAtt Role.Arn`;
const ROLE = `  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: 'sts:AssumeRole' }] }
      ManagedPolicyArns: [!Sub 'arn:\${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']
`;
const fn = (more = '', id = 'Fn'): string =>
  `${ROLE}  ${id}: { Type: AWS::Lambda::Function, Properties: { ${FUNCTION}${more && `, ${more}`} } }\n`;
const policy = (statement: string): string => `  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties: { PolicyDocument: { Version: '2012-10-17', Statement: [${statement}] } }
`;
const queue = (properties: string): string => `  Jobs: { Type: AWS::SQS::Queue, Properties: { ${properties} } }`;
const table = (properties: string): string =>
  `  Table: { Type: AWS::DynamoDB::Table, Properties: { BillingMode: PAY_PER_REQUEST, AttributeDefinitions: [{ AttributeName: id, AttributeType: S }], KeySchema: [{ AttributeName: id, KeyType: HASH }]${properties && `, ${properties}`} } }`;
const pattern = (text: string): string =>
  `  Rule: { Type: AWS::Events::Rule, Properties: { EventPattern: ${text}, Targets: [{ Id: a, Arn: !GetAtt Jobs.Arn }] } }
  Jobs: { Type: AWS::SQS::Queue }`;
const group = (ingress: string): string =>
  `  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: a, SecurityGroupIngress: [{ ${ingress} }] } }`;
const alarm = (properties: string): string =>
  `  Topic: { Type: AWS::SNS::Topic }
  Jobs: { Type: AWS::SQS::Queue }
  Alarm: { Type: AWS::CloudWatch::Alarm, Properties: { AlarmActions: [!Ref Topic], ${properties} } }`;
const metric =
  'Namespace: AWS/SQS, MetricName: ApproximateAgeOfOldestMessage, Dimensions: [{ Name: QueueName, Value: !GetAtt Jobs.QueueName }]';

// Types, values, names of properties.
plant('a text where a number is', /^[EF]3/, queue(`VisibilityTimeout: soon`));
plant('a list where a text is', /^[EF]3/, fn('Description: [a, b]'));
plant('a text where a list is', /^[EF]3/, fn('Architectures: arm64'));
plant('an architecture that there is not', 'W3030', fn('Architectures: [arm65]'));
plant('a billing mode that there is not', 'W3030', table('').replace('PAY_PER_REQUEST', 'PAY_PER_USE'));
plant('a property that there is not', /^[EF]3/, queue('VisibiltyTimeout: 30'));
plant(
  'a property that there is not, deep inside',
  /^[EF]3/,
  fn('VpcConfig: { SubnetIds: [subnet-12345678], SecurityGroupIds: [sg-12345678], Subnets: [a] }'),
);
plant('a property that is missing', /^[EF]3/, '  Url: { Type: AWS::Lambda::Url, Properties: { AuthType: AWS_IAM } }');
plant('a role without a trust policy', /^[EF]3/, '  Role: { Type: AWS::IAM::Role, Properties: { Path: / } }');
plant('a property that only AWS sets', 'ReadOnlyProperty', queue('Arn: arn:aws:sqs:eu-west-1:111122223333:a'));
plant('a type that there is not', /^[EF]3/, '  Jobs: { Type: AWS::SQS::Queues }');
plant('a number out of range', /^[EF]3|QueueLimits/, queue('DelaySeconds: 1000'));
plant('a name that has characters it must not have', 'QueueName', queue('QueueName: "jobs and more"'));
plant(
  'an attribute that a resource has not',
  /^[EFW][0-9]/,
  `${queue('DelaySeconds: 1')}\nOutputs: { A: { Value: !GetAtt Jobs.Url } }`,
);
plant('a reference to nothing', /^[EF]1020/, queue('QueueName: !Ref Nothing'));
plant('a reference to nothing inside of a text', /^[EF]10/, queue('QueueName: !Sub "${Nothing}-jobs"'));
plant('a dependency on nothing', /^[EF]3/, '  Jobs: { Type: AWS::SQS::Queue, DependsOn: Nothing }');
plant(
  'a circle',
  /^[EF]3004/,
  '  A: { Type: AWS::SQS::Queue, DependsOn: B }\n  B: { Type: AWS::SQS::Queue, DependsOn: A }',
);
plant(
  'a circle through properties',
  /^[EF]3004/,
  `  A: { Type: AWS::SQS::Queue, Properties: { QueueName: !Sub '\${B.QueueName}-a' } }\n  B: { Type: AWS::SQS::Queue, Properties: { QueueName: !Sub '\${A.QueueName}-b' } }`,
);
plant('a condition that there is not', /^[EFW]\d/, '  Jobs: { Type: AWS::SQS::Queue, Condition: IsProd }');
plant('a mapping that there is not', /^[EFW]\d/, queue('QueueName: !FindInMap [Names, a, b]'));
plant('a parameter that nobody uses', 'W2001', queue('DelaySeconds: 1'), 'Parameters: { Stage: { Type: String } }');
plant(
  'an output of something that is no text',
  /^[EFW]6/,
  `${queue('DelaySeconds: 1')}\nOutputs: { A: { Value: { a: b } } }`,
);
plant('a section that there is not', 'F0005', queue('DelaySeconds: 1'), 'Paramters: { Stage: { Type: String } }');
plant(
  'a key attribute that is not declared',
  'E3039',
  table(
    'GlobalSecondaryIndexes: [{ IndexName: a, KeySchema: [{ AttributeName: customer, KeyType: HASH }], Projection: { ProjectionType: ALL } }]',
  ),
);
plant(
  'a declared attribute that is no key',
  'E3039',
  table('').replace(
    '[{ AttributeName: id, AttributeType: S }]',
    '[{ AttributeName: id, AttributeType: S }, { AttributeName: name, AttributeType: S }]',
  ),
);
plant(
  'provisioned throughput of an on-demand table',
  'TableKeys',
  table('ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 }'),
);
plant(
  'a table with two partition keys',
  'TableKeys',
  table('').replace('KeyType: HASH }', 'KeyType: HASH }, { AttributeName: id, KeyType: HASH }'),
);

// Policies.
plant(
  'an action that there is not',
  'UnknownAction',
  policy("{ Effect: Allow, Action: 'dynamodb:ReadItem', Resource: 'arn:aws:dynamodb:eu-west-1:111122223333:table/a' }"),
);
plant(
  'a service that there is not',
  'UnknownAction',
  policy("{ Effect: Allow, Action: 'dynamo:GetItem', Resource: 'arn:aws:dynamodb:eu-west-1:111122223333:table/a' }"),
);
plant(
  'an action with a wildcard that means none',
  'UnknownAction',
  policy("{ Effect: Allow, Action: 'sqs:Fetch*', Resource: 'arn:aws:sqs:eu-west-1:111122223333:a' }"),
);
plant(
  'an action on a resource that it cannot have',
  'ActionResource',
  policy("{ Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sns:eu-west-1:111122223333:a' }"),
);
plant(
  'objects are read of the bucket itself',
  'ActionResource',
  policy("{ Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::a' }"),
);
plant(
  'a bucket is listed by its objects',
  'ActionResource',
  policy("{ Effect: Allow, Action: 's3:ListBucket', Resource: 'arn:aws:s3:::a/*' }"),
);
plant(
  'an action without resources on one',
  'ActionResource',
  policy(
    "{ Effect: Allow, Action: 'ec2:DescribeInstances', Resource: 'arn:aws:ec2:eu-west-1:111122223333:instance/i-1' }",
  ),
);
plant(
  'a global condition key that there is not',
  'UnknownConditionKey',
  policy(
    "{ Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:eu-west-1:111122223333:a', Condition: { StringEquals: { 'aws:SourceAccont': '111122223333' } } }",
  ),
);
plant(
  'a condition key of a service that there is not',
  'UnknownConditionKey',
  policy(
    "{ Effect: Allow, Action: 's3:ListBucket', Resource: 'arn:aws:s3:::a', Condition: { StringLike: { 's3:prefixes': 'a/*' } } }",
  ),
);
plant(
  'a condition operator that there is not',
  /^[EFW]\d|UnknownConditionKey|Condition/,
  policy(
    "{ Effect: Allow, Action: 's3:ListBucket', Resource: 'arn:aws:s3:::a', Condition: { StringIs: { 's3:prefix': 'a/*' } } }",
  ),
);
plant(
  'an effect that there is not',
  /^[EFW]\d/,
  policy("{ Effect: Permit, Action: 's3:ListBucket', Resource: 'arn:aws:s3:::a' }"),
);
plant('a statement without an action', /^[EFW]\d/, policy("{ Effect: Allow, Resource: 'arn:aws:s3:::a' }"));
plant('a statement without a resource', /^[EFW]\d/, policy("{ Effect: Allow, Action: 's3:ListBucket' }"));
plant(
  'a principal in a policy of an identity',
  /^[EFW]\d/,
  policy("{ Effect: Allow, Principal: '*', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::a' }"),
);
plant(
  'an action without its service',
  /^[EFW]\d|UnknownAction/,
  policy("{ Effect: Allow, Action: 'ListBucket', Resource: 'arn:aws:s3:::a' }"),
);
plant(
  'a policy version that there is not',
  /^[EFW]\d/,
  policy("{ Effect: Allow, Action: 's3:ListBucket', Resource: 'arn:aws:s3:::a' }").replace('2012-10-17', '2020-10-17'),
);

// Event patterns.
plant(
  'a number that is compared with a text',
  'EventPatternSyntax',
  pattern("{ source: [a], detail: { price: [{ numeric: ['>', '5'] }] } }"),
);
plant(
  'an operator of numbers that there is not',
  'EventPatternSyntax',
  pattern("{ source: [a], detail: { price: [{ numeric: ['=>', 5] }] } }"),
);
plant(
  'a range of numbers that is upside down',
  'EventPatternSyntax',
  pattern("{ source: [a], detail: { price: [{ numeric: ['>', 10, '<', 5] }] } }"),
);
plant(
  'an odd number of parts in a range',
  'EventPatternSyntax',
  pattern("{ source: [a], detail: { price: [{ numeric: ['>', 10, '<'] }] } }"),
);
plant(
  'a number beyond those that EventBridge compares',
  'EventPatternSyntax',
  pattern("{ source: [a], detail: { price: [{ numeric: ['>', 6000000000] }] } }"),
);
plant('an empty list', 'EventPatternSyntax', pattern('{ source: [] }'));
plant('a text where a list is, in a pattern', 'EventPatternSyntax', pattern('{ source: shop }'));
plant('an empty pattern', 'EventPatternSyntax', pattern('{ }'));
plant('a matcher that there is not', 'EventPatternSyntax', pattern('{ source: [{ begins-with: a }] }'));
plant('a prefix that is no text', 'EventPatternSyntax', pattern('{ source: [{ prefix: 5 }] }'));
plant('anything-but nothing', 'EventPatternSyntax', pattern('{ source: [{ anything-but: [] }] }'));
plant(
  'anything-but texts and numbers at once',
  'EventPatternSyntax',
  pattern('{ source: [{ anything-but: [a, 5] }] }'),
);
plant(
  'anything-but a range of numbers',
  'EventPatternSyntax',
  pattern("{ detail: { a: [{ anything-but: { numeric: ['>', 5] } }] } }"),
);
plant('two wildcards side by side', 'EventPatternSyntax', pattern("{ source: [{ wildcard: 'a**b' }] }"));
plant('a network that is none', 'EventPatternSyntax', pattern("{ detail: { ip: [{ cidr: '10.0.0.0/33' }] } }"));
plant('exists with a text', 'EventPatternSyntax', pattern("{ detail: { ip: [{ exists: 'yes' }] } }"));
plant(
  'exists of what is no leaf',
  /EventPatternSyntax|EventPatternCatchAll/,
  pattern('{ detail: [{ exists: true, prefix: a }] }'),
);
plant('a field that no event has', 'EventPatternSyntax', pattern('{ Source: [shop] }'));
plant('$or with one alternative', 'EventPatternSyntax', pattern('{ source: [a], detail: { $or: [{ a: [1] }] } }'));
plant(
  'a pattern and a schedule that fires never',
  /ScheduleExpression/,
  `  Rule: { Type: AWS::Events::Rule, Properties: { ScheduleExpression: 'cron(0 0 31 2 ? *)', Targets: [{ Id: a, Arn: !GetAtt Jobs.Arn }] } }
  Jobs: { Type: AWS::SQS::Queue }`,
);

// Networks.
const WORLD = 'open to the world';
plant(
  `SSH that is ${WORLD}`,
  'SecurityGroupOpen',
  group('IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0'),
);
plant(
  `RDP that is ${WORLD}, over IPv6`,
  'SecurityGroupOpen',
  group("IpProtocol: tcp, FromPort: 3389, ToPort: 3389, CidrIpv6: '::/0'"),
);
plant(
  `IPv6 in another spelling that is ${WORLD}`,
  'SecurityGroupOpen',
  group("IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIpv6: '0:0:0:0:0:0:0:0/0'"),
);
plant(`every port that is ${WORLD}`, 'SecurityGroupOpen', group("IpProtocol: '-1', CidrIp: 0.0.0.0/0"));
plant(`every port, by a number, that is ${WORLD}`, 'SecurityGroupOpen', group('IpProtocol: -1, CidrIp: 0.0.0.0/0'));
plant(
  `a range of ports with a database that is ${WORLD}`,
  'SecurityGroupOpen',
  group('IpProtocol: tcp, FromPort: 1024, ToPort: 65535, CidrIp: 0.0.0.0/0'),
);
plant(
  `a network that ends in /0 and is ${WORLD}`,
  'SecurityGroupOpen',
  group('IpProtocol: tcp, FromPort: 3306, ToPort: 3306, CidrIp: 10.0.0.0/0'),
);
plant(`half the world`, 'SecurityGroupOpen', group('IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/1'));
plant(
  `a rule of its own that is ${WORLD}`,
  'SecurityGroupOpen',
  "  In: { Type: AWS::EC2::SecurityGroupIngress, Properties: { GroupId: sg-12345678, IpProtocol: '6', FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0 } }",
);

// Functions, mappings, queues, APIs, alarms.
plant('too much memory', /FunctionMemory|^[EF]3/, fn('MemorySize: 20480'));
plant('more than fifteen minutes', /FunctionTimeout|^[EF]3/, fn('Timeout: 1000'));
plant('a runtime that has ended', /FunctionRuntime|^[EFW]2/, fn().replace('nodejs22.x', 'nodejs14.x'));
plant('a runtime that there never was', /W3030|FunctionRuntime/, fn().replace('nodejs22.x', 'nodejs23.x'));
plant('a handler of the other kind of package', /^[EFW]\d/, fn('PackageType: Image'));
plant(
  'a batch of 500 without a window',
  'MappingBatch',
  `${fn()}  Jobs: { Type: AWS::SQS::Queue }
  Mapping: { Type: AWS::Lambda::EventSourceMapping, Properties: { FunctionName: !Ref Fn, EventSourceArn: !GetAtt Jobs.Arn, BatchSize: 500 } }`,
);
plant(
  'a starting position of a queue',
  'MappingSourceSettings',
  `${fn()}  Jobs: { Type: AWS::SQS::Queue }
  Mapping: { Type: AWS::Lambda::EventSourceMapping, Properties: { FunctionName: !Ref Fn, EventSourceArn: !GetAtt Jobs.Arn, StartingPosition: LATEST } }`,
);
plant(
  'a stream without a starting position',
  'MappingSourceSettings',
  `${fn()}  Clicks: { Type: AWS::Kinesis::Stream, Properties: { StreamModeDetails: { StreamMode: ON_DEMAND } } }
  Mapping: { Type: AWS::Lambda::EventSourceMapping, Properties: { FunctionName: !Ref Fn, EventSourceArn: !GetAtt Clicks.Arn } }`,
);
plant(
  'a visibility timeout below the function’s',
  'QueueVisibilityTimeout',
  `${fn('Timeout: 60')}  Jobs: { Type: AWS::SQS::Queue }
  Mapping: { Type: AWS::Lambda::EventSourceMapping, Properties: { FunctionName: !Ref Fn, EventSourceArn: !GetAtt Jobs.Arn } }`,
);
plant('a FIFO queue whose name does not say so', 'FifoSettings', queue('FifoQueue: true, QueueName: jobs'));
plant('a standard queue whose name says FIFO', 'FifoSettings', queue('QueueName: jobs.fifo'));
plant(
  'a dead-letter queue of the other kind',
  'QueueRedriveType',
  `  Dead: { Type: AWS::SQS::Queue }
  Jobs: { Type: AWS::SQS::Queue, Properties: { FifoQueue: true, RedrivePolicy: { deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 5 } } }`,
);
plant(
  'a receive count of 0',
  'QueueLimits',
  `  Dead: { Type: AWS::SQS::Queue }
  Jobs: { Type: AWS::SQS::Queue, Properties: { RedrivePolicy: { deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 0 } } }`,
);
plant(
  'a redrive policy without a count',
  'QueueRedrivePolicy',
  `  Dead: { Type: AWS::SQS::Queue }
  Jobs: { Type: AWS::SQS::Queue, Properties: { RedrivePolicy: { deadLetterTargetArn: !GetAtt Dead.Arn } } }`,
);
plant(
  'an integration that waits longer than its API',
  'IntegrationTimeout',
  `  Api: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: a, ProtocolType: HTTP } }
  Calls: { Type: AWS::ApiGatewayV2::Integration, Properties: { ApiId: !Ref Api, IntegrationType: HTTP_PROXY, IntegrationMethod: GET, IntegrationUri: 'https://example.com', PayloadFormatVersion: '1.0', TimeoutInMillis: 31000 } }`,
);
plant(
  'an integration of a WebSocket that waits longer than its API',
  'IntegrationTimeout',
  `  Api: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: a, ProtocolType: WEBSOCKET, RouteSelectionExpression: '$request.body.action' } }
  Calls: { Type: AWS::ApiGatewayV2::Integration, Properties: { ApiId: !Ref Api, IntegrationType: HTTP_PROXY, IntegrationMethod: GET, IntegrationUri: 'https://example.com', TimeoutInMillis: 30000 } }`,
);
plant(
  'an alarm on no queue',
  'AlarmDimensions',
  alarm(
    'Namespace: AWS/SQS, MetricName: ApproximateAgeOfOldestMessage, Statistic: Maximum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanThreshold',
  ),
);
plant(
  'a comparison that there is not',
  'W3030',
  alarm(
    `${metric}, Statistic: Maximum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThan`,
  ),
);
plant(
  'an alarm without periods',
  'AlarmSettings',
  alarm(`${metric}, Statistic: Maximum, Period: 60, Threshold: 1, ComparisonOperator: GreaterThanThreshold`),
);
plant(
  'a period that CloudWatch has not',
  'AlarmSettings',
  alarm(
    `${metric}, Statistic: Maximum, Period: 45, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanThreshold`,
  ),
);
plant(
  'more datapoints than periods',
  'AlarmSettings',
  alarm(
    `${metric}, Statistic: Maximum, Period: 60, EvaluationPeriods: 1, DatapointsToAlarm: 2, Threshold: 1, ComparisonOperator: GreaterThanThreshold`,
  ),
);
plant(
  'an alarm that looks at more than a day',
  'AlarmSettings',
  alarm(
    `${metric}, Statistic: Maximum, Period: 300, EvaluationPeriods: 300, Threshold: 1, ComparisonOperator: GreaterThanThreshold`,
  ),
);
plant(
  'a statistic and an extended one',
  'F3020',
  alarm(
    `${metric}, Statistic: Maximum, ExtendedStatistic: p99, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanThreshold`,
  ),
);
plant(
  'an alarm without a statistic',
  'AlarmSettings',
  alarm(`${metric}, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanThreshold`),
);
plant(
  'a retention that logs cannot have',
  'W3030',
  '  Logs: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: 15 } }',
);

export const PLANTS: readonly Plant[] = plants;
