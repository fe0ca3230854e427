import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Duration, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AttributeType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { ArnPrincipal, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function, FunctionUrlAuthType, Runtime, StartingPosition, Tracing } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Bucket, EventType } from 'aws-cdk-lib/aws-s3';
import { SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { accessMatrix, type AccessMatrix } from '../../lib/access';
import { matrixText } from '../../lib/access/report/text';
import { readAssembly } from '../../lib/core/model';

let directory: string;
beforeEach(() => (directory = mkdtempSync(path.join(tmpdir(), 'lintel-matrix-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const app = () => new App({ outdir: directory, builtinCloudFormationValidation: false });
const code = Code.fromInline('exports.handler = async () => {};');
const handler = (scope: Construct, id: string, more = {}) =>
  new Function(scope, id, { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code, ...more });

function matrix(program: App): AccessMatrix {
  program.synth();
  return accessMatrix(readAssembly(directory));
}

const shown = (of: AccessMatrix) => matrixText(of, { width: 120, colour: false });
const lineOf = (of: AccessMatrix, name: string, resource: string) =>
  of.entries.filter((entry) => entry.principal.name === name && entry.resource === resource);

test('a system of stages, stacks and nested stacks as a whole', () => {
  const program = app();
  const stage = new Stage(program, 'Prod');
  const data = new Stack(stage, 'Data');
  const stream = StreamViewType.NEW_IMAGE;
  const orders = new Table(data, 'Orders', { partitionKey: { name: 'id', type: AttributeType.STRING }, stream });
  orders.addGlobalSecondaryIndex({ indexName: 'byDay', partitionKey: { name: 'day', type: AttributeType.STRING } });
  const shop = new Stack(stage, 'Shop');
  const inner = new NestedStack(shop, 'Inner');
  const place = handler(inner, 'Place', { tracing: Tracing.ACTIVE });
  orders.grantReadWriteData(place);
  new Secret(inner, 'Secret').grantRead(place);
  const project = handler(shop, 'Project');
  project.addEventSource(new DynamoEventSource(orders, { startingPosition: StartingPosition.LATEST }));
  const queue = new Queue(shop, 'Queue', { enforceSSL: true });
  place.addEventSource(new SqsEventSource(queue));
  new Topic(shop, 'Topic').addSubscription(new SqsSubscription(queue));
  new Bucket(shop, 'Files').addEventNotification(EventType.OBJECT_CREATED, new SqsDestination(queue));
  const bus = new EventBus(shop, 'Bus');
  bus.grantPutEventsTo(place);
  new Rule(shop, 'Rule', { eventBus: bus, eventPattern: { source: ['shop'] }, targets: [new SqsQueue(queue)] });
  new Rule(shop, 'Nightly', { schedule: Schedule.rate(Duration.days(1)), targets: [new LambdaFunction(project)] });
  new HttpApi(shop, 'Api').addRoutes({
    path: '/orders',
    methods: [HttpMethod.POST],
    integration: new HttpLambdaIntegration('Place', project),
  });
  const call = new LambdaInvoke(shop, 'Call', { lambdaFunction: project });
  new StateMachine(shop, 'Flow', { definitionBody: DefinitionBody.fromChainable(call) });
  project.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
  const found = matrix(program);
  expect(found.unknownActions).toEqual([]);
  expect(shown(found)).toMatchSnapshot();
});

test('a second synthesis of the same program gives the same matrix', () => {
  const make = () => {
    const program = app();
    const stack = new Stack(program, 'Shop');
    new Queue(stack, 'Queue').grantSendMessages(handler(stack, 'Place'));
    return matrix(program);
  };
  expect(make()).toEqual(make());
});

test('the policy of a resource in another account must allow it too', () => {
  const program = app();
  const near = new Stack(program, 'Near', { env: { account: '111111111111', region: 'eu-west-1' } });
  const far = new Stack(program, 'Far', { env: { account: '222222222222', region: 'eu-west-1' } });
  const place = handler(near, 'Place', { functionName: 'place' });
  const open = new Queue(far, 'Open', { queueName: 'open' });
  open.addToResourcePolicy(
    new PolicyStatement({
      actions: ['sqs:SendMessage'],
      resources: [open.queueArn],
      principals: [new ArnPrincipal('arn:aws:iam::111111111111:root')],
    }),
  );
  const closed = new Queue(far, 'Closed', { queueName: 'closed' });
  for (const name of ['open', 'closed']) {
    const resources = [`arn:aws:sqs:eu-west-1:222222222222:${name}`];
    place.addToRolePolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources }));
  }
  const found = matrix(program);
  expect(closed.node.path).toBe('Far/Closed');
  expect(lineOf(found, 'Near/Place', 'Far/Open')).toMatchObject([{ verdict: 'allowed' }]);
  expect(lineOf(found, 'Near/Place', 'Far/Closed')).toMatchObject([
    { verdict: 'conditional', conditions: ['the policy of the resource, in account 222222222222, allows it too'] },
  ]);
});

test('managed policies, boundaries and keys of CDK are read', () => {
  const program = app();
  const stack = new Stack(program, 'Shop');
  const boundary = new ManagedPolicy(stack, 'Boundary', {
    statements: [new PolicyStatement({ actions: ['kms:Decrypt', 'logs:*'], resources: ['*'] })],
  });
  const place = handler(stack, 'Place');
  place.role!.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('PowerUserAccess'));
  new Key(stack, 'Key').grantEncryptDecrypt(place);
  const { permissionsBoundary } = { permissionsBoundary: boundary };
  (place.role!.node.defaultChild as unknown as { permissionsBoundary: string }).permissionsBoundary =
    permissionsBoundary.managedPolicyArn;
  const found = matrix(program);
  expect(lineOf(found, 'Shop/Place', 'Shop/Key')).toMatchObject([{ verdict: 'allowed', actions: ['kms:Decrypt'] }]);
  const [rest] = lineOf(found, 'Shop/Place', '*');
  expect(rest).toMatchObject({ verdict: 'allowed', actions: ['kms:Decrypt', 'logs:*'] });
});
