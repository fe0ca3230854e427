import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { CfnEventBus, EventBus } from 'aws-cdk-lib/aws-events';
import { ArnPrincipal, type IRole, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Stream, StreamEncryption } from 'aws-cdk-lib/aws-kinesis';
import { CfnEventSourceMapping, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { CfnQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import {
  CfnStateMachine,
  CustomerManagedEncryptionConfiguration,
  DefinitionBody,
  StateMachine,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { LocalRun } from 'lintel/testing';
import { ECHO, fromHandlers, inline, running, stopRuns } from '../support';

const SERVICES = ['sqs', 'sns', 's3', 'dynamodb', 'kinesis', 'secretsmanager'];
let run: LocalRun;

const FOREIGN = 'arn:aws:kms:eu-west-1:210987654321:key/abc';

function build(stack: Stack): void {
  const key = new Key(stack, 'Key');
  const queue = new Queue(stack, 'Jobs', { encryptionMasterKey: key });
  const topic = new Topic(stack, 'Orders', { masterKey: key });
  const partitionKey = { name: 'id', type: AttributeType.STRING };
  const table = new TableV2(stack, 'Items', { partitionKey, encryption: TableEncryptionV2.customerManagedKey(key) });
  const stream = new Stream(stack, 'Clicks', { encryption: StreamEncryption.KMS, encryptionKey: key });
  const bucket = new Bucket(stack, 'Files', { encryption: BucketEncryption.KMS, encryptionKey: key });
  const secret = new Secret(stack, 'Token', { encryptionKey: key, removalPolicy: RemovalPolicy.DESTROY });
  const environment = {
    QUEUE: queue.queueUrl,
    TOPIC: topic.topicArn,
    TABLE: table.tableName,
    STREAM: stream.streamName,
    BUCKET: bucket.bucketName,
    SECRET: secret.secretArn,
  };
  const made = (id: string) => fromHandlers(stack, id, 'keys', { environment });

  const able = made('Able');
  queue.grantSendMessages(able);
  queue.grantConsumeMessages(able);
  topic.grantPublish(able);
  table.grantReadWriteData(able);
  stream.grantWrite(able);
  bucket.grantReadWrite(able);
  secret.grantRead(able);
  secret.grantWrite(able);

  const keyless = made('Keyless');
  const mayAll = (fn: LambdaFunction) =>
    fn.addToRolePolicy(new PolicyStatement({ actions: SERVICES.map((service) => `${service}:*`), resources: ['*'] }));
  mayAll(keyless);

  const fenced = made('Fenced');
  mayAll(fenced);
  fenced.addToRolePolicy(
    new PolicyStatement({
      actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
      resources: [key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `s3.${stack.region}.amazonaws.com` } },
    }),
  );

  const bound = made('Bound');
  mayAll(bound);
  const ofOne = (actions: string[], name: string, arn: string) =>
    bound.addToRolePolicy(
      new PolicyStatement({
        actions,
        resources: [key.keyArn],
        conditions: { StringLike: { [`kms:EncryptionContext:${name}`]: arn } },
      }),
    );
  const dataKey = ['kms:GenerateDataKey', 'kms:Decrypt'];
  ofOne(dataKey, 'aws:sqs:arn', queue.queueArn);
  ofOne(dataKey, 'aws:s3:arn', bucket.arnForObjects('*'));
  ofOne(dataKey, 'aws:kinesis:arn', `${stream.streamArn}s`);

  // Neither the account nor a role of this app.
  const policy = new PolicyDocument({
    statements: [
      new PolicyStatement({ principals: [new ArnPrincipal('*')], actions: ['kms:Describe*'], resources: ['*'] }),
    ],
  });
  const shut = new Queue(stack, 'Shut', { encryptionMasterKey: new Key(stack, 'Closed', { policy }) });
  const unnamed = fromHandlers(stack, 'Unnamed', 'keys', { environment: { ...environment, QUEUE: shut.queueUrl } });
  mayAll(unnamed);
  unnamed.addToRolePolicy(new PolicyStatement({ actions: ['kms:*'], resources: ['*'] }));

  const reader = inline(stack, 'Reader', ECHO);
  mayAll(reader);
  new CfnEventSourceMapping(stack, 'Mapping', { functionName: reader.functionName, eventSourceArn: queue.queueArn });

  // CDK allows the function to send to its dead-letter queue, and not to use the key.
  const dead = new Queue(stack, 'Dead', { encryptionMasterKey: key });
  const code = 'exports.handler = async () => { throw new Error("no"); };';
  inline(stack, 'Failing', code, { functionName: 'failing', retryAttempts: 0, deadLetterQueue: dead });

  const definitionBody = DefinitionBody.fromString(
    JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Succeed' } } }),
  );
  const encryptionConfiguration = new CustomerManagedEncryptionConfiguration(key);
  const machine = (id: string, stateMachineName?: string, role?: IRole) =>
    new StateMachine(stack, id, {
      ...(stateMachineName && { stateMachineName }),
      definitionBody,
      encryptionConfiguration,
      ...(role && { role }),
    });
  machine('Sealed', 'sealed');
  // Of a machine without a name, CDK allows the role to use the key for one whose name is empty.
  machine('Unnamed machine');
  const keylessRole = new Role(stack, 'Machines', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
  machine('Locked', 'locked', Role.fromRoleArn(stack, 'Same', keylessRole.roleArn, { mutable: false }));

  const open = new Key(stack, 'Open');
  open.grantEncryptDecrypt(new ServicePrincipal(`logs.${stack.region}.amazonaws.com`));
  new LogGroup(stack, 'Told', { encryptionKey: open });
  new LogGroup(stack, 'Untold', { encryptionKey: key });
  new EventBus(stack, 'Bus', { kmsKey: open });
  new CfnEventBus(stack, 'Dumb', { name: 'dumb', kmsKeyIdentifier: key.keyArn });

  new CfnStateMachine(stack, 'Foreign machine', {
    roleArn: keylessRole.roleArn,
    definitionString: '{ "StartAt": "Done", "States": { "Done": { "Type": "Succeed" } } }',
    encryptionConfiguration: { type: 'CUSTOMER_MANAGED_KMS_KEY', kmsKeyId: FOREIGN },
  });
  new CfnQueue(stack, 'Foreign', { kmsMasterKeyId: FOREIGN });
}

beforeAll(async () => {
  const app = new App({ builtinCloudFormationValidation: false });
  build(new Stack(app, 'Shop', { env: { account: '123456789012', region: 'eu-west-1' } }));
  run = await running(app, { disorder: 0 });
});
afterAll(stopRuns);

const asked = (fn: string, ...calls: string[]) => run.invoke<Record<string, string>>(`Shop/${fn}`, { calls });

test('who has what CDK grants uses encrypted resources of every kind', async () => {
  const calls = ['putItem', 'getItem', 'send', 'receive', 'publish', 'putRecord', 'putObject', 'getObject'];
  const answers = await asked('Able', ...calls, 'headObject', 'copyPlainObject', 'getSecret');
  const encrypted = ['aws:kms', expect.stringContaining('arn:aws:kms:')];
  expect(answers).toEqual({
    ...Object.fromEntries(calls.map((name) => [name, 'ok'])),
    putObject: encrypted,
    getObject: encrypted,
    headObject: encrypted,
    copyPlainObject: expect.stringContaining('NoSuchKey'),
    getSecret: 'ok',
  });
});

test('refuses in each service’s words who may use a resource, and not its key', async () => {
  const writes = ['send', 'publish', 'putItem', 'putRecord', 'putObject', 'putSecret'];
  const answers = await asked('Keyless', ...writes, 'receive', 'getItem', 'getObject', 'getSecret', 'headObject');
  const refused = (error: string, action: string) =>
    expect.stringMatching(
      new RegExp(`^${error}: .*not authorized to perform: kms:${action} on resource: arn:aws:kms:`),
    );
  expect(answers).toEqual({
    send: refused('KmsAccessDenied', 'GenerateDataKey'),
    receive: refused('KmsAccessDenied', 'Decrypt'),
    publish: refused('KMSAccessDeniedException', 'GenerateDataKey'),
    putItem: refused('AccessDeniedException', 'Decrypt'),
    getItem: refused('AccessDeniedException', 'Decrypt'),
    putRecord: refused('KMSAccessDeniedException', 'GenerateDataKey'),
    putObject: refused('AccessDenied', 'GenerateDataKey'),
    getObject: refused('AccessDenied', 'Decrypt'),
    putSecret: refused('AccessDeniedException', 'GenerateDataKey'),
    getSecret: refused('AccessDeniedException', 'Decrypt'),
    headObject: ['aws:kms', expect.any(String)],
  });
});

test('an object has the key that it was written with', async () => {
  const answers = await asked('Keyless', 'putPlainObject', 'getPlainObject', 'copyPlainObject');
  expect(answers).toEqual({
    putPlainObject: ['AES256', null],
    getPlainObject: ['AES256', null],
    copyPlainObject: expect.stringContaining('kms:GenerateDataKey'),
  });
});

test('refuses a key that may be used through another service only', async () => {
  const answers = await asked('Fenced', 'putObject', 'getObject', 'send');
  expect(answers.send).toContain('kms:GenerateDataKey');
  expect(answers.getObject).toEqual(['aws:kms', expect.any(String)]);
});

test('a key is bound to one resource by the encryption context', async () => {
  const answers = await asked('Bound', 'send', 'putObject', 'getObject', 'putRecord');
  const encrypted = ['aws:kms', expect.any(String)];
  expect(answers).toEqual({
    send: 'ok',
    putObject: encrypted,
    getObject: encrypted,
    putRecord: expect.stringContaining('kms:GenerateDataKey'),
  });
});

test('refuses a role where the policy of the key names neither it nor the account', async () => {
  const { send } = await asked('Unnamed', 'send');
  expect(send).toContain('its policy names neither the account nor the role for kms:GenerateDataKey');
});

test('a mapping whose function may not use the key of its queue reads nothing, and says so', () => {
  expect(run.unsupported).toContainEqual({
    resource: 'Shop/Mapping',
    type: 'AWS::Lambda::EventSourceMapping',
    reason: expect.stringMatching(/^it does not run: .*kms:Decrypt/),
  });
});

test('a failed invocation does not reach a dead-letter queue whose key its function may not use', async () => {
  const lambda = run.client(LambdaClient);
  await lambda.send(new InvokeCommand({ FunctionName: 'failing', InvocationType: 'Event' }));
  await run.idle();
  expect(run.queue('Shop/Dead').depth().visible).toBe(0);
  expect(run.logs('Shop/Failing').map(({ message }) => message)).toContainEqual(
    expect.stringContaining('kms:GenerateDataKey'),
  );
});

test('refuses to start a machine whose role may not use its key, and lists it', async () => {
  await run.machine('Shop/Sealed').run({});
  expect(() => run.machine('Shop/Locked').start({})).toThrow('not authorized to perform: kms:GenerateDataKey');
  const start = new StartExecutionCommand({ stateMachineArn: run.machine('Shop/Locked').arn });
  await expect(run.client(SFNClient).send(start)).rejects.toMatchObject({ name: 'KmsAccessDeniedException' });
  const of = (resource: string) =>
    run.unsupported.filter((one) => one.resource === resource).map(({ reason }) => reason);
  for (const name of ['Locked', 'Unnamed machine'])
    expect(of(`Shop/${name}`)).toEqual([expect.stringContaining('its executions are not started: ')]);
  expect(of('Shop/Sealed')).toEqual([]);
});

test('lists buses and log groups whose key does not admit their service', () => {
  const ours = run.unsupported.filter(({ type }) => /EventBus|LogGroup/.test(type));
  const refused = (action: string, service: string) =>
    `the policy of its key Shop/Key does not allow ${action} to ${service}: AWS refuses to create it`;
  expect(ours.map(({ resource, reason }) => [resource, reason])).toEqual([
    ['Shop/Untold', refused('kms:Encrypt', 'logs.eu-west-1.amazonaws.com')],
    ['Shop/Dumb', refused('kms:DescribeKey', 'events.amazonaws.com')],
  ]);
});

test.each([
  ['Foreign', 'AWS::SQS::Queue'],
  ['Foreign machine', 'AWS::StepFunctions::StateMachine'],
])('lists a resource whose key is in no template: %s', (name, type) => {
  const reason = expect.stringContaining(`its key '${FOREIGN}' is in no template`);
  expect(run.unsupported).toContainEqual({ resource: `Shop/${name}`, type, reason });
});
