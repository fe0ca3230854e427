import { App, CfnParameter, CfnResource, Fn, Stack } from 'aws-cdk-lib';
import { AttributeType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { LocalRun } from 'lintel/testing';
import { ECHO, inline, running, shop, stopRuns } from './support';

/** A resource that AWS refuses, and why. */
type Refused = readonly [id: string, type: string, properties: object, why: string];
const WAITS = '{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":-1,"End":true}}}';
let refused: readonly Refused[] = [];
let run: LocalRun;

function build(stack: Stack): void {
  const queue = new Queue(stack, 'Queue');
  const fifo = new Queue(stack, 'Fifo', { fifo: true });
  const topic = new Topic(stack, 'Topic');
  const fifoTopic = new Topic(stack, 'FifoTopic', { fifo: true });
  const fn = inline(stack, 'Fn', ECHO);
  const machine = new StateMachine(stack, 'Machine', {
    definitionBody: DefinitionBody.fromChainable(new Pass(stack, 'Pass')),
  });
  const stream = new Stream(stack, 'Stream');
  const partitionKey = { name: 'id', type: AttributeType.STRING };
  const table = new Table(stack, 'Table', { partitionKey, stream: StreamViewType.NEW_IMAGE });
  const everything = new PolicyStatement({ actions: ['*'], resources: ['*'] });
  const pipeRole = new Role(stack, 'Pipes', { assumedBy: new ServicePrincipal('pipes.amazonaws.com') });
  for (const role of [fn.role!, pipeRole]) role.addToPrincipalPolicy(everything);

  const rule = (id: string, target: object, why: string, rest: object = {}): Refused => {
    const Targets = [{ Id: 't', Arn: queue.queueArn, ...target }];
    return [id, 'AWS::Events::Rule', { EventPattern: { source: ['shop'] }, Targets, ...rest }, why];
  };
  const pipe = (id: string, properties: object, why: string): Refused => {
    const usual = { RoleArn: pipeRole.roleArn, Source: queue.queueArn, Target: fn.functionArn };
    return [id, 'AWS::Pipes::Pipe', { ...usual, ...properties }, why];
  };
  const mapping = (id: string, properties: object, why: string): Refused => {
    const usual = { FunctionName: fn.functionName, EventSourceArn: queue.queueArn };
    return [id, 'AWS::Lambda::EventSourceMapping', { ...usual, ...properties }, why];
  };
  const ofStream = { EventSourceArn: stream.streamArn, StartingPosition: 'LATEST' };
  const made = (id: string, properties: object, why: string): Refused => [id, 'AWS::SQS::Queue', properties, why];
  const asynchronous = (id: string, properties: object, why: string): Refused => {
    const usual = { FunctionName: fn.functionName, Qualifier: '$LATEST' };
    return [id, 'AWS::Lambda::EventInvokeConfig', { ...usual, ...properties }, why];
  };
  const items = (id: string, properties: object, why: string): Refused => {
    const AttributeDefinitions = [{ AttributeName: 'id', AttributeType: 'S' }];
    const KeySchema = [{ AttributeName: 'id', KeyType: 'HASH' }];
    return [id, 'AWS::DynamoDB::Table', { AttributeDefinitions, KeySchema, ...properties }, why];
  };
  const bucket = (id: string, properties: object, why: string): Refused => [id, 'AWS::S3::Bucket', properties, why];
  const lifecycle = (id: string, rule: object, why: string) =>
    bucket(id, { LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ...rule }] } }, why);
  const notified = (id: string, why: string, ...configurations: object[]) => {
    const usual = { Queue: queue.queueArn, Event: 's3:ObjectCreated:*' };
    const QueueConfigurations = configurations.map((one) => ({ ...usual, ...one }));
    return bucket(id, { NotificationConfiguration: { QueueConfigurations } }, `its notifications are not set: ${why}`);
  };
  const filter = (Name: string, ...values: string[]) => ({
    Filter: { S3Key: { Rules: values.map((Value) => ({ Name, Value })) } },
  });
  const moved = (StorageClass: string, TransitionInDays: number) => ({ StorageClass, TransitionInDays });
  const api = new CfnResource(stack, 'Api', { type: 'AWS::ApiGateway::RestApi', properties: { Name: 'api' } });
  const ofApi = (id: string, kind: string, properties: object, why: string): Refused => {
    return [id, `AWS::ApiGateway::${kind}`, { RestApiId: api.ref, ...properties }, why];
  };
  const method = (id: string, properties: object, why: string) => {
    const usual = { ResourceId: api.getAtt('RootResourceId'), HttpMethod: 'GET', AuthorizationType: 'NONE' };
    return ofApi(id, 'Method', { ...usual, ...properties }, why);
  };
  const secret = (id: string, properties: object, why: string): Refused => {
    return [id, 'AWS::SecretsManager::Secret', properties, why];
  };
  const generated = (id: string, GenerateSecretString: object, why: string) =>
    secret(id, { GenerateSecretString }, why);
  const parameter = (id: string, properties: object, why: string): Refused => {
    return [id, 'AWS::SSM::Parameter', { Type: 'String', Value: '1', ...properties }, why];
  };
  const states = (id: string, properties: object, why: string): Refused => {
    const DefinitionString = '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}';
    return [
      id,
      'AWS::StepFunctions::StateMachine',
      { RoleArn: machine.role.roleArn, DefinitionString, ...properties },
      why,
    ];
  };
  const policy = (Type: string, Attributes: object) => ({
    Tier: 'Advanced',
    Policies: JSON.stringify([{ Type, Version: '1.0', Attributes }]),
  });
  const redriven = (target: Queue, maxReceiveCount: number) => ({
    RedrivePolicy: { deadLetterTargetArn: target.queueArn, maxReceiveCount },
  });
  const atTime = { StartingPosition: 'AT_TIMESTAMP' };
  refused = [
    rule('RuleRole', { Arn: machine.stateMachineArn }, 'RoleArn is required for target'),
    rule('RuleGroup', { Arn: fifo.queueArn }, 'Parameter(s) SqsParameters must be specified for target: t'),
    rule('RuleDead', { DeadLetterConfig: { Arn: fifo.queueArn } }, 'SQS FIFO is not supported by Dead Letter Queues'),
    rule('RuleDeadTopic', { DeadLetterConfig: { Arn: topic.topicArn } }, 'sns is not supported as a dead letter'),
    rule('RuleForeign', { KinesisParameters: { PartitionKeyPath: '$.id' } }, 'KinesisParameters not supported'),
    rule('RuleInput', { Input: 'no JSON' }, 'JSON syntax error in input'),
    rule('RulePath', { InputPath: 'detail' }, 'InputPath for target t is invalid'),
    rule('RuleRetries', { RetryPolicy: { MaximumRetryAttempts: 186 } }, 'MaximumRetryAttempts is from 0 to 185'),
    rule('RuleNothing', {}, 'EventPattern or ScheduleExpression must be specified', { EventPattern: undefined }),
    rule('RuleTwice', {}, "two targets have the id 't'", {
      Targets: [1, 2].map(() => ({ Id: 't', Arn: queue.queueArn })),
    }),
    pipe('PipeStart', { Source: stream.streamArn }, 'a stream requires StartingPosition'),
    pipe('PipeSource', { SourceParameters: { KinesisStreamParameters: {} } }, 'Invalid source parameter'),
    pipe('PipeTarget', { TargetParameters: { SqsQueueParameters: {} } }, 'Invalid target parameter'),
    pipe('PipeTopic', { Target: fifoTopic.topicArn }, 'its target is a FIFO topic'),
    mapping('MapBisect', { BisectBatchOnFunctionError: true }, 'BisectBatchOnFunctionError is for streams'),
    mapping('MapStart', { StartingPosition: 'LATEST' }, 'StartingPosition is for streams'),
    mapping('MapNoStart', { EventSourceArn: stream.streamArn }, 'a stream requires StartingPosition'),
    mapping('MapNoTime', { ...ofStream, ...atTime }, 'AT_TIMESTAMP requires StartingPositionTimestamp'),
    mapping('MapTable', { EventSourceArn: table.tableStreamArn, ...atTime }, "a table's stream has no AT_TIMESTAMP"),
    mapping('MapScaled', { ...ofStream, ScalingConfig: { MaximumConcurrency: 5 } }, 'ScalingConfig is for queues'),
    mapping(
      'MapTwice',
      { ScalingConfig: { MaximumConcurrency: 5 }, ProvisionedPollerConfig: { MinimumPollers: 2 } },
      'ScalingConfig and ProvisionedPollerConfig exclude each other',
    ),
    mapping('MapAge', { ...ofStream, MaximumRecordAgeInSeconds: 59 }, 'MaximumRecordAgeInSeconds is -1 or from 60'),
    mapping('MapTypes', { FunctionResponseTypes: ['Other'] }, "FunctionResponseTypes has 'Other', which is none"),
    made('QueueOfFifo', { ContentBasedDeduplication: true }, 'ContentBasedDeduplication is for FIFO queues'),
    made('QueueSuffix', { FifoQueue: true, QueueName: 'x' }, "the name of a FIFO queue ends in '.fifo'"),
    made('QueuePlain', { QueueName: 'x.fifo' }, "'x.fifo' is a name for a FIFO queue"),
    made('QueueName', { QueueName: 'a b' }, '1 to 80 letters'),
    made('QueueHidden', { VisibilityTimeout: 43_201 }, 'VisibilityTimeout is from 0 to 43200, got 43201'),
    made('QueueRedrive', redriven(queue, 0), 'maxReceiveCount is from 1 to 1000, got 0'),
    made('QueueFast', { FifoQueue: true, FifoThroughputLimit: 'perMessageGroupId' }, 'requires DeduplicationScope'),
    made('QueueTwin', { QueueName: 'twin' }, "'Shop/QueueFirst' has its name 'twin'"),
    ['TopicPlain', 'AWS::SNS::Topic', { TopicName: 'plain', FifoTopic: true }, "ends in '.fifo'"],
    ['TopicOfFifo', 'AWS::SNS::Topic', { ContentBasedDeduplication: true }, 'is for FIFO topics'],
    [
      'StreamShards',
      'AWS::Kinesis::Stream',
      { ShardCount: 1, StreamModeDetails: { StreamMode: 'ON_DEMAND' } },
      'ShardCount is for the mode PROVISIONED',
    ],
    [
      'StreamShort',
      'AWS::Kinesis::Stream',
      { ShardCount: 1, RetentionPeriodHours: 23 },
      'RetentionPeriodHours is from 24 to 8760, got 23',
    ],
    ['StreamNone', 'AWS::Kinesis::Stream', { ShardCount: 0 }, 'ShardCount is a whole number from 1'],
    ['StreamHalf', 'AWS::Kinesis::Stream', { ShardCount: 1.5 }, 'ShardCount is a whole number from 1'],
    [
      'ArchivePattern',
      'AWS::Events::Archive',
      {
        SourceArn: stack.formatArn({ service: 'events', resource: 'event-bus/default' }),
        EventPattern: { source: 'x' },
      },
      'Event pattern is not valid',
    ],
    asynchronous('AsyncRetries', { MaximumRetryAttempts: 3 }, 'MaximumRetryAttempts is from 0 to 2, got 3'),
    asynchronous(
      'AsyncFifo',
      { DestinationConfig: { OnFailure: { Destination: fifo.queueArn } } },
      'OnFailure cannot be a FIFO queue',
    ),
    bucket('BucketShort', { BucketName: 'ab' }, "3 to 63 lower-case letters, digits, hyphens and periods, got 'ab'"),
    bucket('BucketAddress', { BucketName: '192.168.1.1' }, 'a name that no bucket may have'),
    bucket('BucketReserved', { BucketName: 'shop-s3alias' }, 'a name that no bucket may have'),
    bucket('BucketPublic', { AccessControl: 'PublicRead' }, 'cannot have public ACLs'),
    bucket('BucketLock', { ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } }, 'Versioning must be enabled'),
    lifecycle('LifecycleNothing', {}, 'rule 1 of its lifecycle: At least one action'),
    lifecycle('LifecycleZero', { ExpirationInDays: 0 }, 'must be a positive integer'),
    lifecycle('LifecycleEarly', { Transitions: [moved('STANDARD_IA', 29)] }, 'greater than or equal to 30'),
    lifecycle('LifecycleLate', { ExpirationInDays: 90, Transitions: [moved('GLACIER', 90)] }, 'must be greater than'),
    lifecycle('LifecycleLeft', { Transitions: [moved('STANDARD_IA', 30), moved('GLACIER', 59)] }, 'stay 30 days'),
    lifecycle('LifecycleMidday', { ExpirationDate: '2030-01-31T12:00:00Z' }, 'at midnight GMT'),
    lifecycle('LifecycleMarker', { ExpiredObjectDeleteMarker: true, ExpirationInDays: 1 }, 'ExpiredObjectDeleteMarker'),
    notified('NotifiedTwice', 'AWS refuses them: Configuration is ambiguously', {}, { Event: 's3:ObjectCreated:Put' }),
    notified('NotifiedEnds', 'AWS refuses them: Configuration is', filter('suffix', '.jpg'), filter('suffix', 'jpg')),
    notified('NotifiedNever', "AWS refuses them: 's3:ObjectMade:*' is no event", { Event: 's3:ObjectMade:*' }),
    notified('NotifiedRules', 'AWS refuses them: Cannot specify more than one', filter('prefix', 'a', 'b')),
    notified('NotifiedWithin', 'AWS refuses them: filter rule name must be', filter('contains', 'a')),
    ofApi(
      'ResourcePart',
      'Resource',
      { ParentId: api.getAtt('RootResourceId'), PathPart: 'a b' },
      'path part only allow',
    ),
    method('MethodVerb', { HttpMethod: 'FETCH', Integration: { Type: 'MOCK' } }, 'Invalid HttpMethod specified'),
    method('MethodNoVerb', { Integration: { Type: 'HTTP', Uri: 'http://127.0.0.1:9' } }, 'must be non-empty'),
    method(
      'MethodArn',
      { HttpMethod: 'PUT', Integration: { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri: fn.functionArn } },
      'must contain path or action',
    ),
    ofApi('ResponseCode', 'GatewayResponse', { ResponseType: 'DEFAULT_4XX', StatusCode: '4XX' }, "got '4XX'"),
    ofApi('StageSpace', 'Stage', { StageName: 'v 4' }, 'Stage name only allows'),
    [
      'MappingEnd',
      'AWS::ApiGatewayV2::ApiMapping',
      { ApiId: 'abc123', DomainName: 'a.example', Stage: 'v1', ApiMappingKey: 'a/' },
      "should not end with a '/'",
    ],
    ['ApiKeyShort', 'AWS::ApiGateway::ApiKey', { Value: 'short' }, 'at least 20 characters'],
    states('MachineName', { StateMachineName: 'a b' }, "Invalid Name: 'a b'"),
    states(
      'MachineTwice',
      { Definition: { StartAt: 'A', States: { A: { Type: 'Succeed' } } } },
      'one of Definition, DefinitionString',
    ),
    states('MachineLog', { LoggingConfiguration: { Level: 'ALL' } }, 'exactly one Log Destination'),
    states('MachineNumber', { DefinitionString: WAITS }, 'Minimum value is 0 at /States/A/Seconds'),
    secret('SecretName', { Name: 'a b', SecretString: 'x' }, 'Invalid name.'),
    secret('SecretTwice', { SecretString: 'x', GenerateSecretString: {} }, 'cannot both be set'),
    secret('SecretLarge', { SecretString: 'x'.repeat(65_537) }, 'at most 65536 bytes'),
    generated('SecretShort', { PasswordLength: '3' }, 'Password length is too short'),
    generated('SecretLong', { PasswordLength: 4097 }, 'PasswordLength is from 1 to 4096, got 4097'),
    generated('SecretDigits', { ExcludeCharacters: '9876543210' }, 'All characters of the desired type'),
    generated('SecretNoKey', { SecretStringTemplate: '{}' }, 'must both be set or removed'),
    generated('SecretNoJson', { SecretStringTemplate: '[]', GenerateStringKey: 'k' }, 'Failed to parse'),
    parameter('ParameterName', { Name: '/a b' }, 'only a mix of letters'),
    parameter('ParameterLong', { Name: `/${'x'.repeat(967)}` }, 'its ARN has at most 1011 characters, got 1012'),
    parameter('ParameterLarge', { Value: 'x'.repeat(4097) }, 'maximum parameter value of 4096 characters'),
    parameter('ParameterEmpty', { Value: '' }, 'greater than or equal to 1'),
    parameter('ParameterNested', { Value: '{{other}}' }, "can't nest another parameter"),
    parameter('ParameterData', { DataType: 'Text' }, 'The following data type is not supported: Text'),
    parameter('ParameterSecure', { Type: 'SecureString' }, 'does not create parameters of the type SecureString'),
    parameter(
      'ParameterPattern',
      { Type: 'StringList', Value: '1,a', AllowedPattern: '\\d' },
      'against allowedPattern',
    ),
    parameter(
      'ParameterTier',
      { ...policy('NoChangeNotification', { After: '1', Unit: 'Days' }), Tier: undefined },
      'to a standard-parameter tier',
    ),
    parameter('ParameterExpiry', policy('Expiration', {}), 'policy attribute Timestamp is missing'),
    parameter('ParameterNotice', policy('ExpirationNotification', { Before: '1', Unit: 'Days' }), 'missing expiration'),
    items('TableNoUnits', {}, 'ReadCapacityUnits and WriteCapacityUnits must both be specified'),
    items(
      'TableUnits',
      { BillingMode: 'PAY_PER_REQUEST', ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } },
      'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified',
    ),
  ];
  new CfnResource(stack, 'QueueFirst', { type: 'AWS::SQS::Queue', properties: { QueueName: 'twin' } });
  for (const [id, type, properties] of refused) new CfnResource(stack, id, { type, properties: { ...properties } });
}

