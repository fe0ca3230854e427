import { CreateScheduleCommand, type CreateScheduleCommandInput, SchedulerClient } from '@aws-sdk/client-scheduler';
import { GetDurableExecutionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  GetActivityTaskCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { App, Duration, Stack, Tags } from 'aws-cdk-lib';
import { Archive, CfnArchive, CfnConnection, EventBus } from 'aws-cdk-lib/aws-events';
import { ArnPrincipal, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import {
  Activity,
  CustomerManagedEncryptionConfiguration,
  DefinitionBody,
  Pass,
  StateMachine,
} from 'aws-cdk-lib/aws-stepfunctions';
import { StepFunctionsInvokeActivity } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { LocalRun } from 'lintel/testing';
import { inline, running, stopRuns } from '../support';

let run: LocalRun;

const CHECKPOINT = `
const { CheckpointDurableExecutionCommand: Checkpoint, LambdaClient } = require('@aws-sdk/client-lambda');
exports.handler = async ({ DurableExecutionArn, CheckpointToken }) => {
  await new LambdaClient({ maxAttempts: 1 }).send(new Checkpoint({ DurableExecutionArn, CheckpointToken, Updates: [] }));
  return { Status: 'SUCCEEDED', Result: '1' };
};`;
const KEY_USE = ['kms:GenerateDataKey', 'kms:Decrypt'];

function build(stack: Stack): void {
  const key = (id: string) => new Key(stack, id);
  const roleFor = (id: string, service: string) =>
    new Role(stack, id, { assumedBy: new ServicePrincipal(`${service}.amazonaws.com`) });
  const allow = (to: Key, principal: ArnPrincipal | ServicePrincipal, actions: string[], conditions = {}) =>
    to.addToResourcePolicy(new PolicyStatement({ principals: [principal], actions, resources: ['*'], conditions }));
  const context = (name: string, value: string) => ({ StringEquals: { [`kms:EncryptionContext:${name}`]: value } });
  const own = (service: string, resource: string) => `arn:aws:${service}:${stack.region}:${stack.account}:${resource}`;

  // Archives: CDK's allows EventBridge, a plain one does not.
  const bus = new EventBus(stack, 'Bus');
  const closed = new Key(stack, 'Closed', { alias: 'closed' });
  new Archive(stack, 'Kept', { sourceEventBus: bus, kmsKey: key('Archives'), eventPattern: { source: ['shop'] } });
  new CfnArchive(stack, 'Lost', { sourceArn: bus.eventBusArn, kmsKeyIdentifier: closed.keyArn });

  // Schedules.
  const queue = new Queue(stack, 'Jobs');
  const schedule = (name: string, role: Role) => {
    queue.grantSendMessages(role);
    new CfnSchedule(stack, name, {
      name,
      flexibleTimeWindow: { mode: 'OFF' },
      scheduleExpression: 'rate(1 hour)',
      kmsKeyArn: closed.keyArn,
      target: { arn: queue.queueArn, roleArn: role.roleArn, input: '{}' },
    });
  };
  const able = roleFor('AbleScheduler', 'scheduler');
  able.addToPolicy(
    new PolicyStatement({
      actions: ['kms:Decrypt'],
      resources: [closed.keyArn],
      conditions: context('aws:scheduler:schedule:arn', own('scheduler', 'schedule/default/nightly')),
    }),
  );
  schedule('nightly', able);
  schedule('hourly', able);

  // Pipes, with the encryption context as CDK writes it, as AWS's text has it, and without a permission.
  const pipe = (id: string, name?: string) => {
    const role = roleFor(`${id}Role`, 'pipes');
    const [source, target] = [new Queue(stack, `${id}In`), new Queue(stack, `${id}Out`)];
    source.grantConsumeMessages(role);
    target.grantSendMessages(role);
    const pipeKey = key(`${id}Key`);
    if (name !== undefined)
      allow(pipeKey, new ArnPrincipal(role.roleArn), ['kms:DescribeKey', ...KEY_USE], {
        ArnLike: { [`kms:EncryptionContext:${name}`]: own('pipes', `pipe/${id}`) },
        'ForAnyValue:StringEquals': { 'kms:EncryptionContextKeys': [name] },
      });
    new CfnPipe(stack, id, {
      name: id,
      roleArn: role.roleArn,
      source: source.queueArn,
      target: target.queueArn,
      kmsKeyIdentifier: pipeKey.keyArn,
    });
  };
  pipe('Open', 'aws:pipe:arn');
  pipe('Unclear', 'aws:pipes:arn');
  pipe('Shut');

  // State machines and activities.
  const secret = new CustomerManagedEncryptionConfiguration(closed);
  const activity = new Activity(stack, 'Pack', { activityName: 'Pack', encryptionConfiguration: secret });
  const machine = (id: string, encrypted = {}) =>
    new StateMachine(stack, id, {
      stateMachineName: id,
      definitionBody: DefinitionBody.fromChainable(new StepFunctionsInvokeActivity(stack, `${id} task`, { activity })),
      ...encrypted,
    });
  machine('Packing');
  const keyless = machine('Keyless').node.findChild('Role').node.tryFindChild('DefaultPolicy');
  keyless?.node.tryRemoveChild('Resource');
  const narrow = roleFor('Narrow', 'states');
  narrow.addToPolicy(
    new PolicyStatement({
      actions: KEY_USE,
      resources: [closed.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `states.${stack.region}.amazonaws.com` } },
    }),
  );
  const definitionBody = DefinitionBody.fromChainable(new Pass(stack, 'Done'));
  new StateMachine(stack, 'Sealed', { stateMachineName: 'Sealed', definitionBody, encryptionConfiguration: secret });
  new StateMachine(stack, 'Via', {
    stateMachineName: 'Via',
    definitionBody: DefinitionBody.fromChainable(new Pass(stack, 'Over')),
    encryptionConfiguration: secret,
    role: Role.fromRoleArn(stack, 'SameNarrow', narrow.roleArn, { mutable: false }),
  });

  // Durable functions.
  const durable = (name: string, admits: { readonly service: boolean; readonly role: boolean }): LambdaFunction => {
    const fn = inline(stack, name, CHECKPOINT, {
      functionName: name,
      durableConfig: { executionTimeout: Duration.minutes(5) },
    });
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: ['lambda:CheckpointDurableExecution'],
        resources: [own('lambda', `function:${name}:*`)],
      }),
    );
    const durableKey = key(`${name}Key`);
    const of = { 'kms:EncryptionContext:aws:lambda:FunctionArn': own('lambda', `function:${name}`) };
    if (admits.service)
      allow(durableKey, new ServicePrincipal('lambda.amazonaws.com'), KEY_USE, {
        StringEquals: { ...of, 'aws:SourceArn': own('lambda', `function:${name}`) },
      });
    if (admits.role)
      allow(durableKey, new ArnPrincipal(fn.role!.roleArn), ['kms:Decrypt'], {
        StringEquals: { ...of, 'kms:ViaService': `lambda.${stack.region}.amazonaws.com` },
      });
    (fn.node.defaultChild as CfnFunction).addPropertyOverride('DurableConfig.KMSKeyArn', durableKey.keyArn);
    return fn;
  };
  durable('whole', { service: true, role: true });
  durable('roleless', { service: true, role: false });
  durable('serviceless', { service: false, role: true });

  const stranger = inline(stack, 'Stranger', 'exports.handler = async () => 1;');
  const actions = ['states:*', 'lambda:*', 'scheduler:*', 'iam:PassRole'];
  stranger.addToRolePolicy(new PolicyStatement({ actions, resources: ['*'] }));

  // Keys that are not judged, and those of connections.
  inline(stack, 'Secretive', 'exports.handler = async () => 1;', { environmentEncryption: closed });
  const tagged = key('Tagged');
  Tags.of(tagged).add('EventBridgeApiDestinations', 'true');
  const authParameters = { apiKeyAuthParameters: { apiKeyName: 'x', apiKeyValue: 'y' } };
  for (const [id, one] of Object.entries({ Plain: closed, Labelled: tagged }))
    new CfnConnection(stack, id, { authorizationType: 'API_KEY', authParameters, kmsKeyIdentifier: one.keyArn });
}

