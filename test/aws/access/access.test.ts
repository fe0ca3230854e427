import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secrets from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Access } from '../../../lib/aws/access/access';
import { grantAccess, variablesOf } from '../../../lib/aws/access/apply';
import { Capability } from '../../../lib/aws/access/capability';
import { EntityTable } from '../../../lib/aws/entity-table';

type Statement = { Action: string | string[]; Resource: unknown; Condition?: unknown; Sid?: string };

const REGION = 'eu-west-1';
const ACCOUNT = '123456789012';
const arn = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;

let app: App;
let stack: Stack;
let fn: lambda.Function;

beforeEach(() => {
  app = new App({ builtinCloudFormationValidation: false, context: { '@aws-cdk/aws-iam:minimizePolicies': true } });
  stack = new Stack(app, 'Shop', { env: { region: REGION, account: ACCOUNT } });
  fn = new lambda.Function(stack, 'F', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = () => {}'),
  });
});

/** The statements that the function's own policy ends up with. */
function granted(): [Statement, ...Statement[]] {
  const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  return policies.flatMap((policy) => policy.Properties.PolicyDocument.Statement as [Statement]) as [Statement];
}

interface Simplified {
  readonly actions: string[];
  readonly resources: unknown;
  readonly variable: unknown;
}

function simplified(capability: Capability): Simplified[] {
  grantAccess(fn, { NAME: capability });
  return granted().map(({ Action, Resource }) => ({
    actions: [Action].flat().sort(),
    resources: Resource,
    variable: stack.resolve(capability.variables['']),
  }));
}

const TABLE = arn('dynamodb', 'table/orders');
const QUEUE = arn('sqs', 'jobs');

