import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AttributeType, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Stream, StreamEncryption } from 'aws-cdk-lib/aws-kinesis';
import { Key } from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  EventHub,
  EventStore,
  FileProcessor,
  QueueWorker,
  Saga,
  ScheduledJob,
  ServerlessApi,
  ServiceFunction,
  StreamProcessor,
  WebhookReceiver,
  WorkQueue,
} from 'lintel/aws';

const code = lambda.Code.fromInline('exports.handler = async () => {}');
const MAPPING = 'AWS::Lambda::EventSourceMapping';

type Make = (stack: Stack, handler: lambda.Function) => void;

/** Two stacks: what is made is in `Data`, and its handler in `Code`. */
function twoStacks(make: Make, warm?: number) {
  const app = new App({ builtinCloudFormationValidation: false });
  const data = new Stack(app, 'Data');
  const functions = new Stack(app, 'Code');
  const handler = new ServiceFunction(functions, 'Worker', { code, warm, onFailure: 'none' });
  make(data, handler);
  app.synth();
  const [Data, Code] = [data, functions].map((stack) => Template.fromStack(stack)) as [Template, Template];
  return {
    Data,
    Code,
    dependsOn: [data.dependencies, functions.dependencies].map((all) => all.map(({ node }) => node.id)),
  };
}

const READERS: Record<string, Make> = {
  'a worker': (stack, handler) => new QueueWorker(stack, 'Ingest', { handler, alarmTopic: new Topic(stack, 'Pager') }),
  'a worker on a queue of the team': (stack, handler) => {
    const queue = new WorkQueue(stack, 'Jobs', { consumer: handler, encryptionMasterKey: new Key(stack, 'Key') });
    new QueueWorker(stack, 'Ingest', { handler, queue });
  },
  'a stream': (stack, handler) => new StreamProcessor(stack, 'Clicks', { handler }),
  'an encrypted stream, with a bucket for failures': (stack, handler) => {
    const source = new Stream(stack, 'Source', { encryption: StreamEncryption.KMS });
    new StreamProcessor(stack, 'Clicks', { handler, source, failures: new Bucket(stack, 'Failed') });
  },
  "a table's stream": (stack, handler) => {
    const source = new TableV2(stack, 'Table', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      dynamoStream: StreamViewType.NEW_IMAGE,
    });
    new StreamProcessor(stack, 'Changes', { handler, source });
  },
  'files that make others': (stack, handler) =>
    new FileProcessor(stack, 'Imports', { handler, prefix: 'in/', outputPrefix: 'out/' }),
};

describe.each(Object.entries(READERS))('%s', (_, make) => {
  test.each([
    ['a function', undefined],
    ['a function with a warm alias', 1],
  ])('is read by %s of another stack, which alone depends on the other', (__, warm) => {
    const { Data, Code, dependsOn } = twoStacks(make, warm);
    expect(dependsOn).toEqual([[], ['Data']]);
    Data.resourceCountIs(MAPPING, 0);
    Code.resourceCountIs(MAPPING, 1);
    // The handler's alarms are beside it, those of the queue are where the queue is.
    const alarmed = (template: Template) =>
      Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) =>
        JSON.stringify(Properties),
      );
    expect(alarmed(Data).filter((alarm) => alarm.includes('AWS/Lambda'))).toEqual([]);
    expect(alarmed(Code).filter((alarm) => alarm.includes('AWS/SQS'))).toEqual([]);
    expect(alarmed(Code).length).toBeGreaterThanOrEqual(3);
  });
});

test('two patterns of one id may have one handler', () => {
  const app = new App({ builtinCloudFormationValidation: false });
  const handler = new ServiceFunction(new Stack(app, 'Code'), 'Worker', { code });
  for (const name of ['Eu', 'Us']) new QueueWorker(new Stack(app, name), 'Ingest', { handler });
  app.synth();
  Template.fromStack(Stack.of(handler)).resourceCountIs(MAPPING, 2);
});

const CALLERS: Record<string, Make> = {
  'a schedule': (stack, handler) => new ScheduledJob(stack, 'Nightly', { handler, schedule: 'rate(1 day)' }),
  'an HTTP API': (stack, handler) =>
    new ServerlessApi(stack, 'Api', { authorizer: 'iam', routes: { 'GET /orders': handler } }),
  'a REST API': (stack, handler) =>
    new ServerlessApi(stack, 'Api', { kind: 'rest', authorizer: 'iam', routes: { 'GET /orders': handler } }),
  'a saga': (stack, handler) =>
    new Saga(stack, 'Order', { steps: [{ name: 'Charge', action: handler, compensation: handler }] }),
};

test.each(Object.entries(CALLERS))('%s calls a function of another stack, on which it alone depends', (_, make) => {
  expect(twoStacks(make).dependsOn).toEqual([['Code'], []]);
});