beforeAll(async () => {
  const app = new App({ builtinCloudFormationValidation: false });
  build(new Stack(app, 'Shop', { env: { account: '123456789012', region: 'eu-west-1' } }));
  run = await running(app, { disorder: 0, timeScale: 100 });
});
afterAll(stopRuns);

const reasons = (resource: string) =>
  run.unsupported.filter((one) => one.resource === `Shop/${resource}`).map(({ reason }) => reason);

test('an archive’s key must allow EventBridge to use it for the bus', () => {
  expect(reasons('Kept')).toEqual([]);
  expect(reasons('Lost')).toEqual([
    'the policy of its key Shop/Closed does not allow kms:DescribeKey to events.amazonaws.com: AWS refuses to create it',
  ]);
});

test('a schedule’s role must be allowed to decrypt its input, for this schedule', async () => {
  expect(reasons('nightly')).toEqual([]);
  await run.fire('Shop/nightly');
  await run.idle();
  expect(run.queue('Shop/Jobs').depth().visible).toBe(1);
  expect(reasons('hourly')).toEqual([expect.stringMatching(/^it cannot run: .*kms:Decrypt/)]);
  await expect(run.fire('Shop/hourly')).rejects.toThrow('not authorized to perform: kms:Decrypt');
});

test('a pipe’s role must be allowed to use its key; where AWS’s pages contradict each other, that is said', () => {
  expect(reasons('Open')).toEqual([]);
  expect(reasons('Unclear')).toEqual([
    expect.stringContaining("its encryption context both 'aws:pipe:arn' and 'aws:pipes:arn'"),
  ]);
  expect(reasons('Shut')).toEqual([expect.stringMatching(/^it does not run: .*kms:DescribeKey/)]);
});