test.each<[string, (stack: Stack) => Capability, string[], unknown, string]>([
  [
    'table.read()',
    (s) => Access.table(dynamodb.Table.fromTableArn(s, 'X', TABLE)).read(),
    ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'],
    TABLE,
    'orders',
  ],
  [
    'table.read({ scan: true })',
    (s) => Access.table(dynamodb.TableV2.fromTableArn(s, 'X', TABLE)).read({ scan: true }),
    ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:Scan'],
    TABLE,
    'orders',
  ],
  [
    'table.write()',
    (s) => Access.table(dynamodb.TableV2.fromTableArn(s, 'X', TABLE)).write(),
    ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:ConditionCheckItem', 'dynamodb:BatchWriteItem'],
    TABLE,
    'orders',
  ],
  [
    'table.write({ batch: false })',
    (s) => Access.table(dynamodb.TableV2.fromTableArn(s, 'X', TABLE)).write({ batch: false }),
    ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:ConditionCheckItem'],
    TABLE,
    'orders',
  ],
  [
    'table.delete()',
    (s) => Access.table(dynamodb.TableV2.fromTableArn(s, 'X', TABLE)).delete(),
    ['dynamodb:DeleteItem'],
    TABLE,
    'orders',
  ],
  [
    'table.append()',
    (s) => Access.table(dynamodb.TableV2.fromTableArn(s, 'X', TABLE)).append(),
    ['dynamodb:PutItem'],
    TABLE,
    'orders',
  ],
  [
    'bucket.read()',
    (s) => Access.bucket(s3.Bucket.fromBucketName(s, 'X', 'files')).read(),
    ['s3:GetObject'],
    { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::files/*']] },
    'files',
  ],
  [
    'bucket.write({ prefix })',
    (s) => Access.bucket(s3.Bucket.fromBucketArn(s, 'X', 'arn:aws:s3:::files')).write({ prefix: 'in/' }),
    ['s3:PutObject', 's3:AbortMultipartUpload'],
    'arn:aws:s3:::files/in/*',
    'files',
  ],
  [
    'bucket.delete()',
    (s) => Access.bucket(s3.Bucket.fromBucketArn(s, 'X', 'arn:aws:s3:::files')).delete(),
    ['s3:DeleteObject'],
    'arn:aws:s3:::files/*',
    'files',
  ],
  [
    'queue.send()',
    (s) => Access.queue(sqs.Queue.fromQueueArn(s, 'X', QUEUE)).send(),
    ['sqs:SendMessage'],
    QUEUE,
    `https://sqs.${REGION}.SUFFIX/${ACCOUNT}/jobs`,
  ],
  [
    'topic.publish()',
    (s) => Access.topic(sns.Topic.fromTopicArn(s, 'X', arn('sns', 'news'))).publish(),
    ['sns:Publish'],
    arn('sns', 'news'),
    arn('sns', 'news'),
  ],
  [
    'secret.read()',
    (s) =>
      Access.secret(secrets.Secret.fromSecretCompleteArn(s, 'X', arn('secretsmanager', 'secret:db-AbCdEf'))).read(),
    ['secretsmanager:GetSecretValue'],
    arn('secretsmanager', 'secret:db-AbCdEf'),
    arn('secretsmanager', 'secret:db-AbCdEf'),
  ],
  [
    'secret.read() of a secret known by name',
    (s) => Access.secret(secrets.Secret.fromSecretPartialArn(s, 'X', arn('secretsmanager', 'secret:db'))).read(),
    ['secretsmanager:GetSecretValue'],
    arn('secretsmanager', 'secret:db-??????'),
    arn('secretsmanager', 'secret:db'),
  ],
  [
    'parameter.read()',
    (s) => Access.parameter(ssm.StringParameter.fromStringParameterArn(s, 'X', arn('ssm', 'parameter/p'))).read(),
    ['ssm:GetParameter', 'ssm:GetParameters'],
    arn('ssm', 'parameter/p'),
    'p',
  ],
  [
    'stateMachine.start()',
    (s) => Access.stateMachine(sfn.StateMachine.fromStateMachineArn(s, 'X', arn('states', 'stateMachine:m'))).start(),
    ['states:StartExecution'],
    arn('states', 'stateMachine:m'),
    arn('states', 'stateMachine:m'),
  ],
  [
    'function.invoke()',
    (s) => Access.function(lambda.Function.fromFunctionArn(s, 'X', arn('lambda', 'function:g'))).invoke(),
    ['lambda:InvokeFunction'],
    arn('lambda', 'function:g'),
    arn('lambda', 'function:g'),
  ],
  [
    'bus.publish()',
    (s) => Access.bus(events.EventBus.fromEventBusArn(s, 'X', arn('events', 'event-bus/shop'))).publish(),
    ['events:PutEvents'],
    arn('events', 'event-bus/shop'),
    'shop',
  ],
])('%s allows exactly its actions on an imported resource', (_, make, actions, resources, variable) => {
  const [statement, ...others] = simplified(make(stack)) as [Simplified];
  expect(others).toEqual([]);
  expect(statement.actions).toEqual([...actions].sort());
  expect(statement.resources).toEqual(resources);
  const value = JSON.stringify(statement.variable).replace(/{"Fn::Join":\["",\[(.*)\]\]}/, '$1');
  const plain = value.replace('",{"Ref":"AWS::URLSuffix"},"', 'SUFFIX').replaceAll('"', '');
  expect(plain).toBe(variable);
});

describe('a table', () => {
  const attribute = (name: string) => ({ name, type: dynamodb.AttributeType.STRING });

  test.each([
    ['TableV2', () => new dynamodb.TableV2(stack, 'Orders', { partitionKey: attribute('id') })],
    ['Table', () => new dynamodb.Table(stack, 'Orders', { partitionKey: attribute('id') })],
  ])('of %s is read with its indexes by name, those added after read() too', (_, make) => {
    const table = make();
    grantAccess(fn, { ORDERS: Access.table(table).read(), ORDERS_AGAIN: Access.table(table).read() });
    table.addGlobalSecondaryIndex({ indexName: 'byCustomer', partitionKey: attribute('customer') });
    const attributes = stack.resolve(table.tableArn) as unknown;
    const index = { 'Fn::Join': ['', [attributes, '/index/byCustomer']] };
    for (const statement of granted()) expect(statement.Resource).toEqual([attributes, index]);
  });

  test('without an index is read alone', () => {
    const table = new dynamodb.TableV2(stack, 'Orders', { partitionKey: attribute('id') });
    grantAccess(fn, { ORDERS: Access.table(table).read() });
    const [statement] = granted();
    expect(statement.Sid).toBe('AccessORDERS');
    expect([statement.Resource].flat()).toEqual([stack.resolve(table.tableArn)]);
  });

  test('that is imported with indexes is read with all of them', () => {
    const table = dynamodb.TableV2.fromTableAttributes(stack, 'X', { tableArn: TABLE, globalIndexes: ['a'] });
    grantAccess(fn, { ORDERS: Access.table(table).read() });
    expect(granted()[0].Resource).toEqual([TABLE, `${TABLE}/index/*`]);
  });

  test('is written without a way to delete', () => {
    const table = Access.table(dynamodb.TableV2.fromTableArn(stack, 'X', TABLE));
    for (const capability of [table.write({ batch: false }), table.readWrite({ batch: false }), table.append()])
      expect(JSON.stringify(capability.statements)).not.toMatch(/Delete|BatchWrite/);
    expect(JSON.stringify(table.write().statements)).not.toContain('Delete');
  });

  test('is appended to without seeing what was there', () => {
    grantAccess(fn, { LOG: Access.table(dynamodb.TableV2.fromTableArn(stack, 'X', TABLE)).append() });
    expect(granted()[0].Condition).toEqual({ StringEqualsIfExists: { 'dynamodb:ReturnValues': 'NONE' } });
  });

  test('of another stack is read there', () => {
    const data = new Stack(app, 'Data', { env: { region: REGION, account: ACCOUNT } });
    const table = new dynamodb.TableV2(data, 'Orders', { partitionKey: attribute('id') });
    grantAccess(fn, { ORDERS: Access.table(table).read() });
    table.addGlobalSecondaryIndex({ indexName: 'byCustomer', partitionKey: attribute('customer') });
    const [statement] = granted();
    expect(JSON.stringify(statement.Resource)).toContain('Fn::ImportValue');
    expect(JSON.stringify(statement.Resource)).toContain('/index/byCustomer');
  });
});

describe('a customer-managed key', () => {
  const through = (service: string) => ({
    StringEquals: { 'kms:ViaService': `${service}.${REGION}.amazonaws.com` },
  });
  const attribute = { name: 'id', type: dynamodb.AttributeType.STRING };

  test.each<[string, string, string[], (key: kms.Key) => Capability]>([
    [
      'queue.send()',
      'sqs',
      ['kms:GenerateDataKey', 'kms:Decrypt'],
      (encryptionMasterKey) => Access.queue(new sqs.Queue(stack, 'X', { encryptionMasterKey })).send(),
    ],
    [
      'topic.publish()',
      'sns',
      ['kms:GenerateDataKey', 'kms:Decrypt'],
      (masterKey) => Access.topic(new sns.Topic(stack, 'X', { masterKey })).publish(),
    ],
    [
      'secret.read()',
      'secretsmanager',
      ['kms:Decrypt'],
      (encryptionKey) => Access.secret(new secrets.Secret(stack, 'X', { encryptionKey })).read(),
    ],
    [
      'parameter.read()',
      'ssm',
      ['kms:Decrypt'],
      (encryptionKey) =>
        Access.parameter(
          ssm.StringParameter.fromSecureStringParameterAttributes(stack, 'X', { parameterName: 'p', encryptionKey }),
        ).read(),
    ],
    [
      'bucket.read()',
      's3',
      ['kms:Decrypt'],
      (encryptionKey) => Access.bucket(new s3.Bucket(stack, 'X', { encryptionKey })).read(),
    ],
    [
      'bucket.write()',
      's3',
      ['kms:GenerateDataKey', 'kms:Decrypt'],
      (encryptionKey) => Access.bucket(new s3.Bucket(stack, 'X', { encryptionKey })).write(),
    ],
    [
      'table.read()',
      'dynamodb',
      ['kms:Decrypt', 'kms:DescribeKey'],
      (key) =>
        Access.table(
          new dynamodb.TableV2(stack, 'X', {
            partitionKey: attribute,
            encryption: dynamodb.TableEncryptionV2.customerManagedKey(key),
          }),
        ).read(),
    ],
  ])('is used by %s through %s alone', (_, service, actions, make) => {
    const key = new kms.Key(stack, 'Key');
    grantAccess(fn, { NAME: make(key) });
    const statement = granted().find(({ Action }) => JSON.stringify(Action).includes('kms:'));
    expect(statement?.Condition).toEqual(through(service));
    expect(statement?.Resource).toEqual({ 'Fn::GetAtt': ['Key961B73FD', 'Arn'] });
    expect([statement?.Action].flat().sort()).toEqual([...actions].sort());
  });

  test('of AWS needs no statement', () => {
    const queue = new sqs.Queue(stack, 'X', { encryption: sqs.QueueEncryption.KMS_MANAGED });
    const topic = new sns.Topic(stack, 'Y', { masterKey: kms.Alias.fromAliasName(stack, 'Aws', 'alias/aws/sns') });
    grantAccess(fn, { JOBS: Access.queue(queue).send(), NEWS: Access.topic(topic).publish() });
    expect(granted().map(({ Action }) => Action)).toEqual(['sqs:SendMessage', 'sns:Publish']);
  });

  test('leaves the policies of the resource and of the key as they are', () => {
    const key = new kms.Key(stack, 'Key');
    const queue = new sqs.Queue(stack, 'X', { encryptionMasterKey: key, visibilityTimeout: Duration.minutes(1) });
    const policy = key.node.defaultChild as kms.CfnKey;
    const before = JSON.stringify(stack.resolve(policy.keyPolicy));
    grantAccess(fn, { JOBS: Access.queue(queue).send() });
    expect(JSON.stringify(stack.resolve(policy.keyPolicy))).toBe(before);
    Template.fromStack(stack).resourceCountIs('AWS::SQS::QueuePolicy', 0);
  });
});

describe('bucket.read({ list, prefix })', () => {
  test('lists no more than it reads', () => {
    const bucket = s3.Bucket.fromBucketArn(stack, 'X', 'arn:aws:s3:::files');
    grantAccess(fn, { FILES: Access.bucket(bucket).read({ list: true, prefix: 'in/' }) });
    expect(granted()).toEqual([
      { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::files/in/*' },
      {
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: 'arn:aws:s3:::files',
        Condition: { StringLike: { 's3:prefix': ['in/*'] } },
      },
    ]);
  });
});

describe('a custom capability', () => {
  test('sets variables by suffix and grants what it names', () => {
    const capability = Access.custom({
      actions: ['rds-db:connect'],
      resources: [arn('rds-db', 'dbuser:prx-1/app')],
      value: 'app',
      variables: { HOST: 'db.example.com' },
      conditions: { StringEquals: { 'aws:RequestedRegion': REGION } },
    });
    expect(variablesOf({ DB: capability })).toEqual([
      ['DB', 'app'],
      ['DB_HOST', 'db.example.com'],
    ]);
    grantAccess(fn, { DB: capability });
    expect(granted()).toEqual([
      {
        Effect: 'Allow',
        Action: 'rds-db:connect',
        Resource: arn('rds-db', 'dbuser:prx-1/app'),
        Condition: { StringEquals: { 'aws:RequestedRegion': REGION } },
      },
    ]);
  });

  test('takes every resource when it says why', () => {
    const reason = 'Rekognition has no resource-level permission for DetectLabels';
    grantAccess(fn, { LABELS: Access.custom({ actions: ['rekognition:DetectLabels'], resources: ['*'], reason }) });
    expect(granted()).toEqual([{ Effect: 'Allow', Action: 'rekognition:DetectLabels', Resource: '*' }]);
  });

  test.each([
    [{ actions: ['s3:*'], resources: ['arn'] }, "'actions' must be exact actions, without wildcards, got ['s3:*']"],
    [{ actions: ['s3:Get?bject'], resources: ['arn'] }, "'actions' must be exact actions"],
    [{ actions: [], resources: ['arn'] }, "'actions' must be exact actions, without wildcards, got []"],
    [{ actions: ['s3:GetObject'], resources: [] }, "'resources' must name at least one resource, got []"],
    [
      { actions: ['s3:GetObject'], resources: ['*'] },
      "'resources' must name particular resources, or say why not in 'reason', got ['*']",
    ],
    [{ actions: ['dynamodb:GetItm'], resources: [TABLE] }, "got 'dynamodb:GetItm'; did you mean 'dynamodb:GetItem'?"],
    [{ actions: ['dynamdb:GetItem'], resources: [TABLE] }, "got 'dynamdb:GetItem'; did you mean 'dynamodb:GetItem'?"],
  ])('refuses %j', (props, message) => {
    expect(() => Access.custom(props)).toThrow(message);
  });
});

describe('a custom capability on resources of which none is named', () => {
  test.each([
    'arn:aws:dynamodb:eu-west-1:111122223333:table/*',
    'arn:aws:dynamodb:*:*:*',
    'arn:aws:sqs:eu-west-1:111122223333:*',
    'arn:aws:logs:eu-west-1:111122223333:log-group:*',
    'arn:aws:s3:::*',
    'arn:aws:s3:::*/*',
    '**',
    'arn:*:*:*:*:*',
  ])('refuses %s without a reason', (resource) => {
    const props = { actions: ['dynamodb:GetItem'], resources: [resource] };
    expect(() => Access.custom(props)).toThrow("must name particular resources, or say why not in 'reason'");
    expect(() => Access.custom({ ...props, reason: 'tables come and go' })).not.toThrow();
  });

  test.each([
    'arn:aws:s3:::uploads/*',
    'arn:aws:dynamodb:eu-west-1:111122223333:table/orders-*',
    'arn:aws:dynamodb:eu-west-1:111122223333:table/orders/index/*',
    'arn:aws:logs:eu-west-1:111122223333:log-group:/app/*',
    'arn:aws:execute-api:eu-west-1:111122223333:a1b2c3/*',
  ])('takes %s', (resource) => {
    expect(() => Access.custom({ actions: ['dynamodb:GetItem'], resources: [resource] })).not.toThrow();
  });
});