beforeAll(async () => {
  run = await running(shop(build));
});
afterAll(stopRuns);

test('lists each resource that AWS refuses, with the reason, and runs the others', () => {
  const reasons = (id: string) =>
    run.unsupported.filter(({ resource }) => resource === `Shop/${id}`).map(({ reason }) => reason);
  for (const [id, , , why] of refused) expect([id, ...reasons(id)]).toEqual([id, expect.stringContaining(why)]);
  const others = run.unsupported.filter(
    ({ resource }) => !refused.some(([id]) => resource === `Shop/${id}`) && resource !== 'Shop/Api',
  );
  expect(others).toEqual([]);
});

/** Resources that AWS accepts, some with a setting that only a parameter gives. */
function accepted(stack: Stack): void {
  const given = (id: string, type = 'String') => new CfnParameter(stack, id, { type }).valueAsString;
  const make = (id: string, type: string, properties: object) =>
    new CfnResource(stack, id, { type, properties: { ...properties } });
  const queue = new Queue(stack, 'Queue');
  const fn = inline(stack, 'Fn', ECHO);
  const stream = new Stream(stack, 'Stream');
  const machine = new StateMachine(stack, 'Machine', {
    definitionBody: DefinitionBody.fromChainable(new Pass(stack, 'Pass')),
  });
  const role = (id: string) => {
    const made = new Role(stack, id, { assumedBy: new ServicePrincipal(`${id}.amazonaws.com`) });
    made.addToPolicy(new PolicyStatement({ actions: ['*'], resources: ['*'] }));
    return made.roleArn;
  };
  const rule = (id: string, target: object) =>
    make(id, 'AWS::Events::Rule', { EventPattern: { source: ['shop'] }, Targets: [{ Id: 't', ...target }] });
  rule('Starts', { Arn: machine.stateMachineArn, RoleArn: given('RoleArn') });
  rule('Elsewhere', { Arn: given('Target'), KinesisParameters: { PartitionKeyPath: '$.id' } });
  rule('Dead', { Arn: fn.functionArn, DeadLetterConfig: { Arn: queue.queueArn } });
  make('Archive', 'AWS::Events::Archive', {
    ArchiveName: 'orders',
    SourceArn: stack.formatArn({ service: 'events', resource: 'event-bus/default' }),
  });
  make('Group', 'AWS::Scheduler::ScheduleGroup', { Name: 'orders' });
  const ordered = { ContentBasedDeduplication: true };
  make('Ordered', 'AWS::SQS::Queue', { ...ordered, QueueName: 'a.fifo', FifoQueue: given('FifoQueue') });
  make('OrderedTopic', 'AWS::SNS::Topic', { ...ordered, TopicName: 'a.fifo', FifoTopic: given('FifoTopic') });
  const parameter = (id: string, properties: object) =>
    make(id, 'AWS::SSM::Parameter', { Type: 'String', ...properties });
  parameter('Matching', { Value: given('Value'), AllowedPattern: '^[a-z]+$' });
  parameter('Large', { Value: 'x'.repeat(5000), Tier: given('Tier') });
  parameter('Secret', { Value: '{{resolve:secretsmanager:orders:SecretString:key}}' });
  const GenerateSecretString = { SecretStringTemplate: '{}', GenerateStringKey: given('Key') };
  make('Generated', 'AWS::SecretsManager::Secret', { GenerateSecretString });
  const RedrivePolicy = { deadLetterTargetArn: queue.queueArn, maxReceiveCount: given('Count', 'Number') };
  make('Redriven', 'AWS::SQS::Queue', { RedrivePolicy });
  const RestApiId = make('Api', 'AWS::ApiGateway::RestApi', { Name: 'orders' }).ref;
  const ResourceId = Fn.getAtt('Api', 'RootResourceId');
  const ping = { RestApiId, ResourceId, HttpMethod: 'GET', AuthorizationType: 'NONE', Integration: { Type: 'MOCK' } };
  const method = make('Ping', 'AWS::ApiGateway::Method', ping);
  const deployment = make('Deployment', 'AWS::ApiGateway::Deployment', { RestApiId });
  deployment.addResourceDependency(method);
  const Variables = { backend: 'https://a.example/~shop?b=c#d' };
  make('Stage', 'AWS::ApiGateway::Stage', { RestApiId, DeploymentId: deployment.ref, StageName: 'v4-stg', Variables });
  const StreamModeDetails = { StreamMode: 'PROVISIONED' };
  make('Sharded', 'AWS::Kinesis::Stream', { StreamModeDetails, ShardCount: given('Shards', 'Number') });
  make('Reads', 'AWS::Lambda::EventSourceMapping', {
    FunctionName: fn.functionName,
    EventSourceArn: stream.streamArn,
    StartingPosition: given('Position'),
  });
  const letsIn = new PolicyStatement({
    actions: ['sqs:SendMessage'],
    principals: [new ServicePrincipal('s3.amazonaws.com')],
    resources: ['*'],
  });
  queue.addToResourcePolicy(letsIn);
  const notified = (id: string, ...suffixes: readonly string[]) => {
    const QueueConfigurations = suffixes.map((Value) => ({
      Queue: queue.queueArn,
      Event: 's3:ObjectCreated:*',
      Filter: { S3Key: { Rules: [{ Name: 'Suffix', Value }] } },
    }));
    make(id, 'AWS::S3::Bucket', { NotificationConfiguration: { QueueConfigurations } });
  };
  notified('Apart', '.jpg', '.png');
  notified('Maybe', given('Suffix'), '.jpg');
  const moved = (StorageClass: string, TransitionInDays: number) => ({ StorageClass, TransitionInDays });
  const Rules = [
    { Status: 'Enabled', Transitions: [moved('STANDARD_IA', 30), moved('GLACIER', 60)], ExpirationInDays: 61 },
    { Status: 'Enabled', Prefix: 'a', ExpirationDate: '2030-01-31T00:00:00.000Z' },
    { Status: 'Enabled', Prefix: 'b', ExpirationInDays: given('Days', 'Number') },
  ];
  make('Kept', 'AWS::S3::Bucket', {
    LifecycleConfiguration: { Rules },
    VersioningConfiguration: { Status: given('Versioning') },
    ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' },
  });
  make('Hourly', 'AWS::Scheduler::Schedule', {
    ScheduleExpression: 'rate(1 hour)',
    FlexibleTimeWindow: { Mode: given('Mode') },
    Target: { Arn: fn.functionArn, RoleArn: role('scheduler') },
  });
  const KinesisStreamParameters = {
    StartingPosition: 'AT_TIMESTAMP',
    StartingPositionTimestamp: '2026-01-01T00:00:00.000Z',
  };
  make('Pipe', 'AWS::Pipes::Pipe', {
    RoleArn: role('pipes'),
    Source: stream.streamArn,
    Target: fn.functionArn,
    SourceParameters: { KinesisStreamParameters },
  });
}