describe('functions that the app does not make, or does not call by themselves', () => {
  const makes: Record<string, (stack: Stack, handler: lambda.IFunction) => unknown> = {
    QueueWorker: (stack, handler) => new QueueWorker(stack, 'Ingest', { handler }),
    StreamProcessor: (stack, handler) => new StreamProcessor(stack, 'Clicks', { handler }),
    FileProcessor: (stack, handler) => new FileProcessor(stack, 'Imports', { handler }),
  };
  const inStack = (make: (stack: Stack) => unknown) => {
    const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Shop');
    make(stack);
    return Template.fromStack(stack);
  };
  const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:111111111111:function:worker';
  const imported = (stack: Stack) =>
    lambda.Function.fromFunctionAttributes(stack, 'Worker', {
      functionArn: FUNCTION_ARN,
      role: Role.fromRoleArn(stack, 'WorkerRole', 'arn:aws:iam::111111111111:role/worker'),
      sameEnvironment: true,
    });

  test.each(Object.entries(makes))(
    '%s calls an imported function, and gives its role what reading needs',
    (_, make) => {
      const template = inStack((stack) => make(stack, imported(stack)));
      template.hasResourceProperties(MAPPING, { FunctionName: 'worker' });
      const policies = Object.values(template.findResources('AWS::IAM::Policy')).map(({ Properties }) => Properties);
      expect(policies).toEqual([expect.objectContaining({ Roles: ['worker'] })]);
      const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map((found) => found.Properties);
      expect(JSON.stringify(alarms)).toContain('"Name":"FunctionName","Value":"worker"');
    },
  );

  test.each(Object.entries(makes))('%s calls an alias, and watches its function', (_, make) => {
    const template = inStack((stack) => {
      const fn = new ServiceFunction(stack, 'Worker', { code, timeout: Duration.seconds(20), onFailure: 'none' });
      make(stack, fn.addAlias('blue'));
    });
    expect(JSON.stringify(template.findResources(MAPPING))).toMatch(/"FunctionName":.*:blue/);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'Duration', Threshold: 16_000 });
  });

  test("a message stays hidden for 6 x the alias's timeout, and as for the longest where nobody knows it", () => {
    const hidden = (make: (stack: Stack) => lambda.IFunction) =>
      Object.values(
        inStack((stack) => new QueueWorker(stack, 'Ingest', { handler: make(stack) })).findResources(
          'AWS::SQS::Queue',
          {
            Properties: { RedrivePolicy: {} },
          },
        ),
      )[0]!.Properties.VisibilityTimeout;
    const fn = (stack: Stack) => new ServiceFunction(stack, 'Worker', { code, timeout: Duration.seconds(20) });
    expect(hidden((stack) => fn(stack).addAlias('blue'))).toBe(120);
    expect(hidden((stack) => fn(stack).currentVersion)).toBe(120);
    expect(hidden(imported)).toBe(6 * 900);
  });

  const others: Record<string, readonly [string, (stack: Stack, handler: never) => unknown]> = {
    ScheduledJob: ['handler', (stack, handler) => new ScheduledJob(stack, 'P', { handler, schedule: 'rate(1 day)' })],
    subscribe: ['handler', (stack, handler) => new EventHub(stack, 'P').subscribe('S', { handler, types: ['Placed'] })],
    WebhookReceiver: [
      'handler',
      (stack, handler) =>
        new WebhookReceiver(stack, 'P', {
          handler,
          verify: 'before-queue',
          signature: { preset: 'stripe', secret: new Secret(stack, 'Secret') },
        }),
    ],
    ServerlessApi: [
      'routes.GET /orders',
      (stack, handler) => new ServerlessApi(stack, 'P', { authorizer: 'iam', routes: { 'GET /orders': handler } }),
    ],
    'ServerlessApi, as authorizer,': [
      'authorizer',
      (stack, authorizer) => new ServerlessApi(stack, 'P', { authorizer, routes: { 'GET /orders': { code } } }),
    ],
    Saga: ['steps.0.action', (stack, action) => new Saga(stack, 'P', { steps: [{ name: 'Charge', action }] })],
    project: ['handler', (stack, handler) => new EventStore(stack, 'P').project('V', { handler })],
  };

  test.each(Object.entries(others))(
    '%s refuses an alias, a version and an imported function, each with its remedy',
    (_, [prop, make]) => {
      const worker = (stack: Stack) => new ServiceFunction(stack, 'Worker', { code });
      const refused = (handler: (stack: Stack) => lambda.IFunction) =>
        expect(() => inStack((stack) => make(stack, handler(stack) as never))).toThrow;
      const itself = new RegExp(
        `'${prop}' must be .* a function.*; pass the function itself; one with 'warm' is invoked through its alias`,
      );
      refused((stack) => worker(stack).addAlias('blue'))(itself);
      refused((stack) => worker(stack).currentVersion)(itself);
      refused(imported)(
        new RegExp(`'${prop}' must be .*; pass a function that this app makes, or the path of a handler that invokes`),
      );
    },
  );

  test.each(Object.entries(makes))('%s refuses an imported function without a role', (_, make) => {
    const without = (stack: Stack) => lambda.Function.fromFunctionArn(stack, 'Worker', FUNCTION_ARN);
    expect(() => inStack((stack) => make(stack, without(stack)))).toThrow(
      "'handler' must have a role, which gets permission to read the source, got 'Shop/Worker'; import it with Function.fromFunctionAttributes",
    );
  });
});