describe('reading the items of some keys', () => {
  const table = () => dynamodb.TableV2.fromTableAttributes(stack, 'X', { tableArn: TABLE, globalIndexes: ['a'] });

  test('asks for the keys of every request, and leaves indexes out', () => {
    grantAccess(fn, { ORDERS: Access.table(table()).read({ leadingKeys: ['tenant-1'] }) });
    expect(granted()).toEqual([
      {
        Effect: 'Allow',
        Action: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'],
        Resource: TABLE,
        Condition: {
          'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['tenant-1'] },
          Null: { 'dynamodb:LeadingKeys': 'false' },
        },
      },
    ]);
  });

  test('refuses no key, and a scan', () => {
    expect(() => Access.table(table()).read({ leadingKeys: [], scan: true })).toThrow(
      /'leadingKeys' must name at least one value.*\n.*'scan' must not be combined with 'leadingKeys'/s,
    );
  });
});

test('a table of version 1 is adopted with its capabilities, and without a resource', () => {
  const table = new dynamodb.Table(stack, 'Old', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } });
  grantAccess(fn, { ORDERS: EntityTable.adopt(table).readWrite() });
  const { Resources } = Template.fromStack(stack).toJSON() as { Resources: Record<string, { Type: string }> };
  const types = Object.values(Resources).map(({ Type }) => Type);
  expect(types.filter((type) => type.includes('DynamoDB'))).toEqual(['AWS::DynamoDB::Table']);
  expect(granted().flatMap(({ Action }) => Action)).toEqual(
    expect.arrayContaining(['dynamodb:Query', 'dynamodb:PutItem']),
  );
});