test('accepts what AWS accepts, in each region, and lists settings that only a parameter gives', async () => {
  const app = new App({ builtinCloudFormationValidation: false });
  const regions = ['eu-west-1', 'us-east-1'];
  for (const region of regions) accepted(new Stack(app, region, { env: { account: '111111111111', region } }));
  const { unsupported } = await running(app);
  const later = (name: string) => `its ${name} is known only at deployment; set its parameter in 'templateParameters'`;
  for (const region of regions) {
    const own = unsupported.filter(({ resource }) => resource.startsWith(`${region}/`));
    const shared = "it has the same name as 'eu-west-1/Group' in another account or region: they share one here";
    expect(Object.fromEntries(own.map(({ resource, reason }) => [resource.split('/')[1], reason]))).toEqual({
      ...(region === 'us-east-1' && { Group: shared }),
      Elsewhere: "its target '' is not run",
      Ordered: later('FifoQueue'),
      OrderedTopic: later('FifoTopic'),
      Reads: `it does not run: ${later('StartingPosition')}`,
      Redriven: later('RedrivePolicy.maxReceiveCount'),
      Sharded: later('ShardCount'),
      Secret: expect.stringContaining("is not resolved: it is a blank unless 'parameters' has it"),
      Starts: later('RoleArn'),
    });
  }
});