test('a machine hands tasks to an encrypted activity only if its role may use the activity’s key', async () => {
  expect(reasons('Packing')).toEqual([]);
  expect(reasons('Keyless')).toEqual([expect.stringMatching(/^its state 'Keyless task' fails: .*kms:GenerateDataKey/)]);
  await expect(run.machine('Shop/Keyless').run({})).rejects.toThrow('States.Runtime');
  const activityArn = 'arn:aws:states:eu-west-1:123456789012:activity:Pack';
  const poll = run.client(SFNClient, 'Shop/Stranger').send(new GetActivityTaskCommand({ activityArn }));
  await expect(poll).rejects.toMatchObject({ name: 'KmsAccessDeniedException' });
});

test('refuses a machine’s role whose permission asks for Step Functions as the caller: the role itself calls KMS', () => {
  expect(reasons('Sealed')).toEqual([]);
  expect(reasons('Via')).toEqual([expect.stringContaining('kms:GenerateDataKey')]);
});

test('what is encrypted with a machine’s key is read by those who may decrypt it; metadata by anyone', async () => {
  const execution = run.machine('Shop/Sealed').start({ card: 1 });
  await execution.succeeded();
  const sfn = run.client(SFNClient, 'Shop/Stranger');
  const described = new DescribeExecutionCommand({ executionArn: execution.arn });
  await expect(sfn.send(described)).rejects.toMatchObject({ name: 'KmsAccessDeniedException' });
  expect((await run.client(SFNClient).send(described)).input).toBe('{"card":1}');
  const metadata = { includedData: 'METADATA_ONLY' } as const;
  const shape = await sfn.send(new DescribeExecutionCommand({ executionArn: execution.arn, ...metadata }));
  expect(shape).toMatchObject({ status: 'SUCCEEDED' });
  expect(shape.input).toBeUndefined();
  const stateMachineArn = run.machine('Shop/Sealed').arn;
  const machine = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn, ...metadata }));
  expect(machine.definition).toBe('{}');
});

const invoke = (name: string) =>
  run.client(LambdaClient).send(new InvokeCommand({ FunctionName: name, Qualifier: '$LATEST' }));

test('a durable function runs if Lambda may use its key, and its role decrypt with it', async () => {
  expect(reasons('whole')).toEqual([]);
  const { Payload, DurableExecutionArn } = await invoke('whole');
  expect(Buffer.from(Payload!).toString()).toBe('1');
  const read = (data: boolean) => new GetDurableExecutionCommand({ DurableExecutionArn, IncludeExecutionData: data });
  const stranger = run.client(LambdaClient, 'Shop/Stranger');
  await expect(stranger.send(read(true))).rejects.toMatchObject({ name: 'KMSAccessDeniedException' });
  expect(await stranger.send(read(false))).toMatchObject({ Status: 'SUCCEEDED', ExecutionDataIncluded: false });
});

test('a durable execution whose role may not decrypt fails at its first checkpoint', async () => {
  expect(reasons('roleless')).toEqual([expect.stringMatching(/^its durable executions fail: .*kms:Decrypt/)]);
  const { FunctionError, Payload } = await invoke('roleless');
  expect(FunctionError).toBe('Unhandled');
  expect(JSON.parse(Buffer.from(Payload!).toString())).toMatchObject({ errorType: 'KMSAccessDeniedException' });
});

test('refuses to invoke a durable function whose key does not admit Lambda', async () => {
  expect(reasons('serviceless')).toEqual([
    'the policy of its key Shop/servicelessKey does not allow kms:GenerateDataKey to lambda.amazonaws.com: AWS refuses its durable executions',
  ]);
  const lambda = run.client(LambdaClient);
  const command = new InvokeCommand({ FunctionName: 'serviceless', Qualifier: '$LATEST' });
  await expect(lambda.send(command)).rejects.toMatchObject({ name: 'KMSAccessDeniedException' });
});

test('refuses a schedule with a key that its creator may not use', async () => {
  const input: CreateScheduleCommandInput = {
    Name: 'mine',
    ScheduleExpression: 'rate(1 hour)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    KmsKeyArn: 'arn:aws:kms:eu-west-1:123456789012:alias/closed',
    Target: { Arn: 'arn:aws:sqs:eu-west-1:123456789012:x', RoleArn: 'arn:aws:iam::123456789012:role/x', Input: '{}' },
  };
  const created = run.client(SchedulerClient, 'Shop/Stranger').send(new CreateScheduleCommand(input));
  await expect(created).rejects.toMatchObject({ message: expect.stringContaining('kms:DescribeKey') });
});

test('lists the keys that are not judged, and those of connections that lack the tag', () => {
  expect(reasons('Secretive')).toEqual([expect.stringMatching(/^whether Lambda may use its key '.*' is not checked$/)]);
  expect(reasons('Plain')).toEqual([expect.stringContaining("lacks the tag 'EventBridgeApiDestinations: true'")]);
  expect(reasons('Labelled')).toEqual([]);
});