test('a key that is known by an alias is allowed by that, since the ARN of an alias allows nothing', () => {
  const encryptionMasterKey = kms.Alias.fromAliasName(stack, 'Alias', 'alias/shop');
  const queue = sqs.Queue.fromQueueAttributes(stack, 'X', { queueArn: QUEUE, keyArn: encryptionMasterKey.keyArn });
  grantAccess(fn, { JOBS: Access.queue(queue).send() });
  const statement = granted().find(({ Action }) => JSON.stringify(Action).includes('kms:'));
  expect(JSON.stringify(statement?.Resource)).toMatch(/:key\/\*"/);
  expect(statement?.Condition).toMatchObject({ 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/shop' } });
});

test.each<[string, () => unknown]>([
  ['table', () => EntityTable.adopt(undefined as never)],
  ['bucket', () => Access.bucket(undefined as never)],
  ['queue', () => Access.queue(undefined as never)],
  ['topic', () => Access.topic(undefined as never)],
  ['stream', () => Access.stream(undefined as never)],
  ['secret', () => Access.secret(undefined as never)],
  ['parameter', () => Access.parameter(undefined as never)],
  ['stateMachine', () => Access.stateMachine(undefined as never)],
  ['function', () => Access.function(undefined as never)],
  ['bus', () => Access.bus(undefined as never)],
])('refuses access to a %s that is not there', (kind, ask) => {
  expect(ask).toThrow(`'${kind}' must be a construct, got nothing; pass the construct, which must be created before`);
});

describe('joined capabilities', () => {
  test('share one name', () => {
    const table = dynamodb.TableV2.fromTableArn(stack, 'X', TABLE);
    const both = Access.table(table).read().and(Access.table(table).delete());
    expect(variablesOf({ ORDERS: both })).toEqual([['ORDERS', 'orders']]);
    expect(both.statements.flatMap(({ actions }) => actions)).toEqual([
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:Query',
      'dynamodb:DeleteItem',
    ]);
  });

  test('connect one after the other', () => {
    const seen: string[] = [];
    const make = (name: string) =>
      new Capability({ variables: {}, statements: [], connect: ({ node }) => seen.push(`${name} ${node.id}`) });
    grantAccess(fn, { NET: make('a').and(make('b')) });
    expect(seen).toEqual(['a F', 'b F']);
  });

  test('refuses capabilities of two resources', () => {
    const table = dynamodb.TableV2.fromTableArn(stack, 'X', TABLE);
    const queue = sqs.Queue.fromQueueArn(stack, 'Y', QUEUE);
    expect(() => Access.table(table).read().and(Access.queue(queue).send())).toThrow(
      "'and' must join capabilities of one resource",
    );
  });
});
